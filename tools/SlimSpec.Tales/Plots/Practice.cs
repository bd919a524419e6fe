namespace SlimSpec.Tales;

/// <summary>Something that cannot be done yet is learned.</summary>
public sealed class Practice(Rng rng) : Stage(rng)
{
    private static readonly (string Skill, string Did, string[] Where, string Fails, string Hint)[] Skills =
    [
        ("swim", "swam", ["river", "beach"], "(went under and came up full of water|swallowed a lot of water|did not dare to go in)", "Kick your legs and breathe out slowly"),
        ("whistle", "whistled", ["garden", "meadow", "hill"], "(blew and blew, but there was only air|made no sound at all)", "Make your lips round and small"),
        ("climb a tree", "climbed to the top of the tree", ["orchard", "park", "forest"], "(slid down again|got stuck on the first branch)", "Put your foot where the branch is thick"),
        ("row a boat", "rowed in a straight line", ["river", "harbor"], "(went round in circles|hit a stone)", "Pull with both arms at the same time"),
        ("bake bread", "baked a whole loaf of bread", ["bakery", "kitchen"], "(burned the first one until it was black|forgot the salt)", "Wait until the dough is twice as big"),
        ("catch a fish", "caught a fish", ["river", "harbor"], "(caught an old boot|caught nothing at all)", "Sit very still and wait"),
        ("ride a pony", "rode all the way around", ["barn", "meadow"], "(fell off on the left|fell off on the right|sat the wrong way around)", "Hold on with your knees"),
        ("skip stones", "made a stone jump five times", ["river", "beach"], "(heard only a loud splash|hit [his] own foot)", "Take a flat stone and throw it low"),
        ("read", "read a whole page", ["library", "school"], "(mixed up all the letters|could not get past the first line)", "Put your finger under the word"),
    ];

    /// <inheritdoc/>
    public override void Play()
    {
        var (skill, did, where, fails, hint) = Rng.Pick(Skills);
        var place = Places.Named(Rng.Pick(where));
        var hero = EnterChild(place);
        Open(hero);
        Say($"{hero} wanted to learn to {skill}. (All {hero:his} friends could do it.|{hero:he} had dreamed of it for a long time.|)|There was one thing that {hero:n} could not do: {hero:he} could not {skill}.");
        Say($"{hero} tried, but {hero:he} {Line.Of(fails, hero)}.|When {hero} tried it, {hero:he} {Line.Of(fails, hero)}.|{hero} tried it (alone|with closed eyes|very carefully) and {Line.Of(fails, hero)}.");
        var mocked = Rng.Chance(50);
        var other = EnterChild(place, hero);
        Hail(other, hero);
        Say(mocked
            ? (Line)$"{other:n}, {other:intro}, saw it and laughed. \"You will never learn it!\" {other:he} said."
            : $"{other:n}, {other:intro}, was watching. \"(I cannot do it either|It is hard for me, too),\" {other:he} said.");
        Feel(hero, Rng.Pick(["sad", "angry", "tired"]));
        Paragraph();
        var teacher = Rng.Chance(50) ? EnterWorker(place) : EnterRelative(place);
        Say(teacher.Being == Being.Townsman ? (Line)$"{teacher} came by." : $"Then {teacher:n} came.");
        AskForHelp(hero, teacher);
        Say($"\"{hint},\" said {teacher}. \"(That is the whole secret|And never give up|I learned it like that, too).\"|{teacher} showed {hero:n} how to do it. \"{hint},\" {teacher:he} said.");
        Maybe(60, $"But again {hero:n} {Line.Of(fails, hero)}.|The next time {hero:n} {Line.Of(fails, hero)}, but {hero:he} only laughed.");
        Say($"{hero} tried again and again. The next day {hero:he} came back, and the day after that.|\"Once more,\" said {teacher}. And {hero} tried once more.|It was hard, but {hero:n} did not give up.");
        Paragraph();
        Say($"And (then|on the third day|at last) it happened: {hero:n} {did}!|\"Look!\" {hero} shouted. {hero:he} {did}!|All at once it was easy. {hero:n} {did}!");
        if (Rng.Chance(50))
        {
            var prize = New(Rng.Pick([.. ThingKind.All.Where(kind => kind.Noun is "badge" or "cap" or "coin" or "cookie" or "ribbon" or "whistle" or "book")]));
            Do(new Holds(teacher, prize) { Told = false });
            Give(teacher, hero, prize);
        }

        Feel(hero, Rng.Pick(["proud", "happy", "proud"]));
        if (Rng.Chance(50))
        {
            Say($"\"Will you show me how to {skill}?\" asked {other:n}. \"Of course,\" said {hero:n}.|\"(I was wrong|You did it),\" said {other:n}. \"Now teach me!\"");
        }

        Close(hero, $"\"Who never tries never learns,\" said {teacher}.|{hero:n} {did} once more, just because it was so nice.|From then on {hero:n} could {skill} as well as anybody.");
    }
}
