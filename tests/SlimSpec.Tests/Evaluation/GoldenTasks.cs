using SlimSpec.Specs;

namespace SlimSpec.Tests.Evaluation;

/// <summary>The shipped tasks, on the rows of the goldens.</summary>
internal static class GoldenTasks
{
    /// <summary>The goldens' names and those of the tasks.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string>
    {
        ["boolq"] = "boolq",
        ["piqa"] = "piqa",
        ["hellaswag"] = "hellaswag",
        ["winogrande"] = "winogrande",
        ["arc_easy"] = "arc_easy",
        ["arc_challenge"] = "arc_challenge",
        ["openbook_qa"] = "openbookqa",
    };

    /// <summary>A golden's task for the rows as they are, on the first 100 of them.</summary>
    public static MultipleChoiceTask Task(string golden)
    {
        var task = Shipped($"{Names[golden]}_icl");
        return task with { Dataset = new(TestFiles.Shared($"data/multiple-choice/{task.Dataset.Path}")), Limit = 100 };
    }

    /// <summary>A golden's task for rows with the data set's own fields.</summary>
    public static MultipleChoiceTask OwnFields(string golden, string path) => Shipped(Names[golden]) with { Dataset = new(path), Limit = 100 };

    private static MultipleChoiceTask Shipped(string name)
    {
        var path = Path.Combine(TestFiles.Root, "specs", "tasks", name + SpecCompiler.TaskSuffix);
        var (task, problems) = SpecCompiler.CompileTask(new SourceFile(path, File.ReadAllText(path)));
        task.ShouldNotBeNull(string.Join('\n', problems));
        return new()
        {
            Task = task.Task,
            Dataset = new(task.Dataset.Path),
            Description = task.Description,
            DocToText = task.DocToText,
            DocToTarget = task.DocToTarget,
            DocToChoice = task.DocToChoice,
            TargetDelimiter = task.TargetDelimiter,
            FewshotDelimiter = task.FewshotDelimiter,
            NumFewshot = task.NumFewshot,
            Metrics = [.. task.Metrics.Select(metric => SpecWords.Find<MultipleChoiceMetric>(metric)!.Value)],
        };
    }
}
