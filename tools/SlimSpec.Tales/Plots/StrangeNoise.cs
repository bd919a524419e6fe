namespace SlimSpec.Tales;

/// <summary>A noise in a dark place, and what made it.</summary>
public sealed class StrangeNoise(Rng rng) : Stage(rng)
{
    private static readonly (string Animal, string Noise)[] Visitors =
    [
        ("owl", "a long, low cry"),
        ("kitten", "a thin, high sound"),
        ("hedgehog", "a scratching noise"),
        ("squirrel", "a scratching noise"),
        ("puppy", "a soft cry"),
        ("bat", "a soft noise"),
        ("mouse", "a tiny squeak"),
        ("frog", "a wet, deep sound"),
        ("pigeon", "a soft, round noise"),
    ];

    /// <inheritdoc/>
    public override void Play()
    {
        Time = Rng.Pick(["evening", "night", "evening"]);
        var dark = Places.Named(Rng.Pick(["attic", "cellar", "barn", "shed", "mill"]));
        var home = Rng.Pick(PlacesBut([Places.Named("kitchen"), Places.Named("bedroom")], dark));
        var hero = EnterChild(home);
        var (animal, noise) = Rng.Pick(Visitors);
        Open(hero);
        var other = Rng.Chance(60) ? EnterChild(home, hero) : EnterRelative(home);
        Say(other.Being == Being.Child
            ? (Line)$"{other:n}, {hero:p} {(other.Pronoun == Pronoun.He ? "brother" : "sister")}, was there, too. {other:he} was {other:intro}."
            : $"{other:n} was (reading|knitting|resting) in a chair.");
        Paragraph();
        Say($"Suddenly there was {noise}. It came from {dark}.|\"What was that?\" {hero} (asked|whispered). There was {noise} from {dark}.|In the dark {hero:n} heard {noise}. It came from {dark}.");
        Feel(hero, Is(hero, "brave") || Is(hero, "curious") ? "excited" : "scared");
        Hail(hero, other);
        var together = Rng.Chance(45);
        Say($"\"(Maybe|Perhaps) it is a (ghost|thief|monster),\" said {other}. \"(Nonsense|Let us go and see)!\" {hero:n} said.|\"It is only the wind,\" said {other}. But there was no wind at all.");
        if (!together)
        {
            Say($"\"I am not going there,\" said {other}. \"Then I will go,\" said {hero}.|{other} did not want to go and see.|\"Go, and tell me what it is,\" said {other}.");
        }

        var light = New(ThingKind.Named("lantern"));
        var spot = Rng.Pick(home.Spots.Where(some => some.Preposition is "in" or "on").ToList());
        Do(new Lies(light, spot) { Told = false });
        Do(new Took(hero, light, spot));
        Say($"{hero} took {light:a} {spot:from} and lit {light:them}.|There was {light:a} {spot}. {hero} took {light:them}.");
        Paragraph();
        if (together)
        {
            Go(new Group(hero, other), dark);
        }
        else
        {
            Say($"\"(Wait for me|I will be back soon),\" {hero} said to {other:n}.|{other} stayed behind.");
            Go(hero, dark);
        }

        Meet(hero, dark, animal, noise);
        End(hero, other, together, home, animal);
    }

    private void Meet(Person hero, Place dark, string animal, string noise)
    {
        var spots = Rng.Shuffled(dark.Spots);
        Say($"{hero} held up the light and looked {spots[0]}. There was (nothing|only {Rng.Pick(Scenery.Oddments)}).|Something moved {spots[0]}, but it was only (a shadow|the wind|a curtain).");
        Maybe(40, $"There it was again: {noise}!|The light flickered.|{hero} held {hero:his} breath.");
        Say($"Then {hero:n} looked {spots[1]}. Two (small |)eyes were shining there! It was {English.WithArticle(animal)}.|And there, {spots[1]}, sat {English.WithArticle(animal)}!|{spots[1]} {hero} saw what it was: {English.WithArticle(animal)}!");
        Say($"The {animal} was (more afraid than {hero:n}|cold and hungry|very small|not afraid at all).|It looked at {hero:n} and (blinked|did not move).");
    }

    private void End(Person hero, Person other, bool together, Place home, string animal)
    {
        Feel(hero, Rng.Pick(["surprised", "happy", "happy"]));
        if (!together)
        {
            Go(hero, home);
            Hail(hero, other);
            Say($"\"It was only {English.WithArticle(animal)}!\" {hero} told {other:n}. {other} (laughed|did not believe it at first).|\"(Well|So), was it a ghost?\" asked {other}. \"It was {English.WithArticle(animal)},\" said {hero}.");
        }
        else
        {
            Say($"\"(It is only|Look,) {English.WithArticle(animal)}!\" said {other}.|{other} laughed out loud.");
        }

        Say($"They put out (some bread|a bowl of water|a little milk) for the {animal}.|The next morning the {animal} was gone.|Every evening after that, the {animal} came back.");
        Feel(hero, Rng.Pick(["proud", "happy", "tired"]));
        Close(hero, $"{hero:n} was never afraid of the dark again.|From then on {hero:n} liked the dark a little better.|\"Things are not so bad when you look at them,\" said {hero:n}.");
    }
}
