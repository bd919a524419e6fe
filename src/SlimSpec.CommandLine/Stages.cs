namespace SlimSpec.CommandLine;

/// <summary>What the stages of a run have in common.</summary>
internal static class Stages
{
    /// <summary>Tokens a sequence that multiply-accumulates are reported for.</summary>
    public const int MacsTokens = ShapeTable.MacsTokens;

    /// <summary>A training in a line.</summary>
    public static string Describe(TrainingSummary summary) =>
        $"trained {Numbers.Scaled(summary.TrainableParameters)} weights: {summary.Steps} step{(summary.Steps == 1 ? "" : "s")}, {Numbers.Scaled(summary.Tokens)} tokens in {summary.Seconds:F1} s, loss {Numbers.Short(summary.FirstLoss)} -> {Numbers.Short(summary.LastLoss)}";
}
