namespace SlimSpec;

/// <summary>
/// How much of a text another text has already: the share of its runs of 13 words that occur there, letter case and punctuation left out, as the decontamination
/// of language models' training data counts it (Brown et al. 2020, appendix C). A text that was seen is no test.
/// </summary>
public static class TextOverlap
{
    /// <summary>Words in a run.</summary>
    public const int Words = 13;

    private const ulong Base = 0x9E3779B97F4A7C15UL;

    /// <summary>The share of a text's runs that occur in any of other texts; 0 where it is shorter than one.</summary>
    /// <param name="text">The text that is measured on.</param>
    /// <param name="seen">The texts that a model has seen.</param>
    public static double Share(string text, IEnumerable<string> seen)
    {
        // Runs by their hash, each with how often the text has it.
        var missing = new Dictionary<ulong, int>();
        var all = 0;
        foreach (var run in Runs(text))
        {
            missing[run] = missing.GetValueOrDefault(run) + 1;
            all++;
        }

        var found = 0;
        foreach (var run in seen.SelectMany(Runs))
        {
            if (missing.Remove(run, out var count))
            {
                found += count;
            }
        }

        return all == 0 ? 0 : (double)found / all;
    }

    // A hash that rolls: what a word adds leaves it again 13 words later.
    private static IEnumerable<ulong> Runs(string text)
    {
        var oldest = Enumerable.Range(0, Words).Aggregate(1UL, (power, _) => power * Base);
        var recent = new ulong[Words];
        var (hash, count) = (0UL, 0L);
        foreach (var word in WordsOf(text))
        {
            var place = count++ % Words;
            hash = (hash * Base) + word - (oldest * recent[place]);
            recent[place] = word;
            if (count >= Words)
            {
                yield return hash;
            }
        }
    }

    // Hashes of the words (FNV-1a over lower-case letters and digits), never 0.
    private static IEnumerable<ulong> WordsOf(string text)
    {
        const ulong Offset = 14695981039346656037UL, Prime = 1099511628211UL;
        var (hash, isInside) = (Offset, false);
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                (hash, isInside) = ((hash ^ char.ToLowerInvariant(character)) * Prime, true);
            }
            else if (isInside)
            {
                yield return hash | 1;
                (hash, isInside) = (Offset, false);
            }
        }

        if (isInside)
        {
            yield return hash | 1;
        }
    }
}
