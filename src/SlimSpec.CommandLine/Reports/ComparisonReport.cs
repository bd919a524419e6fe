namespace SlimSpec.CommandLine;

/// <summary>A comparison for a terminal, for machines and as a page.</summary>
internal sealed class ComparisonReport(Comparison comparison)
{
    private const string Clocks = "latencies of different runs were timed in different processes; slim bench SPEC --checkpoint DIR --slim DIR times two models in turns";

    /// <summary>Writes it for people.</summary>
    public void Write(TextWriter output)
    {
        foreach (var table in Tables)
        {
            table.Write(output);
        }

        foreach (var warning in comparison.Warnings)
        {
            output.WriteLine($"warning: {warning}");
        }
    }

    /// <summary>The same for machines; shares from 0 to 1, changes as parts of what the first column has.</summary>
    public object AsJson() => new
    {
        Columns = comparison.Columns.Select(column => column.Name),
        Figures = comparison.Names.Select(name => new
        {
            Name = name,
            Values = comparison.Columns.Select(column => column[name]?.Value),
            StandardErrors = comparison.Columns.Select(column => column[name]?.Error),
            Changes = comparison.Columns.Select(column => Change(comparison.Columns[0][name], column[name])),
            Data = comparison.Columns.Select(column => column[name]?.Data),
            Protocols = comparison.Columns.Select(column => column[name]?.Protocol),
        }),
        Runs = comparison.Runs.Select(run => run.Name),
        comparison.Settings,
        comparison.Warnings,
    };

    /// <summary>The page.</summary>
    public string AsPage()
    {
        var page = new HtmlReport("Runs side by side", $"{string.Join(", ", comparison.Runs.Select(run => run.Name))}; differences are to {comparison.Columns[0].Name}.");
        foreach (var warning in comparison.Warnings)
        {
            page.AddVerdict($"Warning: {warning}", isBad: true);
        }

        var tables = Tables.ToList();
        page.AddTable(tables[0]);
        foreach (var chart in Charts)
        {
            page.AddFigure(chart.AsElement());
        }

        foreach (var table in tables.Skip(1))
        {
            page.AddTable(table);
        }

        page.AddTable(new("Commands", ["", ""], [.. comparison.Runs.Select(run => new[] { run.Name, run.Record.Command })], []));
        return page.ToString();
    }

    private IEnumerable<ReportTable> Tables
    {
        get
        {
            yield return FigureTable.Of("What they came to", comparison.Columns, comparison.Runs.Count(run => run.Record.Cost is not null) > 1 ? [Clocks] : [])!;
            if (comparison.Settings.Count > 0)
            {
                yield return new("Settings that differ", ["", .. comparison.Runs.Select(run => run.Name)], [.. comparison.Settings.Select(setting => (string[])[setting.Key, .. setting.Values.Select(value => value ?? "-")])], []);
            }
        }
    }

    // Against size, what all of them were measured by in the same way.
    private IEnumerable<ChartFrame> Charts => comparison.Columns.Select(column => column[RunFigures.Parameters]!.Value).Distinct().Count() < 2
        ? []
        : comparison.Names
            .Where(name => RunFigures.IsQuality(name) && comparison.Columns.All(column => column[name] is { } figure && comparison.Columns[0][name] is { } first && figure.IsMeasuredAs(first)))
            .Select(name => ScatterChart.Of(name, comparison.Columns[0][name]!.Kind == FigureKind.Share ? "% right; bars: standard error" : "perplexity", [.. comparison.Columns.Select(column => Point(column, column[name]!))], comparison.Columns[0][name]!.Kind == FigureKind.Share));

    private static ScatterPoint Point(FigureColumn column, Figure figure)
    {
        var scale = figure.Kind == FigureKind.Share ? 100 : 1;
        return new(column.Name, column[RunFigures.Parameters]!.Value, scale * figure.Value, scale * (figure.Error ?? 0));
    }

    private static double? Change(Figure? before, Figure? now) =>
        before is null || now is null || !now.IsMeasuredAs(before) || before.Value == 0 ? null : (now.Value - before.Value) / before.Value;
}
