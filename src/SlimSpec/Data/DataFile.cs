namespace SlimSpec;

/// <summary>Reads the part of a dataset that a reference asks for, row by row.</summary>
internal static class DataFile
{
    /// <summary>What to make of a row's values.</summary>
    /// <param name="values">The values of the columns asked for.</param>
    /// <param name="fault">Why the row cannot be used; null: it can, or is left out on purpose.</param>
    /// <returns>The row; null: it is not used.</returns>
    public delegate T? Use<out T>(string[] values, out string? fault)
        where T : class;

    /// <summary>The usable rows, in the order of the file, drawn at random down to <see cref="DatasetReference.Limit"/>.</summary>
    /// <param name="reference">The dataset, its path as it can be opened from here.</param>
    /// <param name="columns">The columns to read.</param>
    /// <param name="counts">Counts what was read and what could not be used.</param>
    /// <param name="use">What to make of a row.</param>
    /// <exception cref="SlimException">The file cannot be read, has not those columns, or has no row that can be used.</exception>
    public static List<T> Read<T>(DatasetReference reference, IReadOnlyList<DataColumn> columns, DataCounts counts, Use<T> use)
        where T : class
    {
        var own = new DataCounts();
        var rows = new List<T>();
        foreach (var row in Part(reference, [.. Rows(reference, columns)]))
        {
            own.Rows++;
            var fault = row.Fault;
            if (fault is null && use(row.Values, out fault) is { } used)
            {
                rows.Add(used);
            }

            if (fault is not null)
            {
                own.AddMalformed($"{reference.Path}({row.Line}): {fault}");
            }
        }

        counts.Add(own);
        return rows.Count > 0
            ? Limited(reference, rows)
            : throw new SlimException(own.Malformed > 0
                ? $"{reference.Path}: none of {own.Rows} rows can be used; the first: {own.FirstMalformed[0]}"
                : $"{reference.Path}: none of {own.Rows} rows has a label that 'labels' lists");
    }

    private static IEnumerable<DataRow> Rows(DatasetReference reference, IReadOnlyList<DataColumn> columns) => DatasetFormats.Of(reference) switch
    {
        DatasetFormat.Json or DatasetFormat.Alpaca or DatasetFormat.Completion => JsonRows.Read(reference.Path, columns),
        DatasetFormat.Trec => TrecRows.Read(reference.Path, columns),
        DatasetFormat.Csv or DatasetFormat.Tsv or DatasetFormat.AgNews or DatasetFormat.Sst2 or DatasetFormat.Emocontext => DelimitedRows.Read(reference, columns),
        var format => throw new SlimException($"{reference.Path}: format '{SpecWords.Of(format)}' has no rows with named values; say which it has with 'format' (json, csv, tsv, alpaca, completion, trec, ag_news, sst2 or emocontext)"),
    };

    /// <summary>The part of a file's rows that a reference asks for. Both ends are rounded to a row, so that neighbouring parts share nothing and leave nothing out.</summary>
    /// <exception cref="SlimException">There is no row in it.</exception>
    public static List<T> Part<T>(DatasetReference reference, List<T> rows)
    {
        TokenDatasetFile.CheckPart(reference);
        if (rows.Count == 0)
        {
            throw new SlimException($"{reference.Path}: the file has no rows");
        }

        var (from, to) = ((int)Math.Round(reference.From * rows.Count), (int)Math.Round(reference.To * rows.Count));
        return from < to ? rows[from..to] : throw new SlimException($"{reference.Path}: from {reference.From} to {reference.To} of its {rows.Count} rows there is none");
    }

    /// <summary>Rows drawn at random down to <see cref="DatasetReference.Limit"/>, in their order.</summary>
    public static List<T> Limited<T>(DatasetReference reference, List<T> rows)
    {
        if (reference.Limit is not { } limit || limit >= rows.Count)
        {
            return rows;
        }

        int[] order = [.. Enumerable.Range(0, rows.Count)];
        new SeededRandom(reference.Seed).Shuffle<int>(order);
        return [.. order[..limit].Order().Select(row => rows[row])];
    }
}
