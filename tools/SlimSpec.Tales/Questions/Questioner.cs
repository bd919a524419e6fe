namespace SlimSpec.Tales;

/// <summary>Asks about what a story told.</summary>
public static class Questioner
{
    /// <summary>Every question that can be asked; none whose answer the reader was not told.</summary>
    public static List<Question> All(World world)
    {
        List<Question> questions = [];
        foreach (var thing in world.History.SelectMany(ThingsOf).Distinct())
        {
            questions.AddRange(About(thing, world));
        }

        foreach (var person in world.History.OfType<Starts>().Select(start => start.Who))
        {
            questions.AddRange(About(person, world));
        }

        return questions;
    }

    /// <summary>The things that a happening moves or changes.</summary>
    public static IEnumerable<Thing> ThingsOf(Happening happening) => happening switch
    {
        Holds e => [e.What],
        Lies e => [e.What],
        Took e => [e.What],
        Found e => [e.What],
        Put e => [e.What],
        Hid e => [e.What],
        Lost e => [e.What],
        Blew e => [e.What],
        Gave e => [e.What],
        Lent e => [e.What],
        Passed e => [e.What],
        Delivered e => [e.What],
        Returned e => [e.What],
        Swapped e => [e.ThingOfA, e.ThingOfB],
        Ate e => [e.What],
        Made e => [e.What, .. e.From],
        _ => [],
    };

    private static IEnumerable<Question> About(Thing thing, World world)
    {
        var told = world.History.Where(happening => happening.Told).ToList();
        var name = NameOf(thing, world);
        var (was, it, them) = thing.Kind.Plural ? ("were", "they", "them") : ("was", "it", "it");
        Question Make(Asks asks, Person? who, string text, string answer, string key) =>
            new(asks, who, thing, text, English.Capital(answer), key);

        if (world.History.Last(happening => ThingsOf(happening).Contains(thing)).Told)
        {
            if (world.HolderOf(thing) is { } holder)
            {
                yield return Make(Asks.HolderAtEnd, null, $"Who had {name} at the end?", $"{holder.Name} had {them}.", holder.Name);
            }
            else if (world.SpotOf(thing) is { } spot)
            {
                yield return Make(Asks.SpotAtEnd, null, $"Where {was} {name} at the end?", $"{it} {was} {spot}.", spot.Noun);
            }
        }

        if (Only(told.OfType<Hid>(), hid => hid.What == thing) is { } hiding)
        {
            yield return Make(Asks.HidingPlace, hiding.Who, $"Where did {hiding.Who.Name} hide {name}?", $"{He(hiding.Who)} hid {them} {hiding.To}.", hiding.To.Noun);
        }

        if (Only(told.OfType<Found>(), found => found.What == thing) is { } finding)
        {
            yield return Make(Asks.FindingPlace, finding.Who, $"Where did {finding.Who.Name} find {name}?", $"{He(finding.Who)} found {them} {finding.From}.", finding.From.Noun);
            yield return Make(Asks.Finder, null, $"Who found {name}?", $"{finding.Who.Name} found {them}.", finding.Who.Name);
        }

        if (Only(told.OfType<Broke>(), broke => broke.What == thing) is { } breaking)
        {
            yield return Make(Asks.Breaker, null, $"Who broke {name}?", $"{breaking.By.Name} broke {them}.", breaking.By.Name);
        }

        if (Only(told.OfType<Mended>(), mended => mended.What == thing) is { } mending)
        {
            yield return Make(Asks.Mender, null, $"Who mended {name}?", $"{mending.By.Name} mended {them}.", mending.By.Name);
        }

        if (Only(told.OfType<Confirmed>(), ate => ate.What == thing) is { } eating)
        {
            yield return Make(Asks.Eater, null, $"Who ate {name}?", $"{eating.By.Name} ate {them}.", eating.By.Name);
        }

        if (Only(told.OfType<Gave>(), gave => gave.What == thing) is { } giving)
        {
            yield return Make(Asks.Giver, giving.To, $"Who gave {name} to {giving.To.Name}?", $"{giving.From.Name} gave {them} to {Him(giving.To)}.", giving.From.Name);
            yield return Make(Asks.Receiver, giving.From, $"To whom did {giving.From.Name} give {name}?", $"{He(giving.From)} gave {them} to {giving.To.Name}.", giving.To.Name);
        }

        if (Only(told.OfType<Delivered>(), brought => brought.What == thing) is { } delivery)
        {
            yield return Make(Asks.Bringer, delivery.To, $"Who brought {name} to {delivery.To.Name}?", $"{delivery.By.Name} brought {them} to {Him(delivery.To)}.", delivery.By.Name);
        }

        if (Only(told.OfType<Lent>(), lent => lent.What == thing) is { } lending)
        {
            yield return Make(Asks.Lender, lending.To, $"Who lent {name} to {lending.To.Name}?", $"{lending.From.Name} lent {them} to {Him(lending.To)}.", lending.From.Name);
        }

        if (Only(told.OfType<Swapped>(), swapped => swapped.ThingOfA == thing) is { } swap)
        {
            yield return Make(Asks.Price, swap.A, $"What did {swap.A.Name} get for {name}?", $"{He(swap.A)} got {English.WithArticle(swap.ThingOfB.Description, swap.ThingOfB.Kind.Plural)}.", swap.ThingOfB.Kind.Noun);
        }

        if (thing.TwinOf is null && Only(told.OfType<Owns>(), owns => owns.What == thing) is { } owning && world.OwnerOf(thing) == owning.Who)
        {
            yield return Make(Asks.Owner, null, $"Whose {thing.Kind.Noun} {was} {(thing.Kind.Plural ? "those" : "that")}?", $"{it} {was} {owning.Who.Name}'s.", owning.Who.Name);
        }

        if (thing.Color is { } color && !thing.HasNamesake)
        {
            yield return Make(Asks.Color, null, $"What color {was} the {thing.Kind.Noun}?", $"{it} {was} {color}.", color);
        }
    }

    private static IEnumerable<Question> About(Person person, World world)
    {
        if (world.History.OfType<Felt>().LastOrDefault(felt => felt.Who == person) is { Told: true } felt)
        {
            yield return new(Asks.FeelingAtEnd, person, null, $"How did {person.Name} feel at the end?", $"{He(person)} felt {felt.Feeling}.", felt.Feeling);
        }

        var journeys = world.History.OfType<Went>().Where(went => went.Who == person).ToList();
        if (journeys.Count > 1 && journeys[0].Told)
        {
            yield return new(Asks.FirstJourney, person, null, $"Where did {person.Name} go first?", $"{He(person)} went to {journeys[0].Where}.", journeys[0].Where.Noun);
        }

        if (journeys.Count > 1 && journeys[^1].Told)
        {
            yield return new(Asks.LastJourney, person, null, $"Where did {person.Name} go last?", $"{He(person)} went to {journeys[^1].Where}.", journeys[^1].Where.Noun);
        }
    }

    private static string NameOf(Thing thing, World world) =>
        thing.TwinOf is { } owner ? $"{owner.Name}'s {thing.Kind.Noun}"
        : thing.HasNamesake || world.History.Count % 2 == 0 ? $"the {thing.Description}" : $"the {thing.Kind.Noun}";

    private static T? Only<T>(IEnumerable<T> happenings, Func<T, bool> isIt)
        where T : class => happenings.Where(isIt).Take(2).ToList() is [var only] ? only : null;

    private static string He(Person person) => person.Pronoun == Pronoun.He ? "He" : "She";

    private static string Him(Person person) => person.Pronoun == Pronoun.He ? "him" : "her";
}
