namespace SlimSpec.CommandLine;

/// <summary><c>sweep.html</c>.</summary>
internal static class SweepPage
{
    /// <summary>The page.</summary>
    public static string Of(SweepResults results)
    {
        var page = new HtmlReport($"{results.Recipe}: sweep", $"{string.Join("; ", results.Axes.Select(axis => $"{axis.Key}: {string.Join(", ", axis.Values)}"))}. {results.Command}");
        if (Best(results) is { } best)
        {
            page.AddVerdict(best, isBad: false);
        }

        foreach (var chart in SweepCharts.Of(results))
        {
            page.AddFigure(chart.AsElement());
        }

        page.AddTable(SweepTables.All(results));
        return page.ToString();
    }

    private static string? Best(SweepResults results)
    {
        var measured = results.Groups.Where(group => group.Of(results.Metric) is not null).ToList();
        if (measured.Count == 0)
        {
            return null;
        }

        var ordered = measured.OrderBy(group => group.Of(results.Metric)!.Value.Mean).ToList();
        var best = results.Metric == "accuracy" ? ordered[^1] : ordered[0];
        var cell = string.Join(", ", results.Varied.Select((axis, i) => $"{results.Labels[axis]} {best.Values[i]}"));
        return $"Best {results.Metric}: {SweepTables.Cell(best, results.Metric)}{(results.Metric == "accuracy" ? " %" : "")} with {cell}; {results.Rows.Count} of {results.Cells} cells done";
    }
}
