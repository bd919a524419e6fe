namespace SlimSpec.CommandLine;

/// <summary><c>sweep.html</c>.</summary>
internal static class SweepPage
{
    /// <summary>The page.</summary>
    public static string Of(SweepResults results)
    {
        var page = new HtmlReport($"{results.Recipe}: sweep", $"{string.Join("; ", results.Axes.Select(axis => $"{axis.Key}: {string.Join(", ", axis.Values)}"))}. {results.Command}");
        page.AddTable(SweepTables.Best(results));
        foreach (var (_, chart) in SweepPareto.Of(results))
        {
            page.AddFigure(chart.AsElement());
        }

        if (SweepPareto.Frontier(results) is { } frontier)
        {
            page.AddTable(frontier);
        }

        foreach (var (_, chart) in SweepCharts.Of(results))
        {
            page.AddFigure(chart.AsElement());
        }

        page.AddTable(SweepTables.All(results));
        return page.ToString();
    }
}
