namespace SlimSpec.Tests.Models;

/// <summary>
/// The operations of a few rows, in float32 on the CPU, against the general ones in float64; and each row together with others against the row alone,
/// to the bit.
/// </summary>
public class FewRowsTests
{
    public FewRowsTests() => torch.random.manual_seed(7);

    [Theory]
    [InlineData(1, 64)]
    [InlineData(1, 77)]
    [InlineData(5, 64)]
    [InlineData(5, 77)]
    [InlineData(40, 64)] // too many: libtorch's
    public void Norms_and_activations(int rows, int hidden)
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight, bias) = (Random(rows, hidden) + 2, Random(hidden), Random(hidden));
        Func<torch.Tensor, torch.Tensor>[] functions =
        [
            each => Kernels.rms_norm(each, Like(weight, each), 1e-5),
            each => Kernels.rms_norm(each, Like(weight, each), 1e-5, 1),
            each => Kernels.layer_norm(each, Like(weight, each), Like(bias, each), 1e-5),
            each => Kernels.layer_norm(each, Like(weight, each), null, 1e-5),
            each => Kernels.gelu_tanh(each * 4),
            each => Kernels.silu(each * 4),
            each => Kernels.gelu(each * 4),
        ];

        foreach (var function in functions)
        {
            Equal(function(x), function(Wide(x)));
            if (rows <= FewRows.MostRows)
            {
                EqualAlone(function, x);
                EqualAlone(function, Random(rows, 3 * hidden).narrow(1, hidden, hidden)); // part of a wider product
            }
        }
    }

    [Theory]
    [InlineData(1, 64, 40)]
    [InlineData(2, 64, 41)]
    [InlineData(3, 77, 6)]
    [InlineData(4, 5, 3)]
    [InlineData(7, 768, 513)]
    [InlineData(32, 256, 1000)]
    [InlineData(33, 64, 40)]
    public void Products_with_a_weight(int rows, int inputs, int outputs)
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight, bias) = (Random(rows, inputs), Random(outputs, inputs) / Math.Sqrt(inputs), Random(outputs));

        Equal(Kernels.linear(x, weight), torch.nn.functional.linear(Wide(x), Wide(weight)));
        Equal(Kernels.linear(x, weight, bias), torch.nn.functional.linear(Wide(x), Wide(weight), Wide(bias)));
        Equal(Kernels.linear(Wide(x), Wide(weight), Wide(bias)), torch.nn.functional.linear(Wide(x), Wide(weight), Wide(bias)));
        if (rows <= FewRows.MostRows)
        {
            EqualAlone(each => Kernels.linear(each, weight, bias), x);
            EqualAlone(each => Kernels.linear(each, weight), Random(rows, 2 * inputs).narrow(1, inputs, inputs));
        }
    }

    [Fact]
    public async Task Products_on_several_threads_at_once_are_what_they_are_alone()
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight) = (Random(2, 512), Random(4096, 512));
        var alone = Kernels.linear(x, weight).data<float>().ToArray();

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            using var own = torch.NewDisposeScope();
            return Enumerable.Range(0, 200).All(_ => Kernels.linear(x, weight).data<float>().ToArray().AsSpan().SequenceEqual(alone));
        })));

        results.ShouldAllBe(same => same);
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
        var (k, v) = KeysAndValues(groups, headDim, positions);
        var slopes = Slopes(heads);

        foreach (var window in new[] { 0, 6 })
        {
            Equal(Kernels.attention(q, k, v, window), Kernels.attention(Wide(q), Wide(k), Wide(v), window));
            Equal(Kernels.attention(q, k, v, window, slopes), Kernels.attention(Wide(q), Wide(k), Wide(v), window, slopes));
        }
    }

    [Theory]
    [InlineData(3, 4, 4, 16, 3)]
    [InlineData(2, 6, 2, 24, 19)]
    [InlineData(5, 4, 1, 12, 33)]
    [InlineData(4, 2, 2, 16, 770)] // some rows see more than is read here, some do not
    public void Attention_of_the_last_few_positions(int tokens, int heads, int groups, int headDim, int positions)
    {
        using var scope = torch.NewDisposeScope();
        var q = Random(1, tokens, heads, headDim).transpose(1, 2);
        var (k, v) = KeysAndValues(groups, headDim, positions);
        foreach (var (window, slopes) in new[] { (0, null), (6, null), (0, Slopes(heads)) })
        {
            var together = Kernels.attention_rows(q, k, v, window, slopes);

            Equal(together, Kernels.attention(Wide(q), Wide(k), Wide(v), window, slopes is null ? null : Wide(slopes)).transpose(1, 2).reshape(tokens, heads * headDim));
            for (var row = 0; row < tokens; row++)
            {
                var seen = positions - tokens + row + 1;
                var alone = Kernels.attention_rows(q.narrow(2, row, 1), k.narrow(2, 0, seen), v.narrow(2, 0, seen), window, slopes);
                Same(together.narrow(0, row, 1), alone).ShouldBeTrue($"row {row}, window {window}");
            }
        }
    }

    [Theory]
    [InlineData(1, 16, 16, 16)]
    [InlineData(5, 16, 16, 16)]
    [InlineData(5, 16, 8, 8)] // half of the channels
    [InlineData(5, 16, 16, 2)] // neighbours
    public void Rotations(int tokens, int headDim, int dims, int block)
    {
        using var scope = torch.NewDisposeScope();
        var wide = Random(1, tokens, 3, 2 * headDim).narrow(3, headDim, headDim).transpose(1, 2);
        var (cos, sin) = (Random(tokens, dims), Random(tokens, dims));

        var together = Kernels.rotate(wide, cos, sin, block);

        Equal(together, Kernels.rotate(Wide(wide), Wide(cos), Wide(sin), block));
        for (var token = 0; token < tokens; token++)
        {
            Same(together.narrow(2, token, 1), Kernels.rotate(wide.narrow(2, token, 1), cos.narrow(0, token, 1), sin.narrow(0, token, 1), block)).ShouldBeTrue();
        }
    }

    [Fact]
    public void Gradients_flow_through_a_row_where_they_are_asked_for()
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight, matrix) = (Random(1, 64), Random(64).requires_grad_(), Random(8, 64).requires_grad_());

        Kernels.linear(Kernels.rms_norm(x, weight, 1e-5), matrix).sum().backward();

        weight.grad!.shape.ShouldBe([64]);
        matrix.grad!.shape.ShouldBe([8, 64]);
    }

    private static (torch.Tensor Keys, torch.Tensor Values) KeysAndValues(int groups, int headDim, int positions) =>
        (Random(1, groups, positions + 9, headDim).narrow(2, 0, positions), Random(1, groups, positions + 5, headDim).narrow(2, 0, positions)); // as the cache gives them

    private static torch.Tensor Slopes(int heads) => torch.tensor(AlibiSlopes.Formula(heads), dtype: torch.ScalarType.Float32);

    private static torch.Tensor Random(params long[] shape) => torch.randn(shape);

    private static torch.Tensor Wide(torch.Tensor x) => x.to(torch.ScalarType.Float64);

    private static torch.Tensor Like(torch.Tensor x, torch.Tensor other) => x.to(other.dtype);

    private static bool Same(torch.Tensor actual, torch.Tensor expected) => actual.eq(expected).all().item<bool>();

    private static void EqualAlone(Func<torch.Tensor, torch.Tensor> function, torch.Tensor x)
    {
        var together = function(x);
        for (var row = 0; row < x.size(0); row++)
        {
            Same(together.narrow(0, row, 1), function(x.narrow(0, row, 1).contiguous())).ShouldBeTrue($"row {row}");
        }
    }

    private static void Equal(torch.Tensor actual, torch.Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        (Wide(actual) - Wide(expected)).abs().max().item<double>().ShouldBeLessThan(1e-5);
    }
}
