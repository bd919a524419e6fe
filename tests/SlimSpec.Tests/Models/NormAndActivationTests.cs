namespace SlimSpec.Tests.Models;

/// <summary>Norms and GELU against their formulas.</summary>
public class NormAndActivationTests
{
    private const double Eps = 1e-5;

    public NormAndActivationTests() => torch.random.manual_seed(7);

    public static readonly TheoryData<torch.ScalarType, double> Dtypes = new()
    {
        { torch.ScalarType.Float64, 1e-12 },
        { torch.ScalarType.Float32, 1e-5 },
        { torch.ScalarType.BFloat16, 0.1 },
    };

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void Root_mean_square_norm_with_an_offset(torch.ScalarType dtype, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight) = (Random(2, 3, 37).to(dtype), Random(37).to(dtype));

        var result = Kernels.rms_norm(x, weight, Eps, 1);

        var wide = x.@double();
        result.dtype.ShouldBe(dtype);
        Tensors.LargestDifference(result, Rows(wide, row => row.Select((value, i) =>
            value / Math.Sqrt((row.Sum(other => other * other) / 37) + Eps) * (1 + weight[i].ToDouble())))).ShouldBeLessThan(tolerance);
    }

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void Layer_norm(torch.ScalarType dtype, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight, bias) = ((Random(2, 3, 37) + 2).to(dtype), Random(37).to(dtype), Random(37).to(dtype));

        var result = Kernels.layer_norm(x, weight, bias, Eps);

        result.dtype.ShouldBe(dtype);
        Tensors.LargestDifference(result, Rows(x.@double(), row =>
        {
            var mean = row.Average();
            var deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + Eps);
            return row.Select((value, i) => ((value - mean) / deviation * weight[i].ToDouble()) + bias[i].ToDouble());
        })).ShouldBeLessThan(tolerance);
        Tensors.LargestDifference(Kernels.layer_norm(x, weight, null, Eps), result - bias).ShouldBeLessThan(Math.Max(tolerance, 1e-6));
    }

    [Theory]
    [MemberData(nameof(Dtypes))]
    public void Gelu_by_tanh(torch.ScalarType dtype, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        var x = (Random(2, 3, 37) * 3).to(dtype);

        var result = Kernels.gelu_tanh(x);

        result.dtype.ShouldBe(dtype);
        Tensors.LargestDifference(result, Rows(x.@double(), row => row.Select(SlowGelu))).ShouldBeLessThan(tolerance);
    }

    [Fact]
    public void Gelu_by_tanh_keeps_its_digits_where_it_is_small_and_does_not_overflow()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var input in new[] { torch.tensor(new[] { -5f, -80f, 80f, 0f }), torch.tensor(new[] { -5f, -80f, 80f, 0f }, [2, 2]) })
        {
            var result = Kernels.gelu_tanh(input).data<float>().ToArray();

            result[0].ShouldBe(-2.2917962e-07f, 1e-12f); // 5 / (1 + exp(1.5957691 * 5 * (1 + 0.044715 * 25)))
            result[1].ShouldBe(0f);
            result[2].ShouldBe(80f);
            result[3].ShouldBe(0f);
        }
    }

    [Fact]
    public void Gradients_equal_finite_differences()
    {
        using var scope = torch.NewDisposeScope();
        var (x, weight, bias) = (Random(2, 3, 7).requires_grad_(), Random(7).requires_grad_(), Random(7).requires_grad_());

        FiniteDifferences.Check(() => Kernels.rms_norm(x, weight, Eps, 1), x, weight);
        x.grad!.zero_();
        weight.grad!.zero_();
        FiniteDifferences.Check(() => Kernels.layer_norm(x, weight, bias, Eps), x, weight, bias);
        x.grad!.zero_();
        FiniteDifferences.Check(() => Kernels.gelu_tanh(x), x);
    }

    private static double SlowGelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static torch.Tensor Random(params long[] shape) => torch.randn(shape, dtype: torch.ScalarType.Float64);

    private static torch.Tensor Rows(torch.Tensor x, Func<double[], IEnumerable<double>> function)
    {
        var rows = x.contiguous().view(-1, x.size(-1));
        return torch.tensor(Enumerable.Range(0, (int)rows.size(0)).SelectMany(row => function(rows[row].data<double>().ToArray())).ToArray(), x.shape);
    }
}
