namespace SlimSpec;

/// <summary>What a file of data looks like.</summary>
public enum DatasetFormat
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>WikiText as its raw files have it; scored as the rows of the data set, joined by two newlines, which is what LLM-Pruner scores.</summary>
    Wikitext,

    /// <summary>Penn Treebank, a sentence a line; scored as its sentences, joined by two newlines, which is what LLM-Pruner scores.</summary>
    Ptb,

    /// <summary><c>{"ids": [[...], ...]}</c>: ready token ids.</summary>
    Ids,

    /// <summary>An array of objects, or one object a line (JSON Lines).</summary>
    Json,

    /// <summary>Comma-separated values, quoted as in RFC 4180.</summary>
    Csv,

    /// <summary>Values separated by tabs, not quoted.</summary>
    Tsv,

    /// <summary>Instructions with fields <c>instruction</c>, <c>input</c>, <c>output</c> (JSON).</summary>
    Alpaca,

    /// <summary>Texts in the field <c>text</c> (JSON).</summary>
    Completion,

    /// <summary>TREC questions: <c>LABEL:sublabel text</c> on each line.</summary>
    Trec,

    /// <summary>AG News: comma-separated class, title and description, without a header.</summary>
    AgNews,

    /// <summary>SST-2: sentence and label separated by a tab, with or without a header.</summary>
    Sst2,

    /// <summary>EmoContext: <c>id, turn1, turn2, turn3, label</c> separated by tabs, with a header.</summary>
    Emocontext,
}

/// <summary>A file of data, what is in it and which part of it to use (<c>dataset:</c>).</summary>
/// <param name="Path">As the spec says it: relative to the spec's folder or to one above it.</param>
/// <param name="From">Start of the part, as a fraction of the text or of the rows.</param>
/// <param name="To">End of the part, as a fraction of the text or of the rows.</param>
public sealed record DatasetReference(string Path, double From = 0, double To = 1)
{
    /// <summary>What the file looks like; null: its extension tells (<c>.json</c> is <see cref="DatasetFormat.Ids"/>, <c>.jsonl</c> <see cref="DatasetFormat.Json"/>, <c>.csv</c>, <c>.tsv</c>, everything else a text).</summary>
    public DatasetFormat? Format { get; init; }

    /// <summary>Columns or fields whose texts, joined by a space, are a row's text: names, or numbers from 0. Null: those of the format.</summary>
    public IReadOnlyList<string>? Text { get; init; }

    /// <summary>Column or field of a row's label. Null: that of the format.</summary>
    public string? Label { get; init; }

    /// <summary>Field of the instruction. Null: that of the format.</summary>
    public string? Instruction { get; init; }

    /// <summary>Field of what the instruction is about, which may be empty. Null: that of the format.</summary>
    public string? Input { get; init; }

    /// <summary>Field of the answer. Null: that of the format.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the first line names the columns. Null: it does where a column is called by its name.</summary>
    public bool? Header { get; init; }

    /// <summary>The class of each label that the file uses, in the order of the classes; rows with other labels are left out and counted. Null: labels are class names.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Rows to use at most, drawn at random; null: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Seed of that draw.</summary>
    public int Seed { get; init; }
}
