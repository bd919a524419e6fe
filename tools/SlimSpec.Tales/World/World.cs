namespace SlimSpec.Tales;

/// <summary>The state of a small world. What cannot happen in it is refused, so no story can tell it.</summary>
public sealed class World
{
    private readonly Dictionary<Person, Place> _places = [];
    private readonly Dictionary<Thing, Spot> _lying = [];
    private readonly Dictionary<Thing, Person> _held = [];
    private readonly Dictionary<Thing, Person> _owners = [];
    private readonly Dictionary<Spot, Thing> _locks = [];
    private readonly HashSet<Thing> _broken = [];
    private readonly List<Happening> _history = [];

    /// <summary>All that happened, in order.</summary>
    public IReadOnlyList<Happening> History => _history;

    /// <summary>Everybody in the world so far.</summary>
    public IEnumerable<Person> People => _places.Keys;

    /// <summary>Where a person is.</summary>
    public Place PlaceOf(Person who) => _places[who];

    /// <summary>Where a thing lies, or null when it is held or gone.</summary>
    public Spot? SpotOf(Thing what) => _lying.GetValueOrDefault(what);

    /// <summary>Who holds a thing, or null.</summary>
    public Person? HolderOf(Thing what) => _held.GetValueOrDefault(what);

    /// <summary>Whose a thing is, or null.</summary>
    public Person? OwnerOf(Thing what) => _owners.GetValueOrDefault(what);

    /// <summary>Whether the world has this person yet.</summary>
    public bool Has(Person who) => _places.ContainsKey(who);

    /// <summary>Makes it so.</summary>
    /// <exception cref="InvalidOperationException">It cannot happen in this state.</exception>
    public void Apply(Happening happening)
    {
        switch (happening)
        {
            case Starts e: Require(!Has(e.Who), e); _places[e.Who] = e.Where; break;
            case Holds e: Require(Has(e.Who) && IsNew(e.What), e); _held[e.What] = e.Who; break;
            case Lies e: Require(IsNew(e.What), e); _lying[e.What] = e.Where; break;
            case Owns e: Require(!_owners.ContainsKey(e.What), e); _owners[e.What] = e.Who; break;
            case Locked e: Require(!_locks.ContainsKey(e.What), e); _locks[e.What] = e.Key; break;
            case Went e: Require(Has(e.Who) && PlaceOf(e.Who) != e.Where, e); _places[e.Who] = e.Where; break;
            case Took e: PickUp(e.Who, e.What, e.From, e); break;
            case Found e: PickUp(e.Who, e.What, e.From, e); break;
            case Missed e: Require(Reaches(e.Who, e.Where) && SpotOf(e.What) != e.Where, e); break;
            case Put e: LayDown(e.Who, e.What, e.To, e); break;
            case Hid e: LayDown(e.Who, e.What, e.To, e); break;
            case Lost e: LayDown(e.Who, e.What, e.To, e); break;
            case Blew e: Require(!IsNew(e.What), e); _held.Remove(e.What); _lying[e.What] = e.To; break;
            case Gave e: Hand(e.From, e.To, e.What, e); _owners[e.What] = e.To; break;
            case Lent e: Require(OwnerOf(e.What) == e.From, e); Hand(e.From, e.To, e.What, e); break;
            case Passed e: Hand(e.From, e.To, e.What, e); break;
            case Delivered e: Hand(e.By, e.To, e.What, e); _owners[e.What] = e.To; break;
            case Returned e: Require(OwnerOf(e.What) == e.To, e); Hand(e.From, e.To, e.What, e); break;
            case Swapped e:
                Hand(e.A, e.B, e.ThingOfA, e);
                Hand(e.B, e.A, e.ThingOfB, e);
                (_owners[e.ThingOfA], _owners[e.ThingOfB]) = (e.B, e.A);
                break;
            case Broke e: Require(HolderOf(e.What) == e.By && _broken.Add(e.What), e); break;
            case Mended e: Require(HolderOf(e.What) == e.By && _broken.Remove(e.What), e); break;
            case Ate e: Eat(e); break;
            case Made e: Make(e); break;
            case Unlocked e: Require(HolderOf(e.Key) == e.By && Reaches(e.By, e.What, e.Key) && _locks.Remove(e.What), e); break;
            case Felt: break;
            case Confirmed e: Require(_history.OfType<Ate>().Any(ate => ate.By == e.By && ate.What == e.What), e); break;
            case Spoke e: Require(PlaceOf(e.From) == PlaceOf(e.To), e); break;
            default: throw new InvalidOperationException($"The world does not know how {happening} happens.");
        }

        _history.Add(happening);
    }

    private static void Require(bool possible, Happening happening)
    {
        if (!possible)
        {
            throw new InvalidOperationException($"This cannot happen now: {happening}.");
        }
    }

    private bool IsNew(Thing what) => !_held.ContainsKey(what) && !_lying.ContainsKey(what);

    private bool Reaches(Person who, Spot spot, Thing? key = null) =>
        PlaceOf(who) == spot.Place && _locks.GetValueOrDefault(spot) == key;

    private void PickUp(Person who, Thing what, Spot from, Happening e)
    {
        Require(SpotOf(what) == from && Reaches(who, from), e);
        _lying.Remove(what);
        _held[what] = who;
    }

    private void LayDown(Person who, Thing what, Spot to, Happening e)
    {
        Require(HolderOf(what) == who && Reaches(who, to), e);
        _held.Remove(what);
        _lying[what] = to;
    }

    private void Hand(Person from, Person to, Thing what, Happening e)
    {
        Require(HolderOf(what) == from && from != to && PlaceOf(from) == PlaceOf(to), e);
        _held[what] = to;
    }

    private void Eat(Ate e)
    {
        Require(e.What.Kind.Sort == Sort.Food && (HolderOf(e.What) == e.By || (SpotOf(e.What) is { } spot && Reaches(e.By, spot))), e);
        _held.Remove(e.What);
        _lying.Remove(e.What);
    }

    private void Make(Made e)
    {
        Require(IsNew(e.What) && e.From.All(part => HolderOf(part) == e.By), e);
        foreach (var part in e.From)
        {
            _held.Remove(part);
        }

        _held[e.What] = e.By;
        _owners[e.What] = e.By;
    }
}
