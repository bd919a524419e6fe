namespace SlimSpec.CommandLine;

/// <summary>Measures a model on multiple-choice tasks.</summary>
internal static class ChoiceStage
{
    /// <summary>Answers each of some tasks.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The model.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="samples">The folder that keeps the answers; null: nothing is kept.</param>
    public static IReadOnlyList<MultipleChoiceResult> Measure(Job job, LoadedModel model, IReadOnlyList<MultipleChoiceTask> tasks, string? samples)
    {
        // What the answers follow from, besides the tokens.
        var journal = samples is null || tasks.Count == 0
            ? null
            : new MultipleChoiceJournal(samples, $"{TrainingIdentity.OfWeights(model.Model)}, {model.Model.Dtype} on {model.Model.Device}");
        return [.. tasks.Select(task => Measure(job, model, task, journal))];
    }

    private static MultipleChoiceResult Measure(Job job, LoadedModel model, MultipleChoiceTask task, MultipleChoiceJournal? journal)
    {
        var found = task with { Dataset = job.FindShown(task.Dataset), Fewshot = task.Fewshot is { } fewshot ? job.FindShown(fewshot) : null };
        var result = job.Watch(progress => MultipleChoice.Measure(model.Model, model.Tokenizer, found, journal, progress));
        return result with { Protocol = result.Protocol with { Dataset = task.Dataset.Path } };
    }
}
