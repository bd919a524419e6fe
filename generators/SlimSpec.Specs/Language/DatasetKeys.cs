using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary><c>dataset:</c> as a mapping.</summary>
public static class DatasetKeys
{
    /// <summary>A text.</summary>
    public const string Text = "text";

    /// <summary>Ready token ids.</summary>
    public const string Ids = "ids";

    /// <summary>Objects with fields.</summary>
    public const string Json = "json";

    /// <summary>Where it is.</summary>
    public static readonly Key<string> Path = Key.Required("path", new TextType("a path"), "The file.");

    /// <summary>What it looks like.</summary>
    public static readonly Key<string> Format = Key.Optional(
        "format",
        new WordType(Text, "wikitext", "ptb", Ids, Json, "csv", "tsv", "alpaca", "completion", "trec", "ag_news", "sst2", "emocontext"),
        "What the file looks like; where absent its name tells: .json is ids, .jsonl json, .csv and .tsv are what they say, everything else a text.");

    /// <summary>The columns of the text.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> TextColumns = Key.Optional("text", Columns(), "Columns whose texts, joined by a space, are a row's text: names, or numbers from 0; for formats json (where absent: text), csv and tsv.");

    /// <summary>The column of the label.</summary>
    public static readonly Key<string> Label = Key.Optional("label", Column(), "Column of a row's label; for formats json (where absent: label), csv and tsv.");

    /// <summary>The column of the instruction.</summary>
    public static readonly Key<string> Instruction = Key.Optional("instruction", Column(), "Column of the instruction; for formats json (where absent: instruction), csv and tsv.");

    /// <summary>The column of what the instruction is about.</summary>
    public static readonly Key<string> Input = Key.Optional("input", Column(), "Column of what the instruction is about, which may be empty; for formats json (where absent: input), csv and tsv.");

    /// <summary>The column of the answer.</summary>
    public static readonly Key<string> Output = Key.Optional("output", Column(), "Column of the answer; for formats json (where absent: output), csv and tsv.");

    /// <summary>Whether columns are named.</summary>
    public static readonly Key<bool> Header = Key.Optional("header", new FlagType(), "Whether the first line names the columns, of formats csv, tsv and sst2; where absent it does if a column is called by its name.");

    /// <summary>The labels of the file.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<string>>> Labels = Key.Optional(
        "labels",
        new MapType<string>(new TextType("the name of a class"), "a mapping of the file's labels to classes such as { 1: World, 2: Sports }"),
        "The class of each label that the file uses; rows with other labels are left out and counted. Where absent, labels are class names.");

    /// <summary>How many rows.</summary>
    public static readonly Key<int> Limit = Key.Optional("limit", new IntegerType(1, int.MaxValue), "Rows to use at most, drawn at random; all of them where absent.");

    /// <summary>The seed of the draw.</summary>
    public static readonly Key<int> Seed = Key.Default("seed", new IntegerType(0, int.MaxValue), 0, "Seed of the draw of limit.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new(
        "A file of data, what is in it and which part of it to use.",
        [Path, Format, TextColumns, Label, Instruction, Input, Output, Header, Labels, DataKeys.Split, Limit, Seed]);

    private static TextType Column() => new("the name of a column, or its number from 0");

    private static ListType<string> Columns() => new(Column(), "a column or a list of columns such as [title, body]", mayBeScalar: true);
}

/// <summary>What <c>dataset:</c> says: one of the two is set.</summary>
/// <param name="Path">The file.</param>
/// <param name="Mapping">The file and what is in it (<see cref="DatasetKeys"/>).</param>
public sealed record DatasetChoice(string? Path, Section? Mapping);

/// <summary>A path, or a mapping that says what is in the file too.</summary>
public sealed class DatasetType() : TextOrSectionType<DatasetChoice>("a path, or a mapping such as { path: a.csv, text: body }")
{
    private protected override SectionDefinition Definition => DatasetKeys.Definition;

    private protected override DatasetChoice Of(string? text, Section? section) => new(text, section);
}
