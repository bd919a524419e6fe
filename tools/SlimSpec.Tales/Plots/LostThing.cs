namespace SlimSpec.Tales;

/// <summary>Something slips away on the way through the village, and the way must be gone back.</summary>
public sealed class LostThing(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var stops = PlacesBut(Places.All);
        var hero = EnterChild(stops[0]);
        Open(hero);
        var thing = Own(hero, NewSmall());
        Maybe(60, $"{hero} {Used(thing)}.");
        Paragraph();
        Go(hero, stops[1]);
        Say($"There {hero} {Pastime(stops[1])}.");
        var spot = Lose(hero, thing);
        Go(hero, stops[2]);
        Maybe(70, $"{hero} {Pastime(stops[2])}.");
        Notice(hero, thing);
        Feel(hero, Rng.Pick(["sad", "worried"]));
        Paragraph();
        if (Rng.Chance(60))
        {
            Remember(hero, stops);
        }

        GoBack(hero, thing, spot, stops[2]);
        if (World.HolderOf(thing) is null)
        {
            Search(hero, thing, spot);
        }

        Feel(hero, Rng.Pick(["happy", "thankful", "happy"]));
        Close(hero, $"""
            From (then|that day) on, {hero:n} (always looked after {hero:his} things|kept {thing:the} in a safe place|looked twice before {hero:he} left a place).|
            {hero:n} never lost {thing:the} again.|
            {hero:n} (took {thing:the} home|carried {thing:the} home) and (put {thing:them} in a safe place|did not let go of {thing:them} once).
            """);
    }

    private Spot Lose(Person hero, Thing thing)
    {
        var spot = Rng.Pick(World.PlaceOf(hero).Spots);
        switch (Rng.Below(3))
        {
            case 0:
                Do(new Lost(hero, thing, spot) { Told = false });
                break;
            case 1:
                Do(new Lost(hero, thing, spot));
                Say($"{hero} did not (see|notice) that {thing:the} (fell|slipped) out of {hero:his} pocket and landed {spot}.|(Nobody|No one) saw how {thing:the} slipped out of {hero:p} pocket and fell down {spot}.");
                break;
            default:
                Put(hero, thing, spot);
                Say($"Then {hero:he} (forgot all about {thing:them}|walked away without {thing:them}).|But when {hero:he} went away, {hero:he} forgot {thing:them}.");
                break;
        }

        return spot;
    }

    private void Remember(Person hero, List<Place> stops)
    {
        Say($"""
            "(Think|Let me think)," {hero} said to {hero:self}. "First I was {stops[0]:in}, then {stops[1]:in}, and now I am {stops[2]:in}."|
            {hero} (tried to remember|thought back). {hero:he} had been {stops[0]:in} and {stops[1]:in}.|
            {hero} counted on {hero:his} fingers: {stops[0]}, {stops[1]}, {stops[2]}. It had to be in one of them.
            """);
    }

    private void GoBack(Person hero, Thing thing, Spot spot, Place here)
    {
        MissSome(hero, thing, here, Rng.Below(2));
        if (Rng.Chance(35))
        {
            AskInVain(hero, EnterWorker(here), thing);
        }

        if (Rng.Chance(45))
        {
            var keeper = EnterWorker(spot.Place);
            if (Rng.Chance(50))
            {
                Do(new Took(keeper, thing, spot) { Told = false });
                Go(hero, spot.Place);
                Hail(hero, keeper);
                Say($"""
                    {keeper} was (waiting|standing) there. "(Is this yours|Did you lose something)?" {keeper:he} asked. "I found {thing:them} {spot}."|
                    "Have you seen {thing:my}?" {hero} asked {keeper:o}. {keeper} put a hand in {keeper:his} pocket. "It was {spot}," {keeper:he} said.
                    """);
                Return(keeper, hero, thing);
            }
            else
            {
                Go(hero, spot.Place);
                AskAndLearn(hero, keeper, thing, spot);
            }
        }
    }

    private void Search(Person hero, Thing thing, Spot spot)
    {
        Go(hero, spot.Place);
        MissSome(hero, thing, spot.Place, Rng.Below(3));
        Find(hero, thing);
    }
}
