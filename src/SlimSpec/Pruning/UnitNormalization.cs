namespace SlimSpec;

/// <summary>Makes scores of different structures and layers comparable (<c>normalize:</c>).</summary>
internal static class UnitNormalization
{
    /// <summary>The scores of one structure in one layer, normalised.</summary>
    /// <param name="scores">The scores.</param>
    /// <param name="cut">Says how.</param>
    /// <param name="parameters">Parameters that go with one unit.</param>
    public static double[] Apply(float[] scores, WidthCut cut, long parameters) => cut.Normalize switch
    {
        ScoreNormalization.None => Divide(scores, 1),
        ScoreNormalization.Parameters => Divide(scores, parameters),
        ScoreNormalization.Mean => Divide(scores, scores.Average(score => (double)score)),
        ScoreNormalization.Max => Divide(scores, scores.Max()),
        ScoreNormalization.Standard => UnitScores.AreStandardized(cut) ? Divide(scores, 1) : Standardize(scores),
        _ => throw new ArgumentOutOfRangeException(nameof(cut), cut.Normalize, "No such normalisation."),
    };

    // Scores that are all zero stay so.
    private static double[] Divide(float[] scores, double divisor) => [.. scores.Select(score => divisor == 0 ? 0 : score / divisor)];

    // With the unbiased deviation, as FLAP's code has it. Units that do not differ, or a single one, are average.
    private static double[] Standardize(float[] scores)
    {
        var mean = scores.Average(score => (double)score);
        var deviation = scores.Length < 2 ? 0 : Math.Sqrt(scores.Sum(score => (score - mean) * (score - mean)) / (scores.Length - 1));
        return [.. scores.Select(score => deviation == 0 ? 0 : (score - mean) / deviation)];
    }
}
