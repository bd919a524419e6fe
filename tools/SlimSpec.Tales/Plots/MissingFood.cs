namespace SlimSpec.Tales;

/// <summary>Something good to eat is gone, and somebody left traces.</summary>
public sealed class MissingFood(Rng rng) : Stage(rng)
{
    private static readonly Dictionary<string, string> Traces = new()
    {
        ["dog"] = "the marks of four muddy paws",
        ["cat"] = "small paw prints in the flour",
        ["goat"] = "a few white hairs",
        ["rabbit"] = "a tuft of soft fur",
        ["duck"] = "wet footprints, shaped like little fans",
        ["hen"] = "two brown feathers",
        ["parrot"] = "a bright green feather",
        ["pony"] = "the marks of small hooves",
        ["donkey"] = "the marks of small hooves",
    };

    /// <inheritdoc/>
    public override void Play()
    {
        var place = Places.Named(Rng.Pick(["kitchen", "kitchen", "garden", "bakery"]));
        var hero = EnterChild(place);
        var cook = place.Noun == "bakery" ? EnterWorker(place) : EnterRelative(place);
        var thief = Enter(People.Pet(Rng), place);
        var food = New(ThingKind.Named(Rng.Pick(["cake", "pie", "cake", "pie", "loaf of bread", "pot of soup"])));
        Open(hero);
        Say($"{hero} had {English.WithArticle($"{thief.Trait.Word} {thief.Role}")} (named|called) {thief:n}. {thief} {Line.Of(thief.Trait.Habit, thief)}.|{thief:n}, {hero:p} {thief.Role}, was there, too. {thief} was (very |){thief.Trait.Word}.");
        Do(new Made(cook, food, []));
        Say($"{cook:n} had made {food:a}. It smelled (wonderful|so good).|That {Time} {cook:n} made {food:a} for (supper|the neighbors|a party|all of them).");
        var spot = Rng.Pick(place.Spots.Where(spot => spot.Preposition is "on" or "under" or "beside" or "behind").ToList());
        Do(new Put(cook, food, spot));
        Say($"{cook} put {food:them} {spot} to cool.|{cook} left {food:the} {spot}. \"Nobody may touch {food:them}(| yet),\" {cook:he} said.|\"It must wait until (tonight|later),\" said {cook}, and {cook:he} put {food:them} {spot}.");
        Paragraph();
        Leave(hero, thief, food, place);
        Say($"When {hero:n} came back {place:to}, {food:the} was gone!|{hero:n} came back {place:to} and looked {spot}. There was no {food:noun}!");
        Do(new Went(hero, place));
        Feel(hero, Rng.Pick(["surprised", "angry", "sad"]));
        Suspect(hero, cook, food, spot, thief);
        Paragraph();
        FindThief(hero, thief, food);
        End(hero, cook, thief, food, place);
    }

    private void Leave(Person hero, Person thief, Thing food, Place place)
    {
        var away = PlacesBut(Places.All, place)[0];
        Go(hero, away);
        Say($"(There |){hero} {Pastime(away)}.");
        Do(new Ate(thief, food) { Told = false });
        var den = PlacesBut([.. Places.Home.Where(home => !home.Indoors), Places.Named("barn"), Places.Named("orchard"), Places.Named("meadow")], place, away)[0];
        Do(new Went(thief, den) { Told = false });
    }

    private void Suspect(Person hero, Person cook, Thing food, Spot spot, Person thief)
    {
        Hail(hero, cook);
        Say($"\"(Who took|Who has eaten|Did you eat) {food:the}?\" {hero} asked {cook:n}.|\"{food:the} is gone!\" {hero} told {cook:n}.");
        Say($"\"(Not I|It was not me),\" said {cook}. \"(I was busy all the time|I only went away for a moment|I saw nobody).\"|{cook} (shook {cook:his} head|looked just as surprised). \"I did not (touch|eat) {food:them},\" {cook:he} said.");
        Say($"Then {hero} saw something {spot}: {Traces[thief.Role]}.|{hero} looked (carefully|closely) {spot} and found {Traces[thief.Role]}.|On the floor there were crumbs, and beside them {Traces[thief.Role]}.");
    }

    private void FindThief(Person hero, Person thief, Thing food)
    {
        var den = World.PlaceOf(thief);
        Say($"The (crumbs|traces) (led|went all the way) {den:to}.|\"I (think that I |)know who it was,\" said {hero}.|{hero} followed the crumbs.");
        Go(hero, den);
        Say($"There lay {thief:n}, fast asleep, with crumbs all over {thief:his} (nose|face).|And there was {thief:n}. {thief:he} looked very round, and there were crumbs around {thief:his} mouth.|{thief:n} was sitting there with a full belly and did not look at {hero:n}.");
        Say($"So it was {thief:n} who had eaten {food:the}!|{thief:n} had eaten {food:the}, every bit of it!|\"You ate {food:the}!\" cried {hero}.");
        Do(new Confirmed(thief, food));
    }

    private void End(Person hero, Person cook, Person thief, Thing food, Place place)
    {
        Feel(hero, Rng.Pick(["angry", "surprised", "happy"]));
        Go(hero, place);
        Hail(hero, cook);
        Say($"\"It was {thief}!\" {hero} (said|told {cook:n}). {cook} laughed (until {cook:he} had to sit down|loudly|).|{hero} told {cook:n} what {hero:he} had seen. {cook} (smiled|laughed).");
        if (Rng.Chance(60))
        {
            var second = New(food.Kind.Noun == "cake" ? ThingKind.Named("pie") : ThingKind.Named("cake"));
            Do(new Made(cook, second, []));
            Say($"Then they (made|baked) {second:a} together.|\"Let us make {second:a},\" said {cook}, and {hero} helped.");
            Do(new Ate(cook, second));
            Feel(hero, "happy");
            Say($"This time they ate {second:them} (at once|while it was warm).|They did not wait this time. They ate {second:them} all.");
        }

        Close(hero, $"From then on {cook:n} always closed the door.|{hero:n} never left food near {thief:n} again.|{thief:n} was not hungry for two days.");
    }
}
