using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>Checks the entries of <c>tasks:</c>.</summary>
/// <param name="report">Where problems go.</param>
internal sealed class TaskChecker(Reporter report)
{
    private static readonly Regex Name = new(@"^[A-Za-z][A-Za-z0-9_-]*\z", RegexOptions.CultureInvariant);

    /// <summary>All tasks by name.</summary>
    public IReadOnlyDictionary<string, TaskModel> Check(Field<IReadOnlyList<NamedItem<Section>>> tasks) =>
        (tasks.Value ?? []).ToDictionary(task => task.Name, Check);

    private TaskModel Check(NamedItem<Section> task)
    {
        if (!Name.IsMatch(task.Name))
        {
            report.Add(Rules.BadName, task.NamePlace, $"the name {Words.Quote(task.Name)} of a task must be letters, digits, '_' and '-', and begin with a letter");
        }

        var (labels, shots) = (task.Value.Get(TaskKeys.Labels), task.Value.Get(TaskKeys.Shots));
        CheckLabels(labels, task.Value.Path);
        var (train, test) = (Data(task.Value, TaskKeys.Train, labels), Data(task.Value, TaskKeys.Test, labels));
        CheckParts(task.Value, train, test);
        return new(
            task.Name,
            task.Value.Get(TaskKeys.Template).Value,
            new((labels.Value ?? []).Select(label => new NamedText(label.Name, label.Value))),
            task.Value.Get(TaskKeys.Demonstrations).Value,
            shots.IsWritten ? shots.Value : null,
            train,
            test);
    }

    private void CheckLabels(Field<IReadOnlyList<NamedItem<string>>> labels, string path)
    {
        if (labels is { IsWritten: true, Value.Count: < 2 })
        {
            report.Add(Rules.Classification, labels.Place, $"'{path}.labels' needs two classes or more");
        }

        foreach (var label in (labels.Value ?? []).Where(label => label.Value != label.Value.Trim()))
        {
            report.Add(Rules.Classification, label.Place, $"the word of the class {Words.Quote(label.Name)} begins or ends with a space: write it without, and a prompt puts one in front of it");
        }

        foreach (var same in (labels.Value ?? []).GroupBy(label => label.Value).SelectMany(word => word.Skip(1), (word, label) => (First: word.First(), Label: label)))
        {
            report.Add(Rules.Classification, same.Label.Place, $"the classes {Words.Quote(same.First.Name)} and {Words.Quote(same.Label.Name)} have one word, {Words.Quote(same.Label.Value)}: an answer could not tell them apart");
        }
    }

    private DatasetModel Data(Section task, Key<DatasetChoice> key, Field<IReadOnlyList<NamedItem<string>>> labels)
    {
        var data = task.Get(key);
        if (labels.IsWritten && data.Value?.Mapping?.Get(DatasetKeys.Labels) is { IsWritten: true, Value: var stands })
        {
            var classes = labels.Value.Select(label => label.Name).ToList();
            foreach (var label in stands.Where(label => !classes.Contains(label.Value)))
            {
                report.Add(Rules.UnknownClass, label.Place, $"'{task.Path}' has no class {Words.Quote(label.Value)}{Words.Hint(label.Value, classes)}");
            }
        }

        return new DatasetChecker(report).Check(data, default, DataUse.Classification);
    }

    /// <summary>What was trained on says nothing about what is new.</summary>
    private void CheckParts(Section task, DatasetModel train, DatasetModel test)
    {
        if (train.Path.Length > 0 && train.Path == test.Path && Math.Max(train.From, test.From) < Math.Min(train.To, test.To))
        {
            report.Add(Rules.TestInTraining, task.Get(TaskKeys.Test).Place, $"'{task.Path}' trains and tests on the same rows of '{Words.Shorten(test.Path)}': give 'train' and 'test' parts that do not overlap, such as split: \":90%\" and split: \"90%:\"");
        }
    }
}
