namespace SlimSpec;

/// <summary>What the formats of datasets have by nature: which they are, and which columns they name.</summary>
internal static class DatasetFormats
{
    private static readonly string[] Instructions = ["instruction", "input", "output"];

    /// <summary>The format of a dataset, from its extension where the reference does not say.</summary>
    public static DatasetFormat Of(DatasetReference reference) => reference.Format ?? Path.GetExtension(reference.Path).ToLowerInvariant() switch
    {
        ".json" => DatasetFormat.Ids,
        ".jsonl" => DatasetFormat.Json,
        ".csv" => DatasetFormat.Csv,
        ".tsv" => DatasetFormat.Tsv,
        _ => DatasetFormat.Text,
    };

    /// <summary>Whether a dataset consists of rows with named values, not of a text or of ready ids.</summary>
    public static bool HasRows(DatasetReference reference) => Of(reference) is not (DatasetFormat.Text or DatasetFormat.Wikitext or DatasetFormat.Ptb or DatasetFormat.Ids);

    /// <summary>The columns that make up a row's text.</summary>
    public static IReadOnlyList<DataColumn> Text(DatasetReference reference) => [.. (reference.Text ?? Of(reference) switch
    {
        DatasetFormat.AgNews => ["title", "description"],
        DatasetFormat.Sst2 => ["sentence"],
        DatasetFormat.Emocontext => ["turn1", "turn2", "turn3"],
        _ => ["text"],
    }).Select(name => new DataColumn(name))];

    /// <summary>The column of a row's label.</summary>
    public static DataColumn Label(DatasetReference reference) => new(reference.Label ?? (Of(reference) == DatasetFormat.AgNews ? "class" : "label"));

    /// <summary>The columns of an instruction, of what it is about (a row may lack it), and of its answer.</summary>
    public static IReadOnlyList<DataColumn> Instruction(DatasetReference reference) =>
        [new(reference.Instruction ?? Instructions[0]), new(reference.Input ?? Instructions[1], Optional: reference.Input is null), new(reference.Output ?? Instructions[2])];

    /// <summary>The names that a format gives its columns; null where the file names them or nobody does.</summary>
    public static string[]? Names(DatasetFormat format) => format switch
    {
        DatasetFormat.AgNews => ["class", "title", "description"],
        DatasetFormat.Sst2 => ["sentence", "label"],
        DatasetFormat.Emocontext => ["id", "turn1", "turn2", "turn3", "label"],
        _ => null,
    };
}

/// <summary>A column or field to read.</summary>
/// <param name="Name">Its name, or its number from 0.</param>
/// <param name="Optional">Whether it may be absent, which reads as empty.</param>
internal readonly record struct DataColumn(string Name, bool Optional = false);
