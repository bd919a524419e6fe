namespace SlimSpec.CommandLine;

/// <summary>Measures a model as the spec's <c>evaluate</c> section says.</summary>
internal static class EvaluationStage
{
    /// <summary>The data that it reads, that of the task which the recovery trains for included.</summary>
    public static IEnumerable<DatasetReference> Datasets(Job job)
    {
        var evaluate = job.Settings.Evaluate ?? new();
        var tests = job.Settings.Recover.Select(step => step.Task?.Test);
        return tests.Concat(evaluate.Perplexity.Select(text => text.Dataset)).Concat(evaluate.Tasks.SelectMany(task => new[] { task.Dataset, task.Fewshot })).OfType<DatasetReference>();
    }

    /// <summary>Perplexity on each of the spec's texts.</summary>
    public static IReadOnlyList<PerplexityMeasurement> Perplexities(Job job, LoadedModel model, IEnumerable<PerplexityEvaluation> evaluations) =>
        [.. evaluations.Select(evaluation => Perplexity(job, model, evaluation))];

    private static PerplexityMeasurement Perplexity(Job job, LoadedModel model, PerplexityEvaluation evaluation)
    {
        var text = model.Read(job, evaluation.Dataset);
        return new(evaluation, job.Watch(progress => SlimSpec.Perplexity.Measure(model.Model, text, evaluation, progress)));
    }
}

/// <summary>A perplexity and what was asked for.</summary>
/// <param name="Asked">What was asked for.</param>
/// <param name="Result">The perplexity.</param>
internal sealed record PerplexityMeasurement(PerplexityEvaluation Asked, PerplexityResult Result)
{
    /// <summary>What it must be quoted with.</summary>
    public EvaluationProtocol Protocol => EvaluationProtocol.Of(Result, Asked.Dataset);
}
