namespace SlimSpec.CommandLine;

/// <summary>The steps of a recipe on a model in memory: what the commands put together.</summary>
internal static class Stages
{
    /// <summary>Tokens a sequence that multiply-accumulates are reported for.</summary>
    public const int MacsTokens = ShapeTable.MacsTokens;

    /// <summary>Perplexity.</summary>
    public static PerplexityResult Evaluate(Job job, LoadedModel model, PerplexityEvaluation evaluation)
    {
        var data = model.Read(job, evaluation.Dataset);
        return job.Watch(progress => Perplexity.Measure(model.Model, data.Ids, evaluation.Window, data.Name, evaluation.Limit, progress));
    }

    /// <summary>A training in a line.</summary>
    public static string Describe(TrainingSummary summary) =>
        $"trained {Numbers.Scaled(summary.TrainableParameters)} weights: {summary.Steps} step{(summary.Steps == 1 ? "" : "s")}, {Numbers.Scaled(summary.Tokens)} tokens in {summary.Seconds:F1} s, loss {Numbers.Short(summary.FirstLoss)} -> {Numbers.Short(summary.LastLoss)}";
}
