using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary>The options of multiple-choice tasks.</summary>
internal sealed class ChoiceOptions
{
    /// <summary><c>--tasks</c>.</summary>
    public Option<string?> Tasks { get; } = new("--tasks")
    {
        HelpName = "NAMES",
        Description = "Multiple-choice tasks, separated by commas: names (see: slim list --tasks) or paths of .task.yaml files; measured instead of what the spec says",
    };

    /// <summary><c>--limit-rows</c>.</summary>
    public Option<int?> Limit { get; } = CommonOptions.Number("--limit-rows", "N", "Rows of each task to answer at most, from the first", 1);

    /// <summary><c>--num-fewshot</c>.</summary>
    public Option<int?> NumFewshot { get; } = CommonOptions.Number("--num-fewshot", "N", "Solved examples in front of each prompt", 0);

    /// <summary><c>--samples</c>.</summary>
    public Option<string?> Samples { get; } = new("--samples") { HelpName = "DIR", Description = "Keep each answer there as a line of JSON, and go on from those that are there" };

    /// <summary>Whether tasks are named.</summary>
    public bool AreAsked(ParseResult parsed) => parsed.GetValue(Tasks) is not null;

    /// <summary>The tasks: those named, else those of the spec.</summary>
    /// <exception cref="SlimException">There is no such task.</exception>
    public IReadOnlyList<MultipleChoiceTask> Read(ParseResult parsed, Job job)
    {
        IReadOnlyList<MultipleChoiceTask> tasks = parsed.GetValue(Tasks) is { } names
            ? [.. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().Select(name => TaskLoader.Load(name, Path.GetDirectoryName(job.SpecPath)!))]
            : job.Settings.Evaluate?.Tasks ?? [];
        return [.. tasks.Select(task => task with { Limit = parsed.GetValue(Limit) ?? task.Limit, NumFewshot = parsed.GetValue(NumFewshot) ?? task.NumFewshot })];
    }
}
