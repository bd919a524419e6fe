using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A sweep's results as tables: means over repetitions.</summary>
internal static class SweepTables
{
    private static readonly string[] Classification = ["accuracy", "macro_f1", "majority_accuracy", "bag_of_words_accuracy"];

    /// <summary>For each chart the best combination and, where there are repetitions, the smallest model that is within the best one's deviation of it.</summary>
    public static ReportTable Best(SweepResults results)
    {
        var metric = results.Metric;
        var sign = SweepRow.IsShare(metric) ? 1 : -1;
        var panels = SweepPanels.Of(results);
        var rows = panels.Select(panel =>
        {
            var best = panel.Groups.MaxBy(group => sign * group.Of(metric)!.Value.Mean)!;
            var (mean, deviation) = best.Of(metric)!.Value;
            var enough = panel.Groups.Where(group => sign * group.Of(metric)!.Value.Mean >= (sign * mean) - (deviation ?? 0)).MinBy(group => group.Of("parameters")!.Value.Mean)!;
            return (string[])[panel.Title, .. Describe(best), .. results.AreRepeated ? Describe(enough) : []];
        });
        string[] headers = ["", "best", $">{metric}", ">parameters", .. results.AreRepeated ? ["smallest within its deviation", $">{metric}", ">parameters"] : Array.Empty<string>()];
        return new($"Best {metric}{(SweepRow.IsShare(metric) ? " in %" : "")}", headers, [.. rows], Missing(results));

        string[] Describe(SweepGroup group) => [Name(results, group, panels[0].Axes), Cell(group, metric), Numbers.Scaled((long)group.Of("parameters")!.Value.Mean)];
    }

    private static string Name(SweepResults results, SweepGroup group, IReadOnlyList<int> fixedAxes) =>
        string.Join(", ", results.Varied.Select((axis, i) => (axis, i)).Where(pair => !fixedAxes.Contains(pair.axis)).Select(pair => $"{results.Labels[pair.axis]} {group.Values[pair.i]}"));

    private static string[] Missing(SweepResults results) => results.Rows.Count < results.Cells ? [$"{results.Rows.Count} of {results.Cells} cells are done"] : [];

    /// <summary>Every combination in a row.</summary>
    public static ReportTable All(SweepResults results)
    {
        string[] metrics = [.. results.Qualities.DefaultIfEmpty(results.Metric).SelectMany(quality => quality == "accuracy" ? Classification : [quality])];
        string[] headers = [.. results.Varied.Select(axis => results.Labels[axis]), ">parameters", .. metrics.Select(metric => $">{Header(metric)}"), .. results.AreRepeated ? [">runs"] : Array.Empty<string>(), ">seconds"];
        return new(
            $"All combinations{(results.AreRepeated ? ", mean and standard deviation over the seeds" : "")}",
            headers,
            [.. results.Groups.Select(group => (string[])[
                .. group.Values,
                Numbers.Scaled((long)group.Of("parameters")!.Value.Mean),
                .. metrics.Select(metric => Cell(group, metric)),
                .. results.AreRepeated ? [group.Rows.Count.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(),
                $"{group.Of("seconds")!.Value.Mean:F1}"])],
            Missing(results));
    }

    // macro_f1 as "macro F1 %"
    private static string Header(string metric) => metric switch
    {
        "perplexity" => metric,
        "macro_f1" => "macro F1 %",
        _ => $"{metric.Replace("_accuracy", "", StringComparison.Ordinal).Replace('_', ' ')} %",
    };

    /// <summary>A number of a group as people read it: shares in per cent.</summary>
    public static string Cell(SweepGroup group, string metric) => group.Of(metric) switch
    {
        null => "-",
        { Deviation: null, Mean: var mean } => Text(metric, mean),
        { Deviation: { } deviation, Mean: var mean } => $"{Text(metric, mean)} +- {Text(metric, deviation)}",
    };

    private static string Text(string metric, double number) => !SweepRow.IsShare(metric) ? Numbers.Short(number) : string.Create(CultureInfo.InvariantCulture, $"{100 * number:0.0}");
}
