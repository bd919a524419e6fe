using System.Diagnostics;
using System.Globalization;
using TorchSharp;

namespace SlimSpec.ExitBenchmark;

/// <summary>What a layer takes for tokens that waited together, over one token alone: the price of deferred keys and values.</summary>
internal static class RowsTable
{
    private const int Context = 128;
    private const int Turns = 12;
    private static readonly int[] Rows = [1, 2, 3, 5, 9];

    /// <summary>Measures a recipe's layers.</summary>
    public static void Write(TextWriter output, CausalLM model)
    {
        using var noGradients = torch.no_grad();
        using var cache = model.CreateCache(capacity: Context + Rows[^1]);
        using var ids = torch.ones([1, Context], dtype: torch.ScalarType.Int64);
        model.Prefill(ids, cache).Dispose();
        var times = Rows.Select(_ => new List<double>()).ToArray();
        for (var turn = 0; turn < Turns; turn++)
        {
            for (var i = 0; i < Rows.Length; i++)
            {
                times[i].Add(Pass(model, cache, Rows[i]));
            }
        }

        var medians = times.Select(all => all.Skip(Turns / 4).Order().ElementAt(Turns * 3 / 8)).ToList();
        output.WriteLine($"| tokens together | {string.Join(" | ", Rows)} |\n|---|{string.Concat(Rows.Select(_ => "---|"))}");
        output.WriteLine($"| a layer, over one token alone | {string.Join(" | ", medians.Select(time => (time / medians[0]).ToString("0.00", CultureInfo.InvariantCulture)))} |");
    }

    private static double Pass(CausalLM model, KeyValueCache cache, int tokens)
    {
        using var scope = torch.NewDisposeScope();
        var rows = torch.randn(tokens, model.Shape.HiddenSize);
        using var pass = model.Resume(cache.Length, tokens, cache);
        var start = Stopwatch.GetTimestamp();
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            rows = model.DecodeLayer(layer, rows, pass, cache);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
