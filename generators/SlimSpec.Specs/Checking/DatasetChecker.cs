using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What data are for.</summary>
internal enum DataUse
{
    /// <summary>Its text is read from end to end.</summary>
    Text,

    /// <summary>Instructions are answered.</summary>
    Instructions,

    /// <summary>Each row has a label.</summary>
    Classification,

    /// <summary>Templates read the fields of its rows.</summary>
    Documents,
}

/// <summary>Checks <c>dataset:</c> and what is like it: whether its keys fit its format, and its format what it is for.</summary>
/// <param name="report">Where problems go.</param>
internal sealed class DatasetChecker(Reporter report)
{
    private static readonly string[] Tables = ["csv", "tsv"];
    private static readonly string[] WithColumns = [DatasetKeys.Json, .. Tables];
    private static readonly string[] WithInstructions = ["alpaca", .. WithColumns];
    private static readonly string[] WithLabels = [.. WithColumns, "trec", "ag_news", "sst2", "emocontext"];
    private static readonly string[] WithRows = ["alpaca", "completion", .. WithLabels];

    private static readonly (Key Key, string[] Formats)[] Uses =
    [
        (DatasetKeys.TextColumns, WithColumns),
        (DatasetKeys.Label, WithColumns),
        (DatasetKeys.Instruction, WithColumns),
        (DatasetKeys.Input, WithColumns),
        (DatasetKeys.Output, WithColumns),
        (DatasetKeys.Header, [.. Tables, "sst2"]),
        (DatasetKeys.Labels, WithLabels),
        (DatasetKeys.Limit, WithRows),
        (DatasetKeys.Seed, WithRows),
    ];

    /// <summary>What a dataset looks like: what is said of it, or its name.</summary>
    public static string FormatOf(DatasetModel dataset) => dataset.Content?.Format ?? dataset.Path.Substring(dataset.Path.LastIndexOf('.') + 1).ToLowerInvariant() switch
    {
        "json" => DatasetKeys.Ids,
        "jsonl" => DatasetKeys.Json,
        "csv" => "csv",
        "tsv" => "tsv",
        _ => DatasetKeys.Text,
    };

    /// <summary>Checks <c>dataset:</c> and <c>split:</c> of a section.</summary>
    public DatasetModel Check(Section section, Key<DatasetChoice>? key = null, DataUse use = DataUse.Text) => Check(section.Get(key ?? DataKeys.Dataset), section.Get(DataKeys.Split), use);

    /// <summary>Checks a dataset.</summary>
    /// <param name="dataset">What is said of it.</param>
    /// <param name="split">The part of it that is named beside it, if any can be.</param>
    /// <param name="use">What it is for.</param>
    public DatasetModel Check(Field<DatasetChoice> dataset, Field<DatasetPart> split, DataUse use)
    {
        var part = split.Value ?? DatasetPart.Whole;
        var model = new DatasetModel(dataset.Value?.Path ?? "", part.From, part.To);
        if (dataset.Value?.Mapping is { } mapping)
        {
            if (split.IsWritten)
            {
                report.Add(Rules.Conflict, split.Place, "'split' is within the dataset's mapping, not beside it");
            }

            model = Read(mapping);
            CheckKeys(mapping, model, use);
        }

        if (dataset.IsWritten && model.Path.Length > 0)
        {
            CheckUse(dataset, model, use);
        }

        return model;
    }

