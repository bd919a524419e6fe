using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The keys of a multiple-choice task, <c>NAME.task.yaml</c>: those of lm-evaluation-harness.</summary>
public static class TaskFileKeys
{
    /// <summary>The name.</summary>
    public static readonly Key<string> Name = Key.Required("task", new TextType("a name"), "Name that recipes use.");

    /// <summary>The rows.</summary>
    public static readonly Key<DatasetChoice> DatasetPath = Key.Required("dataset_path", new DatasetType(), "The rows to answer, JSON objects: a path, or a mapping that says more of the file. A recipe can name another one.");

    /// <summary>Rows with known answers.</summary>
    public static readonly Key<DatasetChoice> FewshotPath = Key.Optional("fewshot_path", new DatasetType(), "The rows that solved examples are drawn from; where absent, those to answer, never the one that is asked.");

    /// <summary>How answers are taken.</summary>
    public static readonly Key<string> OutputType = Key.Default("output_type", new WordType("multiple_choice"), "multiple_choice", "How the model answers.");

    /// <summary>What comes first.</summary>
    public static readonly Key<string> Description = Key.Default("description", new VerbatimType(), "", "What every prompt begins with.");

    /// <summary>The prompt.</summary>
    public static readonly Key<string> DocToText = Key.Required("doc_to_text", new RowTemplateType(), "A row's prompt, a template; where it is a whole number, the choices are prompts and it is the number of the right one.");

    /// <summary>The choices.</summary>
    public static readonly Key<string> DocToChoice = Key.Required("doc_to_choice", new ChoiceTemplateType(), "A row's choices: a template that gives a list, or a list of templates.");

    /// <summary>The right choice.</summary>
    public static readonly Key<string> DocToTarget = Key.Required("doc_to_target", new RowTemplateType(), "The right choice, its number from 0 or its text; where the choices are prompts, what follows each of them.");

    /// <summary>Between prompt and choice.</summary>
    public static readonly Key<string> TargetDelimiter = Key.Default("target_delimiter", new VerbatimType(), " ", "What stands between a prompt and a choice.");

    /// <summary>Between examples.</summary>
    public static readonly Key<string> FewshotDelimiter = Key.Default("fewshot_delimiter", new VerbatimType(), "\n\n", "What stands behind each solved example.");

    /// <summary>Solved examples.</summary>
    public static readonly Key<int> NumFewshot = Key.Default("num_fewshot", new IntegerType(0, 1000), 0, "Solved examples in front of each prompt.");

    /// <summary>What is reported.</summary>
    public static readonly Key<IReadOnlyList<Located<Section>>> MetricList = Key.Required(
        "metric_list", new ListType<Section>(new SectionType(TaskMetricKeys.Definition), "a list of metrics such as [{ metric: acc }]"), "What is reported; tables quote the first.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new(
        "A multiple-choice task.",
        [Name, DatasetPath, FewshotPath, OutputType, Description, DocToText, DocToChoice, DocToTarget, TargetDelimiter, FewshotDelimiter, NumFewshot, MetricList]);
}

/// <summary>An entry of <c>metric_list:</c>.</summary>
public static class TaskMetricKeys
{
    /// <summary>The metric.</summary>
    public static readonly Key<string> Metric = Key.Required(
        "metric", new WordType("acc", "acc_norm"), "acc takes the likeliest choice, acc_norm the one with the highest log-likelihood for each character of it.");

    /// <summary>How rows are brought together.</summary>
    public static readonly Key<string> Aggregation = Key.Default("aggregation", new WordType("mean"), "mean", "How the rows' results are brought together.");

    /// <summary>Which way is better.</summary>
    public static readonly Key<bool> HigherIsBetter = Key.Default("higher_is_better", new FlagType(), true, "Whether more is better; it always is.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("What is reported of a task.", [Metric, Aggregation, HigherIsBetter]);
}

/// <summary>An entry of <c>evaluate.tasks</c> as a mapping.</summary>
public static class TaskUseKeys
{
    /// <summary>The task.</summary>
    public static readonly Key<string> Task = Key.Required("task", new TextType("the name of a task"), "Name of a task file.");

    /// <summary>Other rows.</summary>
    public static readonly Key<DatasetChoice> Dataset = Key.Optional("dataset", new DatasetType(), "The rows to answer, in place of those that the task's file names.");

    /// <summary>Solved examples.</summary>
    public static readonly Key<int> NumFewshot = Key.Optional("num_fewshot", new IntegerType(0, 1000), "Solved examples in front of each prompt, in place of what the task's file says.");

    /// <summary>Rows with known answers.</summary>
    public static readonly Key<DatasetChoice> FewshotDataset = Key.Optional("fewshot_dataset", new DatasetType(), "The rows that solved examples are drawn from, in place of what the task's file says.");

    /// <summary>How many rows.</summary>
    public static readonly Key<int> Limit = Key.Optional("limit", new IntegerType(1, int.MaxValue), "Rows to answer at most, from the first; all of them where absent.");

    /// <summary>The seed of the examples.</summary>
    public static readonly Key<int> Seed = Key.Default("seed", new IntegerType(0, int.MaxValue), 0, "Seed of the draw of solved examples.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("A multiple-choice task as the recipe wants it.", [Task, Dataset, NumFewshot, FewshotDataset, Limit, Seed]);
}

/// <summary>An entry of <c>evaluate.tasks</c>: one of the two is set.</summary>
/// <param name="name">The task.</param>
/// <param name="mapping">The task and what is wanted of it (<see cref="TaskUseKeys"/>).</param>
public sealed class TaskUse(string? name, Section? mapping)
{
    /// <summary>The task.</summary>
    public string? Name => name;

    /// <summary>The task and what is wanted of it.</summary>
    public Section? Mapping => mapping;
}

/// <summary>The name of a task, or a mapping that says more of it.</summary>
public sealed class TaskUseType() : TextOrSectionType<TaskUse>("the name of a task, or a mapping such as { task: piqa, limit: 100 }")
{
    private protected override SectionDefinition Definition => TaskUseKeys.Definition;

    private protected override TaskUse Of(string? text, Section? section) => new(text, section);
}
