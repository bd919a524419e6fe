namespace SlimSpec.Tales;

/// <summary>Something borrowed breaks; the truth is told, sooner or later, and it is mended.</summary>
public sealed class BrokenLoan(Rng rng) : Stage(rng)
{
    /// <inheritdoc/>
    public override void Play()
    {
        var places = PlacesBut([.. Places.Village.Where(village => !village.Indoors), Places.Named("garden")]);
        var hero = EnterChild(places[0]);
        Open(hero);
        var friend = EnterChild(places[0], hero);
        Befriend(hero, friend);
        var thing = Own(friend, New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Breaks.Length > 0)])));
        Hail(hero, friend);
        Say($"\"(May|Can) I (please |)borrow {thing:your}?\" asked {hero}. \"I want to {UseIt(thing)}.\"|{hero} wanted to {Use(thing)}, too. \"Will you lend {thing:them} to me?\" {hero:he} asked.");
        Lend(friend, hero, thing);
        Paragraph();
        Go(hero, places[1]);
        Say($"There {hero} {Used(thing)}.|{hero} was (careful|having fun). {hero:he} {Used(thing)}.");
        Break(hero, thing);
        Feel(hero, Rng.Pick(["scared", "sad", "worried"]));
        var hid = Rng.Chance(Is(hero, "honest") || Is(hero, "brave") ? 10 : 40);
        if (hid)
        {
            Cover(hero, friend, thing);
        }

        Paragraph();
        var mended = !hid && Rng.Chance(50);
        if (mended)
        {
            MendFirst(hero, thing, places[2]);
        }

        Confess(hero, friend, thing);
        if (!mended)
        {
            Idea(friend);
            Mend(friend, thing);
        }

        var both = new Group(hero, friend);
        Feel(both, Rng.Pick(["happy", "happy", "thankful"]));
        Close(hero, $"""
            (Then |)they {Used(thing)} together.|
            {hero:n} had learned that it is best to tell the truth.|
            From then on {hero:n} was very careful with other people's things.|
            {hero:n} and {friend:n} were better friends than ever.
            """);
    }

    private void Cover(Person hero, Person friend, Thing thing)
    {
        Say($"{hero:n} did not dare to tell {friend:n}.|\"Nobody must know,\" {hero} thought.");
        var spot = Rng.Pick(World.PlaceOf(hero).Spots);
        Hide(hero, thing, spot);
        Say($"But {hero:n} (could not eat|could not sleep|felt worse and worse). {hero:he} knew that it was wrong.|(The whole evening|All night) {hero:n} thought about it. It did not feel right.");
        Take(hero, thing);
    }

    private void MendFirst(Person hero, Thing thing, Place place)
    {
        var helper = Rng.Chance(50) ? EnterRelative(Places.Named("kitchen")) : EnterWorker(place);
        Go(hero, World.PlaceOf(helper));
        Say($"{hero} showed {thing:the} to {helper:n}.|{helper:n} was there, and {hero} told {helper:him} everything.");
        AskForHelp(hero, helper);
        Do(new Passed(hero, helper, thing));
        Say($"{hero} handed {helper:n} {thing:the}.|{helper:n} took {thing:the} and looked at {thing:them} from all sides.");
        Mend(helper, thing);
        Do(new Passed(helper, hero, thing));
        Say($"Then {helper:he} gave {thing:them} back to {hero:n}. \"(Now|But you must) tell your friend (the truth|what happened),\" {helper:he} said.|\"Here you are,\" said {helper}, and {hero} took {thing:the} again.");
    }

    private void Confess(Person hero, Person friend, Thing thing)
    {
        Go(hero, World.PlaceOf(friend));
        Apologize(hero, friend, $"I broke {thing:your}.");
        Say(Forgive(friend));
        Return(hero, friend, thing);
    }
}
