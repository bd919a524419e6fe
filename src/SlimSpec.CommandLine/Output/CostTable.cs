using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What models cost, side by side, for people.</summary>
internal static class CostTable
{
    /// <summary>Writes the tables.</summary>
    public static void Write(TextWriter output, CostRecord cost)
    {
        foreach (var table in Tables(cost))
        {
            table.Write(output);
        }
    }

    /// <summary>The tables: sizes, and latency by batch size and prompt.</summary>
    public static IReadOnlyList<ReportTable> Tables(CostRecord cost) => [Sizes(cost), Latency(cost)];

    private static ReportTable Sizes(CostRecord cost) => new(
        "Size in memory",
        ["model", ">parameters", ">weights", ">keys and values a token"],
        [.. cost.Models.Select(model => new[] { model.Name, Numbers.Scaled(model.Parameters), $"{Numbers.Scaled(model.WeightBytes)}B", $"{Numbers.Scaled(model.CacheBytesPerToken)}B" })],
        []);

    private static ReportTable Latency(CostRecord cost) => new(
        $"Latency ({cost.Device}, {cost.Dtype}{(cost.Threads is { } threads ? $", {threads} thread{(threads == 1 ? "" : "s")}" : "")})",
        [">batch", ">prompt", "model", ">MACs", ">prefill ms", ">", ">speed-up", ">decode ms/token", ">", ">speed-up", ">peak MiB"],
        [.. cost.Models[0].Timings.SelectMany((_, place) => cost.Models.Select(model => Row(cost.Models[0], model, place)))],
        [string.Create(CultureInfo.InvariantCulture, $"medians of {cost.Rounds} round{(cost.Rounds == 1 ? "" : "s")} in turns after one to warm up, with least and most; {cost.NewTokens} tokens decoded behind each prompt; peak: the weights, and how much memory grew by at most while the model ran")]);

    private static string[] Row(ModelCostRecord first, ModelCostRecord model, int place)
    {
        var (timing, reference) = (model.Timings[place], first.Timings[place]);
        return
        [
            $"{timing.BatchSize}", $"{timing.PromptTokens}", model.Name, Numbers.Scaled(timing.Macs),
            Milliseconds(timing.Prefill.Median), Range(timing.Prefill), Times(reference.Prefill, timing.Prefill, model == first),
            Milliseconds(timing.Decode.Median), Range(timing.Decode), Times(reference.Decode, timing.Decode, model == first),
            timing.PeakMb.ToString("F0", CultureInfo.InvariantCulture),
        ];
    }

    private static string Milliseconds(double seconds) => Numbers.Short(1000 * seconds);

    private static string Range(Spread spread) => $"{Milliseconds(spread.Least)}-{Milliseconds(spread.Most)}";

    private static string Times(Spread reference, Spread spread, bool isReference) =>
        isReference ? "" : string.Create(CultureInfo.InvariantCulture, $"{reference.Median / spread.Median:0.00}x");
}
