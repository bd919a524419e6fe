namespace SlimSpec.CommandLine;

/// <summary>Measures how well a model classifies: the task that the recipe's last recovery step trains for.</summary>
internal static class TaskStage
{
    /// <summary>The step whose task is measured; null where none trains a classification.</summary>
    public static RecoveryStep? StepOf(Job job) => job.Settings.Recover.LastOrDefault(step => step.Task is not null);

    /// <summary>Whether a model can be asked: by its own words always, else with a classifier.</summary>
    public static bool CanAnswer(LoadedModel model, RecoveryStep step) => step.Objective == RecoveryObjective.PromptLm || model.Head is not null;

    /// <summary>Measures a model on the test data.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The model.</param>
    /// <param name="written">The step whose task is measured.</param>
    /// <param name="earlier">What an earlier stage of the run was quoted with: the baselines are the same.</param>
    public static TaskMeasurement Measure(Job job, LoadedModel model, RecoveryStep written, TaskProtocol? earlier = null)
    {
        var step = RecoverStage.Find(job, written);
        var test = RecoveryData.ReadTest(step, model.Tokenizer, model.Model.Shape.VocabularySize, model.Model.Shape.MaxPositions);
        var classifier = model.Head is { } head && step.Objective != RecoveryObjective.PromptLm ? new TaskClassifier(model.Model, head) : new TaskClassifier(model.Model, test.LabelTokens);
        var result = job.Watch(progress => TaskAccuracy.Measure(classifier, test.Validation, progress: progress));
        return new(result, earlier ?? Protocol(step, written.Task!.Test.Path, result, test.Classes.Count));
    }

    private static TaskProtocol Protocol(RecoveryStep step, string dataset, TaskResult result, int classes)
    {
        var baseline = TaskBaselines.Measure(step);
        return new(step.Task!.Name, step.Objective, dataset, result.Items, classes, baseline.Majority.Accuracy, baseline.BagOfWords.Accuracy);
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
