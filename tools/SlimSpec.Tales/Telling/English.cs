namespace SlimSpec.Tales;

/// <summary>The little grammar that words need wherever they stand.</summary>
public static class English
{
    /// <summary>"a" or "an" before a singular; a plural gets "some", or nothing before "a pair of".</summary>
    public static string WithArticle(string words, bool plural = false)
    {
        if (plural)
        {
            return $"a pair of {words}";
        }

        return IsVowelSound(words) ? $"an {words}" : $"a {words}";
    }

    /// <summary>Anna's; Agnes's.</summary>
    public static string Possessive(string name) => $"{name}'s";

    /// <summary>The words as a sentence begins.</summary>
    public static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    private static bool IsVowelSound(string words) =>
        "aeiou".Contains(words[0], StringComparison.Ordinal) && !words.StartsWith("use", StringComparison.Ordinal)
        || words.StartsWith("honest", StringComparison.Ordinal) || words.StartsWith("hour", StringComparison.Ordinal);
}
