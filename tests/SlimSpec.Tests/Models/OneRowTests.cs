namespace SlimSpec.Tests.Models;

/// <summary>The operations of one row, in float32 on the CPU, against the general ones in float64.</summary>
public class OneRowTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(77)]
    public void The_norm_of_a_row(int hidden)
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight) = (Random(hidden), Random(hidden));

        Equal(Kernels.rms_norm(x, weight, 1e-5), Kernels.rms_norm(Wide(x), Wide(weight), 1e-5));
    }

    [Fact]
    public void The_rotation_of_a_position()
    {
        using var scope = torch.NewDisposeScope();
        using var table = new RotaryTable(16, 10000, torch.ScalarType.Float32, torch.CPU);
        var (cos, sin) = table.Rows(5, 1);
        var x = Random(1, 3, 1, 16);

        Equal(Kernels.rotate(x, cos, sin), Kernels.rotate(Wide(x), Wide(cos), Wide(sin)));
    }

    [Theory]
    [InlineData(4, 4, 16, 1)]
    [InlineData(4, 4, 64, 33)]
    [InlineData(6, 2, 24, 19)]
    [InlineData(4, 1, 12, 7)]
    [InlineData(2, 2, 16, 1000)]
    public void Attention_of_the_last_position(int heads, int groups, int headDim, int positions)
    {
        using var scope = torch.NewDisposeScope();
        var q = Random(1, heads, 1, headDim);
        var k = Random(1, groups, positions + 9, headDim).narrow(2, 0, positions); // as the cache gives them
        var v = Random(1, groups, positions + 5, headDim).narrow(2, 0, positions);

        Equal(Kernels.attention(q, k, v), Kernels.attention(Wide(q), Wide(k), Wide(v)));
    }

    [Fact]
    public void Gradients_flow_through_a_row_where_they_are_asked_for()
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight) = (Random(64), Random(64).requires_grad_());

        Kernels.rms_norm(x, weight, 1e-5).sum().backward();

        weight.grad!.shape.ShouldBe([64]);
    }

    private static torch.Tensor Random(params long[] shape) => torch.randn(shape);

    private static torch.Tensor Wide(torch.Tensor x) => x.to(torch.ScalarType.Float64);

    private static void Equal(torch.Tensor actual, torch.Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        (Wide(actual) - expected).abs().max().item<double>().ShouldBeLessThan(1e-5);
    }
}
