namespace SlimSpec.Tales;

/// <summary>One child hides something and another looks for it; then they may change places.</summary>
public sealed class HidingGame(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var place = Rng.Pick(Places.All);
        var hero = EnterChild(place);
        Open(hero);
        var friend = EnterChild(place, hero);
        Befriend(hero, friend);
        var thing = Own(hero, Rng.Chance(50) ? NewSmall() : New(Sort.Toy));
        var both = new Group(hero, friend);
        Say($"""
            "Let us play a game," said {friend}. "(One of us hides {thing:the}, and the other looks for {thing:them}|I hide {thing:the}, and you must find {thing:them})."|
            {both} wanted to play a hiding game with {thing:the}.|
            There was nothing to do, so {both} made up a game: one hid {thing:the}, and the other had to find {thing:them}.
            """);
        Paragraph();
        Do(new Lent(hero, friend, thing));
        Say($"{hero} handed {thing:the} to {friend:o} and (closed {hero:his} eyes|turned around|counted to (ten|twenty|fifty)).|{friend:n} took {thing:the} first, and {hero} closed {hero:his} eyes.");
        var first = Round(friend, hero, thing, null);
        if (Rng.Chance(65))
        {
            Paragraph();
            Say($"\"Now it is my turn to hide {thing:them},\" said {hero}.|Then they changed places.|\"(Again|Once more)!\" said {friend}. \"Now you hide {thing:them}.\"");
            Round(hero, friend, thing, first);
            Return(friend, hero, thing);
        }

        Feel(both, Rng.Pick(["happy", "tired", "happy"]));
        Close(hero, $"""
            They played until (it was dark|it was time for supper|the bell rang).|
            "You are (good at hiding things|hard to fool)," said {hero} to {friend:n}. {friend:he} laughed.|
            (It was the best game of the week|They played the same game the next day).|
            "Tomorrow we will play again," said {friend}.
            """);
    }

    private Spot Round(Person hider, Person seeker, Thing thing, Spot? not)
    {
        var spots = Rng.Shuffled(World.PlaceOf(hider).Spots.Where(spot => spot != not));
        Hide(hider, thing, spots[0]);
        Say($"\"(Ready|You can look now|Come and look)!\" called {hider}.|Then {hider} called {seeker:n}.|{hider} sat down and (whistled|waited|smiled).");
        MissSome(seeker, thing, spots[0].Place, 1 + Rng.Below(2));
        Maybe(60, $"\"(Cold|Very cold|As cold as ice)!\" {hider} laughed.|\"You are getting warmer,\" said {hider}.|\"(Shall I help you|Do you give up)?\" asked {hider}. {seeker} shook {seeker:his} head.");
        if (Rng.Chance(25))
        {
            Say($"In the end {seeker} gave up, and {hider} (pointed|showed {seeker:him} the place).|\"I give up!\" said {seeker}. {hider} (pointed|showed {seeker:him} the place).");
        }

        Find(seeker, thing);
        return spots[0];
    }
}
