namespace SlimSpec.CommandLine;

/// <summary>A column of figures: a stage, a model or a run.</summary>
/// <param name="Name">What stands above it.</param>
/// <param name="Figures">Its figures.</param>
internal sealed record FigureColumn(string Name, IReadOnlyList<Figure> Figures)
{
    /// <summary>A figure by its name; null: it was not measured.</summary>
    public Figure? this[string name] => Figures.FirstOrDefault(figure => figure.Name == name);
}

/// <summary>Figures side by side, each with its difference to the first column's.</summary>
internal static class FigureTable
{
    /// <summary>What stands for a difference of figures that were measured in different ways.</summary>
    public const string NotComparable = "other protocol";

    private const string None = "-";

    /// <summary>The table; null where no column has a figure.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="columns">The columns; the first one is what the others are compared with.</param>
    /// <param name="notes">Sentences below it.</param>
    /// <param name="compares">Whether differences are of interest.</param>
    /// <param name="last">A last column: its heading, and its cells by the figures' names.</param>
    public static ReportTable? Of(string title, IReadOnlyList<FigureColumn> columns, IReadOnlyList<string> notes, bool compares = true, (string Header, IReadOnlyDictionary<string, string> Cells)? last = null)
    {
        var names = Names(columns);
        string[] headers = ["", .. columns.SelectMany((column, i) => i == 0 || !compares ? new[] { $">{column.Name}" } : [$">{column.Name}", ">change"]), .. last is { Header: var header } ? [header] : Array.Empty<string>()];
        return names.Count == 0 ? null : new(title, headers, [.. names.Select(Row)], notes);

        string[] Row(string name) => [name, .. columns.SelectMany((column, i) => Cells(name, column, i)), .. last is { Cells: var cells } ? [cells.GetValueOrDefault(name, "")] : Array.Empty<string>()];

        string[] Cells(string name, FigureColumn column, int place) => place == 0 || !compares ? [column[name]?.Text ?? None] : [column[name]?.Text ?? None, Change(columns[0][name], column[name])];
    }

    /// <summary>The names of the figures of all columns, in their order.</summary>
    public static IReadOnlyList<string> Names(IEnumerable<FigureColumn> columns) => Merge(columns.Select(column => column.Figures.Select(figure => figure.Name)));

    /// <summary>Lists as one, without repetitions: what only one of them has stays behind what it is behind there.</summary>
    public static IReadOnlyList<string> Merge(IEnumerable<IEnumerable<string>> lists)
    {
        List<string> merged = [];
        foreach (var list in lists)
        {
            var next = 0;
            foreach (var item in list)
            {
                if (merged.IndexOf(item) is >= 0 and var place)
                {
                    next = place + 1;
                }
                else
                {
                    merged.Insert(next++, item);
                }
            }
        }

        return merged;
    }

    /// <summary>The difference of a figure to another, in words; empty where there is nothing to compare.</summary>
    public static string Change(Figure? before, Figure? now) => (before, now) switch
    {
        (null, _) or (_, null) => "",
        _ when !now.IsMeasuredAs(before) => NotComparable,
        _ => now.Change(before),
    };
}
