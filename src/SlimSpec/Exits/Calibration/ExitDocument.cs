namespace SlimSpec;

/// <summary>What the checks of one document's tokens saw while every layer ran: a prompt and what the dense model said after it.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Fed">The tokens that were fed behind it, one for each recorded token; none where the prompt's last position is what was recorded.</param>
/// <param name="Checks">Checks of a token.</param>
/// <param name="Width">Features of a check.</param>
/// <param name="Features"><c>[tokens, checks, features]</c>.</param>
/// <param name="Said">What each check would have said, <c>[tokens, checks]</c>.</param>
/// <param name="Final">What the dense model said, <c>[tokens]</c>.</param>
/// <param name="Listed">Tokens whose dense token was on the checks' shortlist.</param>
internal sealed record ExitDocument(int[] Prompt, int[] Fed, int Checks, int Width, float[] Features, int[] Said, int[] Final, int Listed)
{
    /// <summary>Recorded tokens.</summary>
    public int Tokens => Final.Length;

    /// <summary>The features of a check.</summary>
    public ReadOnlySpan<float> At(int token, int check) => Features.AsSpan(((token * Checks) + check) * Width, Width);

    /// <summary>The features of all checks of a token.</summary>
    public ReadOnlySpan<float> Of(int token) => Features.AsSpan(token * Checks * Width, Checks * Width);

    /// <summary>Whether a check says what the dense model says.</summary>
    public bool Agrees(int token, int check) => Said[(token * Checks) + check] == Final[token];

    /// <summary>What a classifier is to say at a check (<c>classifier: label:</c>).</summary>
    public bool IsLabelled(int token, int check, ExitLabel label)
    {
        if (label == ExitLabel.Agrees)
        {
            return Agrees(token, check);
        }

        while (check < Checks && Agrees(token, check))
        {
            check++;
        }

        return check == Checks;
    }
}

/// <summary>Documents in three parts that share none: to fit a classifier, to choose and order policies, and to certify.</summary>
/// <param name="Fit">Trains the classifier and a head of low rank.</param>
/// <param name="Tune">Maps scores to probabilities and orders the policies.</param>
/// <param name="Certify">Is looked at once, by the certificate.</param>
internal sealed record DocumentParts<T>(IReadOnlyList<T> Fit, IReadOnlyList<T> Tune, IReadOnlyList<T> Certify);

/// <summary>Divides documents by chance.</summary>
internal static class DocumentParts
{
    /// <summary>The fewest documents that can be divided.</summary>
    public const int Fewest = 5;

    // A certificate needs many exits, so the certify part is as large as the one that is fitted to.
    private const double FitShare = 0.4;
    private const double TuneShare = 0.2;

    /// <summary>Two fifths to fit, one fifth to tune, two fifths to certify, drawn by a seed.</summary>
    public static DocumentParts<T> Divide<T>(IReadOnlyList<T> documents, int seed)
    {
        var order = documents.ToArray();
        new SeededRandom(seed, stream: 1).Shuffle<T>(order);
        var fit = Math.Max(1, (int)(documents.Count * FitShare));
        var tune = Math.Max(1, (int)(documents.Count * TuneShare));
        return new(order[..fit], order[fit..(fit + tune)], order[(fit + tune)..]);
    }
}
