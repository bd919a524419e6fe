namespace SlimSpec.CommandLine;

/// <summary>A sweep's combinations by size and by how good they are: which of them are worth having.</summary>
internal static class SweepPareto
{
    /// <summary>The drawings with names for their files: one for each number that says how good a model is, and each panel.</summary>
    public static IEnumerable<(string File, ChartFrame Chart)> Of(SweepResults results) => results.Qualities.SelectMany(metric => Panels(results, metric).Select(panel => (
        SweepPanels.File(results, panel, $"pareto-{metric}"),
        ScatterChart.Of($"{results.Recipe}: {metric}{(panel.Title.Length > 0 ? $", {panel.Title}" : "")}", Remark(results, panel, metric), Points(results, panel, metric), SweepRow.IsShare(metric)))));

    /// <summary>The combinations that no other one beats in size and in the number that the sweep is about; null where there is nothing to choose from.</summary>
    public static ReportTable? Frontier(SweepResults results)
    {
        var metric = results.Metric;
        var panels = Panels(results, metric).ToList();
        var rows = panels.SelectMany(panel => ScatterChart.Frontier(Points(results, panel, metric), SweepRow.IsShare(metric))
            .Select(point => new[] { panel.Title, point.Name, Numbers.Scaled((long)point.Size), Numbers.Short(point.Value) })).ToList();
        return rows.Count == 0
            ? null
            : new("The frontier: combinations that no other one beats in both", ["", string.Join(" and ", Named(results, panels[0]).Select(axis => results.Labels[axis])), ">parameters", $">{metric}{(SweepRow.IsShare(metric) ? " %" : "")}"], rows, []);
    }

    // Nothing can be chosen between models of one size.
    private static IEnumerable<SweepPanel> Panels(SweepResults results, string metric) => SweepPanels.Of(results, metric).Where(panel => panel.Groups.Select(Size).Distinct().Count() > 1);

    private static IReadOnlyList<ScatterPoint> Points(SweepResults results, SweepPanel panel, string metric)
    {
        var named = Named(results, panel);
        var scale = SweepRow.IsShare(metric) ? 100 : 1;
        return [.. panel.Groups.Select(group => Point(group, group.Of(metric)!.Value))];

        ScatterPoint Point(SweepGroup group, (double Mean, double? Deviation) value) =>
            new(string.Join(' ', named.Select(axis => results.ValueOf(group, axis))), Size(group), scale * value.Mean, scale * (value.Deviation ?? 0));
    }

    // What tells the points of a panel apart.
    private static List<int> Named(SweepResults results, SweepPanel panel) => [.. results.Varied.Where(axis => results.Axes[axis].Values.Count > 1 && !panel.Axes.Contains(axis))];

    private static string Remark(SweepResults results, SweepPanel panel, string metric)
    {
        var names = $"points by {string.Join(" and ", Named(results, panel).Select(axis => results.Labels[axis]))}";
        var repeats = results.AreRepeated ? "; bars: standard deviation over seeds" : "";
        return $"{(metric == "zero_shot" ? "% right on the multiple-choice tasks, on average" : SweepRow.IsShare(metric) ? $"{metric} in %" : metric)}; {names}{repeats}";
    }

    private static double Size(SweepGroup group) => group.Of("parameters")!.Value.Mean;
}
