namespace SlimSpec.Tales.Tests;

/// <summary>Replays what happened in a story without the generator's world, and answers questions from it.</summary>
internal sealed class Replay
{
    private readonly IReadOnlyList<Happening> _history;
    private readonly Dictionary<Person, Place> _at = [];
    private readonly Dictionary<Thing, object> _where = [];
    private readonly Dictionary<Thing, Person> _owner = [];
    private readonly HashSet<Thing> _broken = [];
    private readonly HashSet<Spot> _locked = [];

    internal Replay(IReadOnlyList<Happening> history)
    {
        _history = history;
        foreach (var happening in history)
        {
            Apply(happening);
        }
    }

    /// <summary>Everything that could not have happened as told.</summary>
    internal List<string> Contradictions { get; } = [];

    /// <summary>The words that a right answer must hold, found without the question's own answer.</summary>
    internal string Answer(Question question)
    {
        var (who, what) = (question.Who, question.What!);
        return question.Asks switch
        {
            Asks.HolderAtEnd => ((Person)_where[what]).Name,
            Asks.SpotAtEnd => ((Spot)_where[what]).Noun,
            Asks.HidingPlace => Single<Hid>(e => e.Who == who && e.What == what).To.Noun,
            Asks.FindingPlace => Single<Found>(e => e.Who == who && e.What == what).From.Noun,
            Asks.Finder => Single<Found>(e => e.What == what).Who.Name,
            Asks.Breaker => Single<Broke>(e => e.What == what).By.Name,
            Asks.Mender => Single<Mended>(e => e.What == what).By.Name,
            Asks.Eater => _history.OfType<Ate>().Single(e => e.What == what).By.Name,
            Asks.Giver => Single<Gave>(e => e.To == who && e.What == what).From.Name,
            Asks.Receiver => Single<Gave>(e => e.From == who && e.What == what).To.Name,
            Asks.Bringer => Single<Delivered>(e => e.To == who && e.What == what).By.Name,
            Asks.Lender => Single<Lent>(e => e.To == who && e.What == what).From.Name,
            Asks.Price => Single<Swapped>(e => e.A == who && e.ThingOfA == what).ThingOfB.Kind.Noun,
            Asks.Owner => _owner[what].Name,
            Asks.Color => what.Description.Split(' ').First(word => word == what.Color),
            Asks.FeelingAtEnd => _history.OfType<Felt>().Last(e => e.Who == who).Feeling,
            Asks.FirstJourney => _history.OfType<Went>().First(e => e.Who == who).Where.Noun,
            Asks.LastJourney => _history.OfType<Went>().Last(e => e.Who == who).Where.Noun,
            _ => throw new ArgumentOutOfRangeException(nameof(question)),
        };
    }

    // A question must have one answer among what the reader was told.
    private T Single<T>(Func<T, bool> isIt)
        where T : Happening => _history.OfType<T>().Single(e => e.Told && isIt(e));

    private void Apply(Happening happening)
    {
        switch (happening)
        {
            case Starts e: _at[e.Who] = e.Where; break;
            case Owns e: _owner[e.What] = e.Who; break;
            case Holds e: _where[e.What] = e.Who; break;
            case Lies e: _where[e.What] = e.Where; break;
            case Locked e: _locked.Add(e.What); break;
            case Went e: Check(_at[e.Who] != e.Where, e); _at[e.Who] = e.Where; break;
            case Took e: PickUp(e.Who, e.What, e.From, e); break;
            case Found e: PickUp(e.Who, e.What, e.From, e); break;
            case Missed e: Check(_where[e.What] != (object)e.Where && _at[e.Who] == e.Where.Place, e); break;
            case Put e: LayDown(e.Who, e.What, e.To, e); break;
            case Hid e: LayDown(e.Who, e.What, e.To, e); break;
            case Lost e: LayDown(e.Who, e.What, e.To, e); break;
            case Blew e: _where[e.What] = e.To; break;
            case Gave e: Hand(e.From, e.To, e.What, e); _owner[e.What] = e.To; break;
            case Delivered e: Hand(e.By, e.To, e.What, e); _owner[e.What] = e.To; break;
            case Lent e: Check(_owner[e.What] == e.From, e); Hand(e.From, e.To, e.What, e); break;
            case Passed e: Hand(e.From, e.To, e.What, e); break;
            case Returned e: Check(_owner[e.What] == e.To, e); Hand(e.From, e.To, e.What, e); break;
            case Swapped e:
                Hand(e.A, e.B, e.ThingOfA, e);
                Hand(e.B, e.A, e.ThingOfB, e);
                (_owner[e.ThingOfA], _owner[e.ThingOfB]) = (e.B, e.A);
                break;
            case Broke e: Check(_where[e.What] == (object)e.By && _broken.Add(e.What), e); break;
            case Mended e: Check(_where[e.What] == (object)e.By && _broken.Remove(e.What), e); break;
            case Ate e: Check(_where.Remove(e.What, out var from) && (from == (object)e.By || (from is Spot spot && spot.Place == _at[e.By])), e); break;
            case Made e: Check(e.From.All(part => _where.Remove(part, out var holder) && holder == (object)e.By), e); _where[e.What] = e.By; break;
            case Unlocked e: Check(_where[e.Key] == (object)e.By && _at[e.By] == e.What.Place && _locked.Remove(e.What), e); break;
            case Spoke e: Check(_at[e.From] == _at[e.To], e); break;
            case Felt or Confirmed: break;
            default: Contradictions.Add($"unknown: {happening}"); break;
        }
    }

    private void Check(bool possible, Happening happening)
    {
        if (!possible)
        {
            Contradictions.Add(happening.ToString());
        }
    }

    private void PickUp(Person who, Thing what, Spot from, Happening e)
    {
        Check(_where[what] == (object)from && _at[who] == from.Place && !_locked.Contains(from), e);
        _where[what] = who;
    }

    private void LayDown(Person who, Thing what, Spot to, Happening e)
    {
        Check(_where[what] == (object)who && _at[who] == to.Place, e);
        _where[what] = to;
    }

    private void Hand(Person from, Person to, Thing what, Happening e)
    {
        Check(_where[what] == (object)from && _at[from] == _at[to], e);
        _where[what] = to;
    }
}
