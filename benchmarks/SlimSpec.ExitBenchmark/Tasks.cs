using System.Text.Json;

namespace SlimSpec.ExitBenchmark;

/// <summary>Texts to continue, and questions whose answer is one token.</summary>
internal static class Tasks
{
    private const int Prompts = 600;
    private const int Shots = 4;

    /// <summary>Texts by name: what the model was trained on first, then others.</summary>
    public static IEnumerable<(string Name, string File)> Texts(string data) =>
    [
        ("tinystories", Path.Combine(data, "tinystories", "train-part.txt")),
        ("tinyshakespeare", Path.Combine(data, "tinyshakespeare", "train.txt")),
        ("wikitext-2", Path.Combine(data, "wikitext-2", "wiki.valid.tokens")),
    ];

    /// <summary>Questions by name, with a few answered ones in front of each, written as prompts.</summary>
    public static IEnumerable<(string Name, string File)> Questions(string data, string folder) =>
    [
        ("sst2", Write(folder, "sst2", Rows(data, "sst2/train.tsv", '\t', cells => (cells[0], cells[1].Trim() == "1" ? "good" : "bad")), "Review: {0}\nIt is {1}.\n")),
        ("ag-news", Write(folder, "ag-news", Rows(data, "ag-news/train-part.tsv", '\t', cells => (cells[0], cells[1].Trim().Split('/')[0].ToLowerInvariant())), "News: {0}\nIt is about {1}.\n")),
        ("trec", Write(folder, "trec", Rows(data, "trec/train_5500.label", ' ', cells => (string.Join(' ', cells[1..]), Topic(cells[0]))), "Question: {0}\nIt asks for a {1}.\n")),
    ];

    private static string Topic(string label) => label.Split(':')[0] switch { "HUM" => "man", "LOC" => "place", "NUM" => "number", "ENTY" => "thing", "ABBR" => "word", _ => "story" };

    private static List<(string Text, string Label)> Rows(string data, string file, char separator, Func<string[], (string, string)> read) =>
        [.. File.ReadLines(Path.Combine(data, file)).Select(line => line.Split(separator)).Where(cells => cells.Length > 1 && cells[0].Length > 0).Select(read).Where(row => row.Item1.Length < 120)];

    private static string Write(string folder, string name, List<(string Text, string Label)> rows, string form)
    {
        var random = new SeededRandom(0);
        var order = Enumerable.Range(0, rows.Count).ToArray();
        random.Shuffle<int>(order);
        var solved = string.Concat(order.Take(Shots).Select(row => string.Format(null, form, rows[row].Text, rows[row].Label)));
        var open = form[..form.IndexOf(" {1}", StringComparison.Ordinal)];
        var path = Path.Combine(folder, name + ".jsonl");
        File.WriteAllLines(path, order.Skip(Shots).Take(Prompts).Select(row => JsonSerializer.Serialize(new { prompt = solved + string.Format(null, open, rows[row].Text) })));
        return path;
    }
}
