using System.Text;

namespace SlimSpec.Tales;

/// <summary>The stories of a seed, without end.</summary>
/// <remarks>
/// Every story falls to one side by the hash of its own words, so no seed can put a story into both
/// the training text and the held-out text.
/// </remarks>
public static class Corpus
{
    private const int HeldOutShare = 16;
    private const int Tries = 8;

    private static readonly Func<Rng, Stage>[] Plots =
    [
        rng => new LostThing(rng),
        rng => new HidingGame(rng),
        rng => new LockedBox(rng),
        rng => new BrokenLoan(rng),
        rng => new MissingFood(rng),
        rng => new SwapChain(rng),
        rng => new LostPet(rng),
        rng => new StuckHigh(rng),
        rng => new Delivery(rng),
        rng => new Cooking(rng),
        rng => new MixUp(rng),
        rng => new StrangeNoise(rng),
        rng => new FoundThing(rng),
        rng => new Surprise(rng),
        rng => new Quarrel(rng),
        rng => new KindLoan(rng),
        rng => new Race(rng),
        rng => new Practice(rng),
    ];

    /// <summary>The fewest and the most words of a story's body.</summary>
    public static (int Least, int Most) Words => (80, 220);

    /// <summary>The stories of one side of one seed, none twice.</summary>
    public static IEnumerable<Story> Stories(ulong seed, bool heldOut)
    {
        HashSet<ulong> seen = [];
        for (ulong number = 0; ; number++)
        {
            if (Tell(new Rng(seed, number)) is { } story && IsHeldOut(story.Body) == heldOut && seen.Add(Hash(story.Body)))
            {
                yield return story;
            }
        }
    }

    /// <summary>Whether a story with this body belongs to the held-out text.</summary>
    public static bool IsHeldOut(string body) => Hash(body) % HeldOutShare == 0;

    // A plot that comes out too long is played again, so that every plot has its share.
    private static Story? Tell(Rng rng)
    {
        var plot = rng.Pick(Plots);
        for (var i = 0; i < Tries; i++)
        {
            var stage = plot(rng);
            stage.Play();
            var body = stage.Narrator.Text;
            var words = body.Split(' ', '\n').Length;
            if (words >= Words.Least && words <= Words.Most)
            {
                return new Story(stage.GetType().Name, body, stage.World.History, Ask(stage.World, rng));
            }
        }

        return null;
    }

    private static List<Question> Ask(World world, Rng rng)
    {
        var count = rng.Chance(50) ? 1 + rng.Below(2) : 0;
        var questions = Questioner.All(world).Where(question => !IsCommon(question) || rng.Chance(40));
        return [.. rng.Shuffled(questions).DistinctBy(Subject).Take(count)];
    }

    // One question must not give away the answer of the next.
    private static Asks Subject(Question question) => question.Asks switch
    {
        Asks.Receiver => Asks.Giver,
        Asks.Finder => Asks.FindingPlace,
        Asks.Owner => Asks.HolderAtEnd,
        var asks => asks,
    };

    // Nearly every story answers these.
    private static bool IsCommon(Question question) => question.Asks is Asks.FeelingAtEnd or Asks.FirstJourney or Asks.LastJourney or Asks.HolderAtEnd;

    // FNV-1a, 64 bits, with a final mix: its low bits alone are weak.
    private static ulong Hash(string text)
    {
        var hash = 0xCBF29CE484222325UL;
        foreach (var b in Encoding.ASCII.GetBytes(text))
        {
            hash = (hash ^ b) * 0x100000001B3UL;
        }

        return (hash ^ (hash >> 32)) * 0xD6E8FEB86659FD93UL >> 16;
    }
}
