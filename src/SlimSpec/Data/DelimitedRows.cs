namespace SlimSpec;

/// <summary>Reads tables: comma-separated and quoted as in RFC 4180, or separated by tabs and not quoted.</summary>
internal static class DelimitedRows
{
    /// <summary>The rows of a file. All have as many values as there are names of columns, or else as the first row has.</summary>
    /// <param name="reference">The file.</param>
    /// <param name="columns">What to read of each row.</param>
    /// <exception cref="SlimException">The file cannot be read, or there is no such column.</exception>
    public static IEnumerable<DataRow> Read(DatasetReference reference, IReadOnlyList<DataColumn> columns)
    {
        var format = DatasetFormats.Of(reference);
        var text = JsonInput.ReadText(reference.Path);
        var names = DatasetFormats.Names(format);
        var header = reference.Header ?? (names is null ? columns.Any(column => !column.Optional && !ColumnPlaces.IsNumber(column.Name)) : null);
        int[]? places = null;
        var width = 0;
        foreach (var row in format is DatasetFormat.Csv or DatasetFormat.AgNews ? QuotedFields.Read(text) : Tabs(text))
        {
            if (places is null)
            {
                // A format with names of its own knows its header when it sees it.
                var isHeader = header ?? row.Values.SequenceEqual(names!, StringComparer.OrdinalIgnoreCase);
                names ??= isHeader ? Header(reference.Path, row) : null;
                places = ColumnPlaces.Find(reference.Path, columns, names);
                width = names?.Length ?? 0;
                if (isHeader)
                {
                    continue;
                }
            }

            width = width > 0 ? width : Width(reference.Path, row, places);
            yield return row.Fault is not null ? row
                : row.Values.Length != width ? DataRow.Malformed(row.Line, $"the number of columns is {row.Values.Length}, not {width} as {(names is null ? "in the first row" : "there are names")}")
                : new(row.Line, ColumnPlaces.Take(places, row.Values));
        }
    }

    private static IEnumerable<DataRow> Tabs(string text) => TextLines.Of(text).Select(line => new DataRow(line.Number, line.Line.Split('\t')));

    private static string[] Header(string path, DataRow row) =>
        row.Fault is null ? [.. row.Values.Select(name => name.Trim())] : throw new SlimException($"{path}: line {row.Line}: the header cannot be read: {row.Fault}");

    // Columns without names: the first row that can be read tells how many there are.
    private static int Width(string path, DataRow row, int[] places) =>
        row.Fault is not null || places.Max() < row.Values.Length
            ? row.Values.Length
            : throw new SlimException($"{path}: there is no column {places.Max()}; line {row.Line} has columns 0 to {row.Values.Length - 1}");
}
