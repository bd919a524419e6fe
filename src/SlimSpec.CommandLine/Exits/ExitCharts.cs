using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>Where tokens leave, and how right the checks are, as drawings.</summary>
internal static class ExitCharts
{
    // Narrower columns have no room for a number.
    private const int LabelWidth = 36;

    /// <summary>Tokens by layers run: simulated and measured side by side, as far as they are there; one of them is.</summary>
    public static ColumnChart Histogram(ExitRecord exits)
    {
        var layers = Enumerable.Range(1, exits.Depth).ToList();
        List<(string Name, string Style, ExitTally Tally)> series = [];
        if (exits.Simulated is { } simulated)
        {
            series.Add(("simulated", "ghost", simulated));
        }

        if (exits.Measured is { } measured)
        {
            series.Add(("measured", "bar", measured));
        }

        var highest = series.Max(one => layers.Max(one.Tally.Share));
        var chart = new ColumnChart(
            "Layers that tokens ran",
            $"% of tokens; {string.Join(", ", series.Select(one => $"{one.Name}: {(one.Style == "bar" ? "filled" : "dashed")}"))}; {Quote(exits.Mode, exits.Scope)}",
            new ChartAxis(0, 100 * highest),
            layers,
            "layers run",
            [.. series.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name}: {one.Tally.AverageLayers:0.00} of {exits.Depth} layers on average, {one.Tally.Tokens:N0} tokens"))]);
        var width = (chart.Column - 4) / series.Count;
        for (var i = 0; i < series.Count; i++)
        {
            var (name, style, tally) = series[i];
            foreach (var layer in layers.Where(layer => tally.ExitsAfter[layer] > 0))
            {
                chart.DrawBar(style, chart.X(layer - 1) + 2 + (width * i), width - 1, 100 * tally.Share(layer), $"{name}, {layer} layers: {Percent(tally.Share(layer))} of tokens");
            }
        }

        return chart;
    }

    /// <summary>Precision and coverage of each check, in the columns of <see cref="Histogram"/>.</summary>
    public static ColumnChart Quality(ExitFindings findings, ExitReport found)
    {
        var chart = new ColumnChart(
            "Precision and coverage of the checks",
            $"%; filled: precision; hollow: coverage; simulated, {findings.Quote}",
            new ChartAxis(0, 100),
            [.. Enumerable.Range(1, findings.Depth)],
            "layers run before the check",
            findings.Certificate is { } certificate ? [$"dashed across: target {Percent(certificate.TargetAgreement)}"] : []);
        if (findings.Certificate is { TargetAgreement: var target })
        {
            chart.DrawLevel(100 * target);
        }

        Line(chart, "other-line", found.Checks.Select(check => (check.Layers, check.Coverage)));
        Line(chart, "line", found.Checks.Where(check => check.Exits > 0).Select(check => (check.Layers, check.Precision)));
        foreach (var check in found.Checks)
        {
            var (x, coverage) = (chart.Middle(check.Layers - 1), chart.Y(100 * check.Coverage));
            chart.Draw($"<rect class=\"other-dot\" x=\"{x - 4}\" y=\"{coverage - 4}\" width=\"8\" height=\"8\"><title>after {check.Layers} layers: {Percent(check.Coverage)} of those that come leave</title></rect>");
            if (check.Exits > 0)
            {
                var y = chart.Y(100 * check.Precision);
                chart.Draw($"<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"4\"><title>after {check.Layers} layers: {Percent(check.Precision)} of those that leave are right</title></circle>");
                if (chart.Column >= LabelWidth)
                {
                    chart.Draw($"<text x=\"{x + 7}\" y=\"{y - 3}\">{100 * check.Precision:0.0}</text>");
                }
            }
        }

        return chart;
    }

    /// <summary>How figures are quoted: <c>mode adaptive, scope decode</c>.</summary>
    public static string Quote(ExitMode mode, ExitScope scope) => $"mode {SpecWords.Of(mode)}, scope {SpecWords.Of(scope)}";

    /// <summary>A share as people read it.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    /// <summary>A share that is to be near all or nothing.</summary>
    public static string Fine(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %");

    private static void Line(ColumnChart chart, string style, IEnumerable<(int Layers, double Share)> points) =>
        chart.Draw($"<polyline class=\"{style}\" points=\"{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{chart.Middle(point.Layers - 1)},{chart.Y(100 * point.Share)}")))}\"/>");
}
