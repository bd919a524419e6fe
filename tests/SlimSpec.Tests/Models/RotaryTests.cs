using System.Numerics;

namespace SlimSpec.Tests.Models;

/// <summary>Rotation in every layout: a pair of channels is a complex number that turns by its frequency for each position.</summary>
public class RotaryTests
{
    private const double Theta = 10000;

    public RotaryTests() => torch.random.manual_seed(7);

    /// <summary>Head dimension, rotated channels, block (0: as it comes).</summary>
    public static readonly TheoryData<int, int, int> Layouts = new()
    {
        { 16, 16, 0 },
        { 16, 4, 0 },
        { 16, 16, 2 },
        { 24, 8, 2 },
        { 16, 16, 8 },
        { 24, 12, 4 },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Pairs_turn_by_their_frequency(int headDim, int dims, int block)
    {
        using var scope = torch.NewDisposeScope();
        using var table = Table(dims, block, torch.ScalarType.Float64);
        var x = torch.randn(2, 3, 7, headDim, dtype: torch.ScalarType.Float64);
        var (cos, sin) = table.Rows(5, 7);

        var turned = Kernels.rotate(x, cos, sin, block);

        for (var token = 0; token < 7; token++)
        {
            Check(turned[1, 2, token], x[1, 2, token], dims, table.Block, pair => (token + 5) * Math.Pow(Theta, -2.0 * pair / dims));
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void One_row_equals_the_general_path(int headDim, int dims, int block)
    {
        using var scope = torch.NewDisposeScope();
        using var table = Table(dims, block, torch.ScalarType.Float32);
        var x = torch.randn(1, 3, 1, headDim);
        var (cos, sin) = table.Rows(9, 1);

        var turned = Kernels.rotate(x, cos, sin, block);

        Tensors.LargestDifference(turned, Kernels.rotate(x.@double(), cos.@double(), sin.@double(), block)).ShouldBeLessThan(1e-6);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Gradients_equal_finite_differences(int headDim, int dims, int block)
    {
        using var scope = torch.NewDisposeScope();
        using var table = Table(dims, block, torch.ScalarType.Float64);
        var x = torch.randn(1, 2, 3, headDim, dtype: torch.ScalarType.Float64).requires_grad_();
        var (cos, sin) = table.Rows(2, 3);

        FiniteDifferences.Check(() => Kernels.rotate(x, cos, sin, block), x);
    }

    [Fact]
    public void Each_half_of_a_head_turns_by_a_position_of_its_own()
    {
        using var scope = torch.NewDisposeScope();
        using var table = new RotaryTable(16, Theta, torch.ScalarType.Float64, torch.CPU) { Planes = 2 };
        long[] positions = [4, 4, 300, 0, 1, 2, 7, 7, 7, 5, 0, 9]; // [batch, plane, token]
        var (cos, sin) = table.Rows(torch.tensor(positions, [2, 2, 3]), 301);
        var x = torch.randn(2, 3, 3, 16, dtype: torch.ScalarType.Float64);

        var turned = Kernels.rotate(x, cos, sin, table.Block);

        table.Block.ShouldBe(8);
        cos.shape.ShouldBe([2, 1, 3, 16]);
        for (var place = 0; place < positions.Length; place++)
        {
            var (row, plane, token) = (place / 6, place / 3 % 2, place % 3);
            Check(turned[row, 1, token].narrow(0, 8 * plane, 8), x[row, 1, token].narrow(0, 8 * plane, 8), 8, 8, pair => positions[place] * Math.Pow(Theta, -2.0 * pair / 8));
        }
    }

    [Fact]
    public void Frequencies_rounded_to_float16_are_those_of_the_original()
    {
        // The rotary_emb.inv_freq buffer of the first ChatGLM-6B with heads of 16 channels.
        using var table = new RotaryTable(16, Theta, torch.ScalarType.Float64, torch.CPU) { Planes = 2, HalfPrecisionFrequencies = true };

        Frequencies(table, 4).ShouldBe([1, 0.0999755859375, 0.01000213623046875, 0.0010004043579101562], 1e-12);
    }

    [Fact]
    public void Linear_scaling_slows_every_wave()
    {
        using var table = new RotaryTable(8, Theta, torch.ScalarType.Float64, torch.CPU) { Scaling = RotaryScaling.Linear(4) };

        Frequencies(table, 4).ShouldBe([0.25, 0.025, 0.0025, 0.00025], 1e-12);
    }

    [Theory]
    [InlineData(16, 5e5, 8, 1, 4, 32)] // the golden's
    [InlineData(128, 5e5, 8, 1, 4, 8192)] // Llama 3.1's
    [InlineData(64, 5e5, 32, 1, 4, 8192)] // Llama 3.2's
    public void Llama_3_scaling_is_that_of_transformers(int dims, double theta, double factor, double low, double high, double original)
    {
        using var table = new RotaryTable(dims, theta, torch.ScalarType.Float64, torch.CPU) { Scaling = RotaryScaling.Llama3(factor, low, high, original) };

        Frequencies(table, dims / 2).ShouldBe(Enumerable.Range(0, dims / 2).Select(pair =>
        {
            var frequency = Math.Pow(theta, -2.0 * pair / dims);
            var wavelength = 2 * Math.PI / frequency;
            var smooth = ((original / wavelength) - low) / (high - low);
            return wavelength > original / low ? frequency / factor
                : wavelength < original / high ? frequency
                : ((1 - smooth) * frequency / factor) + (smooth * frequency);
        }), 1e-12);
    }

    [Fact]
    public void A_longer_sequence_makes_the_table_longer_and_leaves_earlier_rows_alone()
    {
        using var table = new RotaryTable(8, Theta, torch.ScalarType.Float32, torch.CPU);
        var (early, _) = table.Rows(0, 4);
        using var copy = early.clone();

        var (late, _) = table.Rows(1000, 3);

        late.shape.ShouldBe([3, 8]);
        Tensors.LargestDifference(early, copy).ShouldBe(0);
        Tensors.LargestDifference(table.Rows(0, 4).Cos, copy).ShouldBe(0);
    }

    private static RotaryTable Table(int dims, int block, torch.ScalarType dtype) => new(dims, Theta, dtype, torch.CPU) { Block = block };

    // The angles at position 1, all below half a turn.
    private static double[] Frequencies(RotaryTable table, int pairs)
    {
        using var scope = torch.NewDisposeScope();
        var (cos, sin) = table.Planes == 1 ? table.Rows(1, 1) : table.Rows(torch.ones(1, 2, 1, dtype: torch.ScalarType.Int64), 2);
        var (c, s) = (cos.contiguous().data<double>().ToArray(), sin.contiguous().data<double>().ToArray());
        return [.. Enumerable.Range(0, pairs).Select(pair => Math.Atan2(-s[pair], c[pair]))];
    }

    private static void Check(torch.Tensor turned, torch.Tensor head, int dims, int block, Func<int, double> angle)
    {
        var (after, before) = (turned.contiguous().data<double>().ToArray(), head.contiguous().data<double>().ToArray());
        after[dims..].ShouldBe(before[dims..]);
        for (var pair = 0; pair < dims / 2; pair++)
        {
            var first = (pair / (block / 2) * block) + (pair % (block / 2));
            var second = first + (block / 2);
            var expected = new Complex(before[first], before[second]) * Complex.FromPolarCoordinates(1, angle(pair));
            (new Complex(after[first], after[second]) - expected).Magnitude.ShouldBeLessThan(1e-12, $"pair {pair}");
        }
    }
}
