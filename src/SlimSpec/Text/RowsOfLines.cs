using System.Text;

namespace SlimSpec;

/// <summary>
/// The text that LLM-Pruner scores of a data set that comes line by line: its rows joined by two newlines. What a row is the data set says: WikiText
/// keeps a line's newline and has an empty row for a blank line, Penn Treebank has lines without white space around them.
/// </summary>
internal static class RowsOfLines
{
    /// <summary>The rows of a text, joined; of a format without rows the text as it is.</summary>
    public static string Join(DatasetFormat format, string text) => format switch
    {
        DatasetFormat.Wikitext => Join(text, line => string.IsNullOrWhiteSpace(line) ? "" : line),
        DatasetFormat.Ptb => Join(text, line => line.Trim()),
        _ => text,
    };

    private static string Join(string text, Func<string, string> row)
    {
        var joined = new StringBuilder(text.Length + (text.Length / 8));
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start) is >= 0 and var found ? found + 1 : text.Length;
            joined.Append(start == 0 ? "" : "\n\n").Append(row(text[start..end]));
            start = end;
        }

        return joined.ToString();
    }
}