    private static DatasetModel Read(Section mapping)
    {
        var (path, part) = (mapping.Get(DatasetKeys.Path), mapping.Get(DataKeys.Split).Value ?? DatasetPart.Whole);
        var (text, labels) = (mapping.Get(DatasetKeys.TextColumns), mapping.Get(DatasetKeys.Labels));
        var (header, limit) = (mapping.Get(DatasetKeys.Header), mapping.Get(DatasetKeys.Limit));
        var content = new DatasetContent(
            mapping.Get(DatasetKeys.Format).Value,
            text.IsWritten ? new(text.Value.Select(column => column.Value)) : null,
            mapping.Get(DatasetKeys.Label).Value,
            mapping.Get(DatasetKeys.Instruction).Value,
            mapping.Get(DatasetKeys.Input).Value,
            mapping.Get(DatasetKeys.Output).Value,
            header.IsWritten ? header.Value : null,
            labels.IsWritten ? new(labels.Value.Select(label => new NamedText(label.Name, label.Value))) : null,
            limit.IsWritten ? limit.Value : null,
            mapping.Get(DatasetKeys.Seed).Value);

        // A mapping that says no more than a path would is none.
        return new(path.Value ?? "", part.From, part.To) { Content = content == new DatasetContent(null, null, null, null, null, null, null, null, null, 0) ? null : content };
    }

    private void CheckKeys(Section mapping, DatasetModel dataset, DataUse use)
    {
        var (written, format) = (mapping.Get(DatasetKeys.Format), FormatOf(dataset, use));
        if (written.State == FieldState.Bad || dataset.Path.Length == 0)
        {
            return;
        }

        foreach (var (key, formats) in Uses)
        {
            if (mapping.PlaceOf(key) is { } place && !formats.Contains(format))
            {
                report.Add(Rules.DatasetContent, place, $"'{key.Name}' is for the format{(formats.Length > 1 ? "s" : "")} {Words.List(formats, "and")}, and {About(dataset, use)}");
            }
        }

        if (mapping.PlaceOf(DatasetKeys.Seed) is { } seed && mapping.PlaceOf(DatasetKeys.Limit) is null && WithRows.Contains(format))
        {
            report.Add(Rules.DatasetContent, seed, "'seed' is that of the draw of 'limit', which is not written: all rows are used");
        }
    }

    private void CheckUse(Field<DatasetChoice> dataset, DatasetModel model, DataUse use)
    {
        if (dataset.Value.Mapping?.Get(DatasetKeys.Format).State == FieldState.Bad)
        {
            return;
        }

        var (formats, columns, what) = use switch
        {
            DataUse.Instructions => (WithInstructions, new Key[] { DatasetKeys.Instruction, DatasetKeys.Output }, "objective instruct needs rows with an instruction and an answer"),
            DataUse.Classification => (WithLabels, [DatasetKeys.TextColumns, DatasetKeys.Label], "a classification needs rows with a text and a label"),
            DataUse.Documents => ([DatasetKeys.Json], [], "a task needs rows with fields"),
            _ => (null, new Key[] { DatasetKeys.TextColumns }, ""),
        };
        if (formats?.Contains(FormatOf(model, use)) == false)
        {
            report.Add(Rules.Objective, dataset.Place, $"{what}, and {About(model, use)}: the format{(formats.Length > 1 ? "s" : "")} that ha{(formats.Length > 1 ? "ve" : "s")} them {(formats.Length > 1 ? "are" : "is")} {Words.List(formats, "and")}");
        }
        else if (Tables.Contains(FormatOf(model)) && columns.FirstOrDefault(key => dataset.Value.Mapping?.PlaceOf(key) is null) is { } missing)
        {
            report.Add(Rules.DatasetContent, dataset.Place, $"{About(model, use)}, which needs the key '{missing.Name}': the name of a column, or its number from 0");
        }
    }

    // A task's rows are read from JSON, where others have ready ids.
    private static string FormatOf(DatasetModel dataset, DataUse use) =>
        FormatOf(dataset) is var format && use == DataUse.Documents && dataset.Content?.Format is null && format == DatasetKeys.Ids ? DatasetKeys.Json : format;

    private static string About(DatasetModel dataset, DataUse use) => $"'{Words.Shorten(dataset.Path)}' is of format {FormatOf(dataset, use)}{(dataset.Content?.Format is null ? " by its name" : "")}";
}
