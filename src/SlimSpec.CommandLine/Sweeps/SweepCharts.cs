using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A sweep's results as drawings: two a panel, against the axis along the bottom and against the model's size.</summary>
internal static class SweepCharts
{
    /// <summary>The drawings with names for their files; none where no axis is a number.</summary>
    public static IEnumerable<(string File, ChartFrame Chart)> Of(SweepResults results)
    {
        var bottom = SweepPanels.Bottom(results);
        if (bottom < 0)
        {
            yield break;
        }

        foreach (var panel in SweepPanels.Of(results))
        {
            // Places at equal distances, in their order: 1, 2, 12, 24, 48 layers would crowd at the left.
            var places = panel.Groups.Select(group => Number(results.ValueOf(group, bottom))).Distinct().Order().ToList();
            var layers = $"{results.Labels[bottom]} ({results.Axes[bottom].Key}), and the model's parameters";
            yield return (SweepPanels.File(results, panel, results.Metric, results.Labels[bottom]), Draw(results, panel, layers, group => places.IndexOf(Number(results.ValueOf(group, bottom))), group => $"{results.ValueOf(group, bottom)}: {Size(group)}"));
            if (panel.Groups.Select(Parameters).Distinct().Count() > 1)
            {
                yield return (SweepPanels.File(results, panel, results.Metric, "parameters"), Draw(results, panel, "parameters of the model", Parameters, Size));
            }
        }
    }

    private static ChartFrame Draw(SweepResults results, SweepPanel panel, string bottom, Func<SweepGroup, double> place, Func<SweepGroup, string> mark)
    {
        var metric = results.Metric;
        var scale = SweepRow.IsShare(metric) ? 100 : 1;
        var lines = panel.Groups.GroupBy(group => panel.Lines < 0 ? metric : results.ValueOf(group, panel.Lines)).Select(line => new ChartLine(
            line.Key,
            [.. line.OrderBy(place).Select(group => new ChartPoint(place(group), scale * group.Of(metric)!.Value.Mean, scale * (group.Of(metric)!.Value.Deviation ?? 0)))]));
        IReadOnlyList<(double, string)> marks = [.. panel.Groups.DistinctBy(place).Select(group => (place(group), mark(group)))];
        var remark = $"{metric}{(scale == 100 ? " in %" : "")} against {bottom}{(results.AreRepeated ? "; bars: standard deviation over seeds" : "")}";
        return LineChart.Of($"{results.Recipe}{(panel.Title.Length > 0 ? $": {panel.Title}" : "")}", remark, bottom, marks, [.. lines], [.. Levels(panel.Groups)], areRatios: !SweepRow.IsShare(metric));
    }

    // What is known without a model; the same for all lines of one task.
    private static IEnumerable<ChartLevel> Levels(IReadOnlyList<SweepGroup> drawn)
    {
        foreach (var (metric, name) in new[] { ("majority_accuracy", "majority"), ("bag_of_words_accuracy", "bag of words") })
        {
            var levels = drawn.Select(group => group.Of(metric)?.Mean).OfType<double>().ToList();
            if (levels.Count > 0 && levels.Max() - levels.Min() < 0.02)
            {
                yield return new(name, 100 * levels.Average());
            }
        }
    }

    private static double Parameters(SweepGroup group) => group.Of("parameters")!.Value.Mean;

    private static string Size(SweepGroup group) => Numbers.Scaled((long)Parameters(group));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
