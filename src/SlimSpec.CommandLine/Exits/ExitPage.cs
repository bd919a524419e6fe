namespace SlimSpec.CommandLine;

/// <summary><c>exits.html</c>.</summary>
internal static class ExitPage
{
    /// <summary>The page.</summary>
    public static string Of(ExitFindings findings)
    {
        var page = new HtmlReport($"{findings.Recipe}: early exits", $"{findings.Quote}; model: {findings.Checkpoint}, {findings.Depth} layers");
        page.AddVerdict(ExitTables.Verdict(findings), isBad: !findings.Enabled);
        var tables = ExitTables.Of(findings);
        page.AddTable(tables[0]);
        if (findings.Simulated is not null || findings.Measured is not null)
        {
            page.AddFigure(ExitCharts.Histogram(findings.AsRecord()).AsElement());
        }

        if (findings.Calibration is { } found)
        {
            page.AddFigure(ExitCharts.Quality(findings, found).AsElement());
        }

        foreach (var table in tables.Skip(1))
        {
            page.AddTable(table);
        }

        return page.ToString();
    }
}
