namespace SlimSpec.Tales;

/// <summary>Something lands where nobody can reach it, and must be got down.</summary>
public sealed class StuckHigh(Rng rng) : Stage(rng)
{
    private static readonly string[] Perches = ["in the top of a tall tree", "on the roof", "on a high wall", "between two branches of an old tree", "on top of a lamp post"];

    /// <inheritdoc/>
    public override void Play()
    {
        Weather = Rng.Chance(70) ? "windy" : Weather;
        var place = Places.Named(Rng.Pick(["park", "garden", "orchard", "hill", "meadow", "market", "school", "mill", "beach"]));
        var hero = EnterChild(place);
        Open(hero);
        var thing = Own(hero, New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Noun is "kite" or "ball" or "hat" or "cap" or "scarf" or "umbrella" or "toy boat")])));
        Say($"{hero} {Used(thing)}.");
        var friend = Rng.Chance(60) ? EnterChild(place, hero) : null;
        if (friend is not null)
        {
            Befriend(hero, friend);
        }

        Paragraph();
        var perch = Rng.Pick(Perches);
        var high = new Spot(place, perch[..perch.IndexOf(' ', StringComparison.Ordinal)], "highest place");
        Do(new Blew(thing, high));
        Say($"Suddenly {thing:s} flew up and up, and landed {perch}.|Then a gust of wind took {thing:the} and carried {thing:them} away. {thing:it} landed {perch}.|{hero} threw {thing} too high, and {thing:it} got stuck {perch}.");
        Feel(hero, Rng.Pick(["sad", "angry", "worried"]));
        Try(hero, friend, thing);
        Paragraph();
        Rescue(hero, friend, thing, high);
        Feel(hero, Rng.Pick(["happy", "proud", "thankful"]));
        Close(hero, $"From then on {hero:n} (held {thing:the} tight in the wind|stayed away from tall trees).|{hero:n} {Used(thing)} again, but this time {hero:he} was careful.|\"Next time I will hold {thing:them} with both hands,\" said {hero:n}.");
    }

    private void Try(Person hero, Person? friend, Thing thing)
    {
        Say($"{hero} jumped as high as {hero:he} could, but {hero:he} could not reach {thing:them}.|First {hero} threw (sticks|small stones|an old shoe) at {thing:the}, but {thing:it} did not move.|{hero} shook and shook, but {thing:the} stayed up there.");
        if (friend is not null)
        {
            Say($"\"Stand on my back,\" said {friend}. But they were still too small.|{friend} tried, too, but it did not help.|\"We need a (longer stick|ladder|bird),\" said {friend}.");
        }
    }

    private void Rescue(Person hero, Person? friend, Thing thing, Spot high)
    {
        var place = high.Place;
        switch (Rng.Below(3))
        {
            case 0:
                var climber = friend is not null && !Is(hero, "brave") ? friend : hero;
                Idea(climber);
                Say($"{climber} (took off {climber:his} shoes and |)climbed up, step by step. {climber:he} did not look down.|\"I am not afraid,\" {climber} said. {climber:he} climbed higher and higher.");
                Down(climber, hero, thing, high);
                break;
            case 1:
                var ladderPlace = PlacesBut(Places.All.Where(some => some.Noun is "shed" or "barn" or "mill"), place)[0];
                var owner = EnterWorker(ladderPlace);
                Go(hero, ladderPlace);
                Say($"There {hero} found {owner}.");
                AskForHelp(hero, owner);
                Do(new Went(hero, place));
                Do(new Went(owner, place));
                Say($"{owner} took a long ladder, and they carried it {place:to}.|Together they carried a ladder {place:to}.");
                Down(owner, hero, thing, high);
                break;
            default:
                var passer = EnterWorker(place);
                Say($"Just then {passer} came by with a (long stick|fishing net).|{passer} had seen it all.");
                AskForHelp(hero, passer);
                Say($"{passer} was very tall.|{passer} stretched and stretched.|{passer} stood on a (box|bench|barrel).");
                Down(passer, hero, thing, high);
                break;
        }
    }

    private void Down(Person getter, Person hero, Thing thing, Spot high)
    {
        Do(new Took(getter, thing, high));
        Say($"At last {getter} got hold of {thing:the} and brought {thing:them} down.|{getter} reached out and had {thing:the} in {getter:his} hand.|\"I have {thing:them}!\" {getter} called.");
        if (getter != hero)
        {
            Return(getter, hero, thing);
        }
        else
        {
            Say($"{thing:the} {thing:was} safe again.|Nothing was broken.|There was only a (leaf|little dirt) on {thing:them}.");
        }
    }
}
