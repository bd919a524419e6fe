using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>Results that are shown together.</summary>
/// <param name="Title">What they have in common, in words.</param>
/// <param name="Axes">The axes that are the same for all of them.</param>
/// <param name="Lines">The axis whose values are a line each; -1: there is one line.</param>
/// <param name="Groups">The results.</param>
internal sealed record SweepPanel(string Title, IReadOnlyList<int> Axes, int Lines, IReadOnlyList<SweepGroup> Groups);

/// <summary>
/// How a sweep is laid out: the last axis that is a number goes along the bottom, the last of the others is a line each, and each combination of the rest
/// is a panel of its own.
/// </summary>
internal static class SweepPanels
{
    /// <summary>The panels of what has been measured of the number that the sweep is about.</summary>
    public static IReadOnlyList<SweepPanel> Of(SweepResults results) => Of(results, results.Metric);

    /// <summary>The panels of what has been measured of a number.</summary>
    public static IReadOnlyList<SweepPanel> Of(SweepResults results, string metric)
    {
        var bottom = Bottom(results);
        var others = results.Varied.Where(axis => axis != bottom && results.Axes[axis].Values.Count > 1).ToList();
        var lines = bottom >= 0 && others.Count > 0 && results.Axes[others[^1]].Values.Count <= LineChart.MostLines ? others[^1] : -1;
        List<int> same = bottom < 0 ? [] : [.. others.Where(axis => axis != lines)];
        return [.. results.Groups
            .Where(group => group.Of(metric) is not null)
            .GroupBy(group => string.Join(", ", same.Select(axis => $"{results.Labels[axis]} {results.ValueOf(group, axis)}")))
            .Select(panel => new SweepPanel(panel.Key, same, lines, [.. panel]))];
    }

    /// <summary>Name of a file for a drawing of a panel: <c>accuracy-keep-trec.svg</c>.</summary>
    /// <param name="results">The sweep.</param>
    /// <param name="panel">The panel.</param>
    /// <param name="what">What is drawn.</param>
    public static string File(SweepResults results, SweepPanel panel, params IEnumerable<string> what) =>
        $"{string.Join('-', what.Concat(panel.Axes.Select(axis => results.ValueOf(panel.Groups[0], axis))).Select(SweepGrid.AsName))}.svg";

    /// <summary>The axis along the bottom; -1: none is a number.</summary>
    public static int Bottom(SweepResults results) =>
        results.Varied.LastOrDefault(axis => results.Axes[axis].Values.Count > 1 && results.Axes[axis].Values.All(value => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)), -1);
}
