namespace SlimSpec.CommandLine;

/// <summary>Measures how well a model classifies: the task that the recipe's last recovery step trains for.</summary>
internal static class TaskStage
{
    /// <summary>The step whose task is measured; null where none trains a classification.</summary>
    public static RecoveryStep? StepOf(Job job) => job.Settings.Recover.LastOrDefault(step => step.Task is not null);

    /// <summary>Whether a model can be asked: by its own words always, else with a classifier.</summary>
    public static bool CanAnswer(LoadedModel model, RecoveryStep step) => step.Objective == RecoveryObjective.PromptLm || model.Head is not null;

    /// <summary>Measures a model on the test data.</summary>
    public static TaskMeasurement Measure(Job job, LoadedModel model, RecoveryStep written)
    {
        var step = RecoverStage.Find(job, written);
        var test = RecoveryData.ReadTest(step, model.Tokenizer, model.Model.Shape.VocabularySize, model.Model.Shape.MaxPositions);
        var classifier = model.Head is { } head && step.Objective != RecoveryObjective.PromptLm ? new TaskClassifier(model.Model, head) : new TaskClassifier(model.Model, test.LabelTokens);
        var result = job.Watch(progress => TaskAccuracy.Measure(classifier, test.Validation, progress: progress));
        var baseline = TaskBaselines.Measure(step);
        return new(result, new(step.Task!.Name, step.Objective, written.Task!.Test.Path, result.Items, test.Classes.Count, baseline.Majority.Accuracy, baseline.BagOfWords.Accuracy));
    }

    /// <summary>A result in a line.</summary>
    public static string Describe(TaskScore score, TaskProtocol protocol) =>
        $"{protocol.Name} ({SpecWords.Of(protocol.Objective)}): accuracy {Share(score.Accuracy)} +- {Share(score.StandardError)}, macro F1 {Share(score.MacroF1)}, {protocol.Items:N0} items of {protocol.Dataset}; majority class {Share(protocol.MajorityAccuracy)}, bag of words {Share(protocol.BagOfWordsAccuracy)}";

    /// <summary>A share as people read it.</summary>
    public static string Share(double share) => ExitCharts.Percent(share);
}

/// <summary>How well a model classifies, and what that is to be quoted with.</summary>
/// <param name="Result">The result.</param>
/// <param name="Protocol">What to quote it with.</param>
internal sealed record TaskMeasurement(TaskResult Result, TaskProtocol Protocol)
{
    /// <summary>The result without its details.</summary>
    public TaskScore Score => new(Result.Accuracy, Result.StandardError, Result.MacroF1);
}
