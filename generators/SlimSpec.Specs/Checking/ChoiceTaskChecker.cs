using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks task files, and the entries of <c>evaluate.tasks</c>, which name them.</summary>
/// <param name="files">Every <c>.task.yaml</c> that may be named.</param>
/// <param name="report">Where problems go.</param>
internal sealed class ChoiceTaskChecker(IReadOnlyList<ParsedFile> files, Reporter report)
{
    /// <summary>What a task file says, or null if anything is wrong, and all that is wrong.</summary>
    public static (ChoiceTaskModel? Task, EquatableArray<Problem> Problems) Check(ParsedFile file)
    {
        var report = new Reporter();
        report.AddAll(file.Problems);
        var task = file.Root is MappingNode root ? Read(TaskFileKeys.Definition.Read(root, "", report), report) : null;
        return (report.Count == 0 ? task : null, report.Sorted());
    }

    /// <summary>The tasks that a recipe names, as it wants them.</summary>
    public IReadOnlyList<ChoiceTaskModel> Check(Field<IReadOnlyList<Located<TaskUse>>> uses)
    {
        var tasks = (uses.Value ?? []).Select(use => (use.Place, Task: Check(use))).Where(use => use.Task is not null).ToList();
        foreach (var same in tasks.GroupBy(use => (use.Task!.Task, use.Task.NumFewshot)).SelectMany(group => group.Skip(1)))
        {
            report.Add(Rules.DuplicateItem, same.Place, $"'evaluate.tasks' has the task {Words.Quote(same.Task!.Task)} twice with num_fewshot {same.Task.NumFewshot}");
        }

        return [.. tasks.Select(use => use.Task!)];
    }

    private ChoiceTaskModel? Check(Located<TaskUse> use)
    {
        var (mapping, name) = (use.Value.Mapping, use.Value.Mapping?.Get(TaskUseKeys.Task) ?? new(use.Value.Name!, use.Place, FieldState.Written));
        var (dataset, fewshot) = (Dataset(mapping, TaskUseKeys.Dataset), Dataset(mapping, TaskUseKeys.FewshotDataset));
        var task = Find(name);
        if (task is null || mapping is null)
        {
            return task;
        }

        var (shots, limit) = (mapping.Get(TaskUseKeys.NumFewshot), mapping.Get(TaskUseKeys.Limit));
        return task with
        {
            Dataset = dataset ?? task.Dataset,
            Fewshot = fewshot ?? task.Fewshot,
            NumFewshot = shots.IsWritten ? shots.Value : task.NumFewshot,
            Limit = limit.IsWritten ? limit.Value : null,
            Seed = mapping.Get(TaskUseKeys.Seed).Value,
        };
    }

    private ChoiceTaskModel? Find(Field<string> name)
    {
        if (!name.IsWritten)
        {
            return null;
        }

        var named = files.Select(file => (File: file, Name: NameOf(file))).Where(file => file.Name is not null).ToList();
        var found = named.Where(file => file.Name == name.Value).Select(file => file.File).ToList();
        if (found.Count == 1)
        {
            var (task, problems) = found[0].Task;
            report.AddAll(problems);
            return task;
        }

        report.Add(Rules.UnknownChoiceTask, name.Place, found.Count == 0
            ? $"no task file describes {Words.Quote(name.Value)}{Words.Hint(name.Value, named.Select(file => file.Name!))}"
            : $"more than one task file describes '{name.Value}': {string.Join(", ", found.Select(file => file.Source.Path))}");
        return null;
    }

    private DatasetModel? Dataset(Section? mapping, Key<DatasetChoice> key) => Dataset(mapping?.Get(key) ?? default, report);

    private static DatasetModel? Dataset(Field<DatasetChoice> field, Reporter report) =>
        field.IsWritten ? new DatasetChecker(report).Check(field, default, DataUse.Documents) : null;

    /// <summary>The name that a task file gives itself, however wrong the rest is; null: none.</summary>
    public static string? NameOf(ParsedFile file) => ((file.Root as MappingNode)?.Find(TaskFileKeys.Name.Name) as ScalarNode)?.Text;

    private static ChoiceTaskModel Read(Section file, Reporter report)
    {
        var (name, metrics) = (file.Get(TaskFileKeys.Name), file.Get(TaskFileKeys.MetricList).Value ?? []);
        if (name.IsWritten && !SpecNames.IsLabel(name.Value))
        {
            report.Add(Rules.BadName, name.Place, $"the name {Words.Quote(name.Value)} of a task must be letters, digits, '_', '-' and '.', and begin with a letter");
        }

        foreach (var same in metrics.GroupBy(metric => metric.Value.Get(TaskMetricKeys.Metric).Value).Where(group => group.Key is not null).SelectMany(group => group.Skip(1)))
        {
            report.Add(Rules.DuplicateItem, same.Place, $"'metric_list' repeats '{same.Value.Get(TaskMetricKeys.Metric).Value}'");
        }

        foreach (var metric in metrics.Where(metric => !metric.Value.Get(TaskMetricKeys.HigherIsBetter).Value && metric.Value.PlaceOf(TaskMetricKeys.HigherIsBetter) is not null))
        {
            report.Add(Rules.Conflict, metric.Value.PlaceOf(TaskMetricKeys.HigherIsBetter)!, "'higher_is_better' of a share of right answers is true");
        }

        return new(
            name.Value ?? "",
            Dataset(file.Get(TaskFileKeys.DatasetPath), report) ?? new("", 0, 1),
            Dataset(file.Get(TaskFileKeys.FewshotPath), report),
            file.Get(TaskFileKeys.Description).Value,
            file.Get(TaskFileKeys.DocToText).Value ?? "",
            file.Get(TaskFileKeys.DocToTarget).Value ?? "",
            file.Get(TaskFileKeys.DocToChoice).Value ?? "",
            file.Get(TaskFileKeys.TargetDelimiter).Value,
            file.Get(TaskFileKeys.FewshotDelimiter).Value,
            file.Get(TaskFileKeys.NumFewshot).Value,
            null,
            0,
            new(metrics.Select(metric => metric.Value.Get(TaskMetricKeys.Metric).Value ?? "")));
    }
}
