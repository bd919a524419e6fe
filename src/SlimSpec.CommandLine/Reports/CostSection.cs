namespace SlimSpec.CommandLine;

/// <summary>Latency and memory of the dense and of the slim model.</summary>
internal static class CostSection
{
    /// <summary>Adds the section; nothing where nothing was measured.</summary>
    public static void Add(HtmlReport page, RunRecord run)
    {
        if (run.Cost is not { } cost)
        {
            return;
        }

        page.AddSection("Latency and memory", "The models took turns in one process, so that whatever else the machine did met both. Prefill reads the prompt, decode makes the tokens behind it.");
        foreach (var table in CostTable.Tables(cost))
        {
            page.AddTable(table);
        }

        if (cost.Models.Any(model => model.Timings.Count > 0))
        {
            page.AddFigure(Chart("Prefill", "ms for all prompts together, medians, lines from the least to the most; lower is better", cost, timing => timing.Prefill).AsElement());
            page.AddFigure(Chart("Decode", "ms a token, all sequences together, medians, lines from the least to the most; lower is better", cost, timing => timing.Decode).AsElement());
        }
    }

    private static ChartFrame Chart(string title, string remark, CostRecord cost, Func<LatencyRecord, Spread> spread)
    {
        var batches = cost.Models.SelectMany(model => model.Timings).Select(RunFigures.Batch).Distinct().ToList();
        return BarGroups.Of(title, remark, "batch size x prompt", [.. cost.Models.Select(model => model.Name)], [.. batches.Select(batch => new BarGroup(batch, [.. cost.Models.Select(model => Bar(model, batch))]))]);

        ChartBar? Bar(ModelCostRecord model, string batch) => model.Timings.FirstOrDefault(timing => RunFigures.Batch(timing) == batch) is { } timing && spread(timing) is var (median, least, most)
            ? new(1000 * median, 1000 * least, 1000 * most)
            : null;
    }
}
