using System.Diagnostics;
using TorchSharp;

namespace SlimSpec.LargeBenchmark;

/// <summary>How fast the machine multiplies matrices of the model's sizes.</summary>
internal static class GemmRate
{
    private const int Repeats = 5;

    /// <summary>
    /// Multiply-accumulates a second of what a linear does in calibration, the product and the gradients by input and weight, for
    /// [<paramref name="rows"/>, <paramref name="inner"/>] times [<paramref name="inner"/>, <paramref name="columns"/>]: the best of some rounds.
    /// </summary>
    public static double Measure(long rows, long inner, long columns)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (x, weight, gradient) = (torch.randn(rows, inner), torch.randn(columns, inner), torch.randn(rows, columns));
        var best = double.PositiveInfinity;
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            torch.nn.functional.linear(x, weight).Dispose();
            gradient.mm(weight).Dispose();
            gradient.t().mm(x).Dispose();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 3.0 * rows * inner * columns / best;
    }
}
