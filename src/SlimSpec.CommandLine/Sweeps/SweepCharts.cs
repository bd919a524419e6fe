using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>
/// A sweep's results as drawings: one chart for each combination of the axes before the last two; the last axis that is a number goes along the bottom, the
/// last of the others is a line each.
/// </summary>
internal static class SweepCharts
{
    /// <summary>The drawings; none where no axis is a number.</summary>
    public static IEnumerable<ChartFrame> Of(SweepResults results)
    {
        var bottom = results.Varied.LastOrDefault(axis => results.Axes[axis].Values.Count > 1 && results.Axes[axis].Values.All(IsNumber), -1);
        if (bottom < 0 || results.Rows.Count == 0)
        {
            yield break;
        }

        var others = results.Varied.Where(axis => axis != bottom && results.Axes[axis].Values.Count > 1).ToList();
        var series = others.Count > 0 && results.Axes[others[^1]].Values.Count <= LineChart.MostLines ? others[^1] : -1;
        foreach (var panel in results.Groups.Where(group => group.Of(results.Metric) is not null).GroupBy(group => Title(results, others.Where(axis => axis != series), group)))
        {
            var measured = panel.ToList();
            // Places at equal distances, in their order: 1, 2, 12, 24, 48 layers would crowd at the left.
            var places = measured.Select(group => Number(ValueOf(results, group, bottom))).Distinct().Order().ToList();
            yield return Draw(results, measured, panel.Key, series, $"{results.Labels[bottom]} ({results.Axes[bottom].Key}), and the model's parameters", group => places.IndexOf(Number(ValueOf(results, group, bottom))), group => $"{ValueOf(results, group, bottom)}: {Size(group)}");
            yield return Draw(results, measured, panel.Key, series, "parameters of the model", Parameters, Size);
        }
    }

    private static ChartFrame Draw(SweepResults results, IReadOnlyList<SweepGroup> drawn, string title, int series, string bottom, Func<SweepGroup, double> place, Func<SweepGroup, string> mark)
    {
        var metric = results.Metric;
        var scale = metric == "accuracy" ? 100 : 1;
        var lines = drawn.GroupBy(group => series < 0 ? metric : ValueOf(results, group, series)).Select(line => new ChartLine(
            line.Key,
            [.. line.OrderBy(place).Select(group => new ChartPoint(place(group), scale * group.Of(metric)!.Value.Mean, scale * (group.Of(metric)!.Value.Deviation ?? 0)))]));
        IReadOnlyList<(double, string)> marks = [.. drawn.DistinctBy(place).Select(group => (place(group), mark(group)))];
        var remark = $"{metric}{(scale == 100 ? " in %" : "")} against {bottom}{(results.Varied.Count < results.Axes.Count ? "; bars: standard deviation over seeds" : "")}";
        return LineChart.Of($"{results.Recipe}{(title.Length > 0 ? $": {title}" : "")}", remark, bottom, marks, [.. lines], [.. Levels(drawn)]);
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

    private static string Title(SweepResults results, IEnumerable<int> axes, SweepGroup group) =>
        string.Join(", ", axes.Select(axis => $"{results.Labels[axis]} {ValueOf(results, group, axis)}"));

    private static string ValueOf(SweepResults results, SweepGroup group, int axis) => group.Values[results.Varied.ToList().IndexOf(axis)];

    private static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
