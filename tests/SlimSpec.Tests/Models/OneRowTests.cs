namespace SlimSpec.Tests.Models;

/// <summary>The operations of one row, in float32 on the CPU, against the general ones in float64.</summary>
public class OneRowTests
{
    public OneRowTests() => torch.random.manual_seed(7);

    [Theory]
    [InlineData(64)]
    [InlineData(77)]
    public void The_norms_of_a_row(int hidden)
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight, bias) = (Random(hidden) + 2, Random(hidden), Random(hidden));

        Equal(Kernels.rms_norm(x, weight, 1e-5), Kernels.rms_norm(Wide(x), Wide(weight), 1e-5));
        Equal(Kernels.rms_norm(x, weight, 1e-5, 1), Kernels.rms_norm(Wide(x), Wide(weight), 1e-5, 1));
        Equal(Kernels.layer_norm(x, weight, bias, 1e-5), Kernels.layer_norm(Wide(x), Wide(weight), Wide(bias), 1e-5));
        Equal(Kernels.layer_norm(x, weight, null, 1e-5), Kernels.layer_norm(Wide(x), Wide(weight), null, 1e-5));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(77)]
    public void Gelu_of_a_row(int channels)
    {
        using var scope = torch.NewDisposeScope();
        var x = Random(channels) * 4;

        Equal(Kernels.gelu_tanh(x), Kernels.gelu_tanh(Wide(x)));
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

        var slopes = torch.tensor(AlibiSlopes.Formula(heads), dtype: torch.ScalarType.Float32);

        foreach (var window in new[] { 0, 6 })
        {
            Equal(Kernels.attention(q, k, v, window), Kernels.attention(Wide(q), Wide(k), Wide(v), window));
            Equal(Kernels.attention(q, k, v, window, slopes), Kernels.attention(Wide(q), Wide(k), Wide(v), window, slopes));
        }
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
