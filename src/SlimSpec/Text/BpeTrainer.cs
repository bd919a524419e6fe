using System.Text;

namespace SlimSpec;

/// <summary>
/// Trains a vocabulary of the kind LLaMA has (byte-pair encoding with SentencePiece spaces and byte fallback): ids 0 to 2
/// are <c>&lt;unk&gt; &lt;s&gt; &lt;/s&gt;</c>, 3 to 258 the bytes, then the characters of the text and the merges, most frequent pair first
/// (Sennrich et al. 2016, algorithm 1). The same text gives the same vocabulary on every machine.
/// </summary>
public static class BpeTrainer
{
    /// <summary>The special tokens, ids 0, 1 and 2.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["<unk>", "<s>", "</s>"];

    // Rarer characters are spelled in bytes, as SentencePiece does (character_coverage).
    private const double CharacterCoverage = 0.9999;

    // A pair seen once teaches nothing.
    private const long FewestOccurrences = 2;

    /// <summary>Trains on a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vocabularySize">Number of ids, special tokens and bytes included.</param>
    /// <exception cref="SlimException">The size has no room for the characters, or the text has too few different words to fill it.</exception>
    public static BpeVocabulary Train(string text, int vocabularySize)
    {
        var words = TrainingWords.Count(text);
        var characters = Characters(words);
        List<string> pieces = [.. SpecialTokens, .. Enumerable.Range(0, 256).Select(BytePiece.Name), .. characters];
        if (pieces.Count >= vocabularySize)
        {
            throw new SlimException($"vocab_size: {vocabularySize} leaves no room for merges: {SpecialTokens.Count} special tokens, 256 bytes and {characters.Count} characters are {pieces.Count} already");
        }

        var merges = new BpePairCounter(pieces, words).Merge(vocabularySize, FewestOccurrences);
        return pieces.Count == vocabularySize
            ? new(pieces, merges)
            : throw new SlimException($"vocab_size: the text yields {pieces.Count} pieces only, {vocabularySize} were asked for; ask for fewer or give more text");
    }

    private static List<string> Characters(List<(string Word, long Count)> words)
    {
        var counts = new Dictionary<Rune, long>();
        foreach (var (word, count) in words)
        {
            foreach (var rune in word.EnumerateRunes())
            {
                counts[rune] = counts.GetValueOrDefault(rune) + count;
            }
        }

        var needed = counts.Values.Sum() * CharacterCoverage;
        var characters = new List<string>();
        double covered = 0;
        foreach (var (rune, count) in counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key))
        {
            if (covered >= needed)
            {
                break;
            }

            characters.Add(rune.ToString());
            covered += count;
        }

        return characters;
    }
}

/// <summary>A trained vocabulary.</summary>
/// <param name="Pieces">The pieces, by id.</param>
/// <param name="Merges">The merges, by rank.</param>
public sealed record BpeVocabulary(IReadOnlyList<string> Pieces, IReadOnlyList<(string Left, string Right)> Merges);
