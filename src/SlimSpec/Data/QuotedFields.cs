using System.Text;

namespace SlimSpec;

/// <summary>Takes comma-separated text apart (RFC 4180): a quoted value may hold commas, line feeds and, doubled, quotes.</summary>
internal static class QuotedFields
{
    /// <summary>The rows with all their values. Where quotes do not match, the row is malformed and reading goes on with the line after the one it began on.</summary>
    public static IEnumerable<DataRow> Read(string text)
    {
        var (start, line) = (0, 1);
        while (start < text.Length)
        {
            var lineEnd = LineEnd(text, start);
            if (text.AsSpan(start, lineEnd - start).Trim(" \r") is "")
            {
                (start, line) = (lineEnd + 1, line + 1);
                continue;
            }

            var (values, end, fault) = Row(text, start);
            yield return fault is null ? new(line, values) : DataRow.Malformed(line, fault);
            end = fault is null ? end : lineEnd;
            line += text.AsSpan(start, Math.Min(end + 1, text.Length) - start).Count('\n');
            start = end + 1;
        }
    }

    // A row and where its last line ends.
    private static (string[] Values, int End, string? Fault) Row(string text, int start)
    {
        var values = new List<string>();
        for (var at = start; ;)
        {
            int end;
            if (at < text.Length && text[at] == '"')
            {
                var value = new StringBuilder();
                if ((end = Quoted(text, at, value)) < 0)
                {
                    return ([], start, $"the quote of column {values.Count} is not closed");
                }

                end = text.AsSpan(end).StartsWith("\r\n") ? end + 1 : end;
                if (end < text.Length && text[end] is not (',' or '\n'))
                {
                    return ([], start, $"something follows the closing quote of column {values.Count}");
                }

                values.Add(value.ToString());
            }
            else
            {
                end = text.AsSpan(at).IndexOfAny(',', '\n') is >= 0 and var length ? at + length : text.Length;
                values.Add(text[at..end].TrimEnd('\r'));
            }

            if (end >= text.Length || text[end] != ',')
            {
                return ([.. values], end, null);
            }

            at = end + 1;
        }
    }

    // Appends a quoted value and gives the place behind its closing quote, or -1 where there is none.
    private static int Quoted(string text, int open, StringBuilder value)
    {
        for (var at = open + 1; ;)
        {
            var quote = text.IndexOf('"', at);
            if (quote < 0)
            {
                return -1;
            }

            value.Append(text, at, quote - at);
            if (quote + 1 >= text.Length || text[quote + 1] != '"')
            {
                return quote + 1;
            }

            value.Append('"');
            at = quote + 2;
        }
    }

    private static int LineEnd(string text, int start) => text.IndexOf('\n', start) is >= 0 and var end ? end : text.Length;
}
