namespace SlimSpec.Tests.Models;

/// <summary>Attention of every kind against its definition, in loops.</summary>
public class AttentionTests
{
    public AttentionTests() => torch.random.manual_seed(7);

    /// <summary>Batch, heads, KV heads, head dimension, query rows, key positions, window, whether ALiBi, whether a prefix.</summary>
    public static readonly TheoryData<int[], int, bool, bool> Cases = new()
    {
        { [2, 4, 2, 6, 9, 9], 0, false, false },
        { [2, 4, 2, 6, 9, 9], 4, false, false },
        { [1, 3, 3, 16, 9, 9], 1, false, false },
        { [2, 4, 4, 6, 9, 9], 0, true, false },
        { [2, 4, 2, 6, 9, 9], 0, true, true },
        { [2, 4, 1, 6, 9, 9], 0, false, true },
        { [2, 6, 2, 8, 9, 9], 3, true, false },
        { [2, 6, 2, 8, 9, 9], 3, false, true },
        { [2, 6, 2, 8, 9, 9], 9, false, false },
        { [2, 4, 2, 6, 3, 11], 0, false, false },
        { [2, 4, 2, 6, 3, 11], 2, false, false },
        { [2, 4, 2, 6, 3, 11], 7, true, false },
        { [2, 4, 2, 6, 3, 11], 7, false, true },
        { [2, 4, 2, 6, 3, 11], 100, true, true },
        { [2, 4, 2, 16, 1, 11], 0, true, true },
        { [1, 4, 2, 16, 1, 11], 0, false, false },
        { [1, 4, 2, 16, 1, 11], 5, false, true },
        { [1, 4, 2, 16, 1, 11], 0, true, false },
        { [1, 6, 2, 32, 1, 37], 6, true, false },
        { [1, 4, 4, 12, 1, 11], 5, true, false },
        { [1, 4, 4, 16, 1, 1], 5, true, false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_its_definition_in_every_dtype(int[] sizes, int window, bool alibi, bool prefixed)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var (q, k, v) = Inputs(sizes);
        var slopes = Slopes(alibi, sizes[1]);
        using var prefix = Prefix(prefixed, sizes[0]);
        var expected = SlowAttention.Run(q, k, v, window, slopes, prefix);

        foreach (var (dtype, tolerance) in new[] { (torch.ScalarType.Float64, 1e-12), (torch.ScalarType.Float32, 1e-5), (torch.ScalarType.BFloat16, 0.1) })
        {
            var result = Kernels.attention(q.to(dtype), k.to(dtype), v.to(dtype), window, slopes?.to(torch.ScalarType.Float32), prefix);
            result.dtype.ShouldBe(dtype);
            result.shape.ShouldBe(q.shape);
            var allowed = dtype == torch.ScalarType.Float64 && alibi ? 1e-7 : tolerance; // slopes in float32
            Tensors.LargestDifference(result, expected).ShouldBeLessThan(allowed, $"{dtype}");
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_equal_finite_differences(int[] sizes, int window, bool alibi, bool prefixed)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] inputs = [.. Three(Inputs(sizes)).Select(input => input.requires_grad_())];
        var slopes = Slopes(alibi, sizes[1]);
        using var prefix = Prefix(prefixed, sizes[0]);

        FiniteDifferences.Check(() => Kernels.attention(inputs[0], inputs[1], inputs[2], window, slopes, prefix), inputs);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void Rows_through_a_cache_equal_those_of_the_whole(int window, bool alibi)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var (q, k, v) = Inputs([1, 4, 2, 16, 13, 13]);
        (q, k, v) = (q.@float(), k.@float(), v.@float());
        var slopes = Slopes(alibi, 4)?.@float();
        var whole = Kernels.attention(q, k, v, window, slopes);
        using var cache = new KeyValueCache([(2, 16)], torch.ScalarType.Float32, torch.CPU, capacity: 4);

        foreach (var tokens in new[] { 3, 5, 1, 1, 2, 1 })
        {
            var start = cache.Length;
            var (keys, values) = cache.Append(0, start, k.narrow(2, start, tokens), v.narrow(2, start, tokens));
            var rows = Kernels.attention(q.narrow(2, start, tokens).contiguous(), keys, values, window, slopes);
            Tensors.LargestDifference(rows, whole.narrow(2, start, tokens)).ShouldBeLessThan(1e-5, $"from {start}");
            cache.Advance(tokens);
        }

        cache.Length.ShouldBe(13);
    }

    [Fact]
    public void Rows_behind_a_cached_prefix_equal_those_of_the_whole()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var (q, k, v) = Inputs([2, 4, 2, 16, 13, 13]);
        using var prefix = Prefix(true, 2)!;
        var whole = Kernels.attention(q, k, v, prefix: prefix);

        foreach (var (start, end) in new[] { (0L, 8L), (8L, 11L), (11L, 12L), (12L, 13L) })
        {
            var rows = Kernels.attention(q.narrow(2, start, end - start), k.narrow(2, 0, end), v.narrow(2, 0, end), prefix: prefix);
            Tensors.LargestDifference(rows, whole.narrow(2, start, end - start)).ShouldBeLessThan(1e-12, $"from {start}");
        }
    }

    [Fact]
    public void Alibi_far_into_a_text_is_as_exact_as_16_bits_allow()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        var values = torch.randn(1, 1, 1500, 8).bfloat16();
        var nothing = torch.zeros(1, 1, 1500, 8, dtype: torch.ScalarType.BFloat16);
        var slopes = torch.tensor(new[] { 0.5f });

        var far = Kernels.attention(nothing, nothing, values, slopes: slopes).narrow(2, 1499, 1);

        var weights = (torch.arange(-1499, 1, dtype: torch.ScalarType.Float64) * 0.5).softmax(-1);
        Tensors.LargestDifference(far.view(8), weights.matmul(values.view(1500, 8).@double())).ShouldBeLessThan(0.02);
    }

    private static (torch.Tensor Q, torch.Tensor K, torch.Tensor V) Inputs(int[] sizes)
    {
        torch.Tensor Random(long heads, long rows) => torch.randn(sizes[0], heads, rows, sizes[3], dtype: torch.ScalarType.Float64);
        return (Random(sizes[1], sizes[4]), Random(sizes[2], sizes[5]), Random(sizes[2], sizes[5]));
    }

    private static torch.Tensor[] Three((torch.Tensor Q, torch.Tensor K, torch.Tensor V) inputs) => [inputs.Q, inputs.K, inputs.V];

    private static torch.Tensor? Slopes(bool alibi, int heads) => alibi ? torch.tensor(AlibiSlopes.Formula(heads)) : null;

    // Contexts of 5 and 3 tokens.
    private static PrefixLayout? Prefix(bool prefixed, int batch) =>
        prefixed ? PrefixLayout.Find(Tensors.Of(new int[][] { [1, 2, 3, 4, 5, 99, 6, 7], [1, 2, 3, 99, 4, 5, 6, 7] }[..batch]), 99, 2) : null;
}
