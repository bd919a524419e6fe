namespace SlimSpec;

/// <summary>Reads TREC questions: <c>LABEL:sublabel text</c> on each line (Li and Roth 2002). The columns are <c>label</c>, <c>sublabel</c> and <c>text</c>.</summary>
internal static class TrecRows
{
    private static readonly string[] Names = ["label", "sublabel", "text"];

    /// <summary>The rows of a file.</summary>
    /// <exception cref="SlimException">There is no such column.</exception>
    public static IEnumerable<DataRow> Read(string path, IReadOnlyList<DataColumn> columns)
    {
        var places = ColumnPlaces.Find(path, columns, Names);
        foreach (var (number, line) in TextLines.Of(JsonInput.ReadText(path)))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            yield return colon > 0 && colon < space
                ? new(number, ColumnPlaces.Take(places, [line[..colon], line[(colon + 1)..space], line[(space + 1)..]]))
                : DataRow.Malformed(number, "it does not begin with 'LABEL:sublabel '");
        }
    }
}
