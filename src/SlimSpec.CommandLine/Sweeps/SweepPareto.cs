namespace SlimSpec.CommandLine;

/// <summary>A sweep's combinations by size and by how good they are: which of them are worth having.</summary>
internal static class SweepPareto
{
    /// <summary>The drawings with names for their files: one for each number that says how good a model is, and each panel; none where all models are of one size.</summary>
    public static IEnumerable<(string File, ChartFrame Chart)> Of(SweepResults results)
    {
        foreach (var metric in results.Qualities)
        {
            foreach (var panel in SweepPanels.Of(results, metric).Where(panel => panel.Groups.Select(Size).Distinct().Count() > 1))
            {
                var named = results.Varied.Where(axis => results.Axes[axis].Values.Count > 1 && !panel.Axes.Contains(axis)).ToList();
                var remark = $"{Unit(metric)} against size{(results.Varied.Count < results.Axes.Count ? "; bars: standard deviation over seeds" : "")}";
                yield return (
                    SweepPanels.File(results, panel, $"pareto-{metric}"),
                    ScatterChart.Of($"{results.Recipe}: {metric}{(panel.Title.Length > 0 ? $", {panel.Title}" : "")}", remark, [.. panel.Groups.Select(group => Point(results, group, named, metric, SweepRow.IsShare(metric) ? 100 : 1))], SweepRow.IsShare(metric)));
            }
        }
    }

    private static ScatterPoint Point(SweepResults results, SweepGroup group, IReadOnlyList<int> named, string metric, double scale)
    {
        var (mean, deviation) = group.Of(metric)!.Value;
        return new(string.Join(", ", named.Select(axis => $"{results.Labels[axis]} {results.ValueOf(group, axis)}")), Size(group), scale * mean, scale * (deviation ?? 0));
    }

    private static string Unit(string metric) => metric switch
    {
        "zero_shot" => "% right on the multiple-choice tasks, on average,",
        _ when SweepRow.IsShare(metric) => $"{metric} in %",
        _ => metric,
    };

    private static double Size(SweepGroup group) => group.Of("parameters")!.Value.Mean;
}
