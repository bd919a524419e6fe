using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>Streamed statistics of activations against two passes over all of them at once.</summary>
public class InputStatisticsTests
{
    private const int Samples = 7;
    private const int Tokens = 300; // more than are taken at a time
    private const int Channels = 5;

    [Theory]
    [InlineData(ScalarType.Float64, 1e-12)]
    [InlineData(ScalarType.Float32, 1e-12)] // statistics run in float64 whatever the model does
    [InlineData(ScalarType.BFloat16, 1e-12)]
    public void They_are_those_of_two_passes(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var x = Activations().to(dtype);
        using var statistics = Take(x, [Samples]);

        var all = x.to(ScalarType.Float64).reshape(-1, Channels);
        var mean = all.sum([0]) / (Samples * Tokens);
        var variance = (all - mean).square().sum([0]) / ((Samples * Tokens) - 1);
        ShouldAgree(statistics.Mean, mean, tolerance);
        ShouldAgree(statistics.Variance, variance, tolerance);
        ShouldAgree(statistics.SquaresPerSample, all.square().sum([0]) / Samples, tolerance);
        ShouldAgree(statistics.MeanAbsolute, x.to(ScalarType.Float64).abs().mean([1]).square().sum([0]).sqrt(), tolerance);
        (statistics.Samples, statistics.Tokens).ShouldBe((Samples, Samples * Tokens));
    }

    // A sum of squares less the squared mean would leave nothing of it in float32, and a few digits in float64.
    [Fact]
    public void The_variance_survives_a_mean_that_is_much_larger()
    {
        using var scope = NewDisposeScope();
        var x = Activations();
        using var near = Take(x, [Samples]);
        using var far = Take(x + 1e8, [Samples]);
        ShouldAgree(far.Variance, near.Variance, 1e-6);
    }

    [Fact]
    public void They_do_not_depend_on_how_samples_are_batched()
    {
        using var scope = NewDisposeScope();
        var x = Activations();
        using var together = Take(x, [Samples]);
        using var apart = Take(x, [2, 1, 4]);
        foreach (var (left, right) in new[] { (together.Mean, apart.Mean), (together.Variance, apart.Variance), (together.MeanAbsolute, apart.MeanAbsolute) })
        {
            left.bytes.SequenceEqual(right.bytes).ShouldBeTrue();
        }
    }

    private static Tensor Activations()
    {
        manual_seed(1);
        var scale = tensor(new[] { 1e-3, 0.1, 1, 10, 1e3 });
        return (randn([Samples, Tokens, Channels], dtype: ScalarType.Float64) + 0.3) * scale;
    }

    private static InputStatistics Take(Tensor x, int[] batches)
    {
        var statistics = new InputStatistics(Channels, CPU);
        var start = 0;
        foreach (var rows in batches)
        {
            statistics.Add(x.narrow(0, start, rows));
            start += rows;
        }

        return statistics;
    }

    private static void ShouldAgree(Tensor actual, Tensor expected, double relative) =>
        ((actual - expected).abs() / expected.abs()).max().item<double>().ShouldBeLessThan(relative);
}
