using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public class OperatorSyntaxTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor x = tensor(new[] { 1.0, 2, 4 });
    private readonly Tensor y = tensor(new[] { 2.0, 2, 2 });
    private readonly Scalar two = 2;

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Arithmetic_of_two_tensors()
    {
        (x + y).ToDoubles().ShouldBe([3, 4, 6]);
        (x - y).ToDoubles().ShouldBe([-1, 0, 2]);
        (x * y).ToDoubles().ShouldBe([2, 4, 8]);
        (x / y).ToDoubles().ShouldBe([0.5, 1, 2]);
        (x % y).ToDoubles().ShouldBe([1, 0, 0]);
        (-x).ToDoubles().ShouldBe([-1, -2, -4]);
    }

    [Fact]
    public void Arithmetic_of_a_tensor_and_a_number()
    {
        foreach (var r in new[] { x + 2, x + 2L, x + 2f, x + 2.0, x + two, 2 + x, 2L + x, 2f + x, 2.0 + x, two + x })
        {
            r.ToDoubles().ShouldBe([3, 4, 6]);
        }
        foreach (var r in new[] { x - 2, x - 2L, x - 2f, x - 2.0, x - two })
        {
            r.ToDoubles().ShouldBe([-1, 0, 2]);
        }
        foreach (var r in new[] { 2 - x, 2L - x, 2f - x, 2.0 - x, two - x })
        {
            r.ToDoubles().ShouldBe([1, 0, -2]);
        }
        foreach (var r in new[] { x * 2, x * 2L, x * 2f, x * 2.0, x * two, 2 * x, 2L * x, 2f * x, 2.0 * x, two * x })
        {
            r.ToDoubles().ShouldBe([2, 4, 8]);
        }
        foreach (var r in new[] { x / 2, x / 2L, x / 2f, x / 2.0, x / two })
        {
            r.ToDoubles().ShouldBe([0.5, 1, 2]);
        }
        foreach (var r in new[] { 2 / x, 2L / x, 2f / x, 2.0 / x, two / x })
        {
            r.ToDoubles().ShouldBe([2, 1, 0.5]);
        }
        foreach (var r in new[] { x % 2, x % 2L, x % 2f, x % 2.0, x % two })
        {
            r.ToDoubles().ShouldBe([1, 0, 0]);
        }
    }

    [Fact]
    public void Comparisons()
    {
        (x == y).ToDoubles().ShouldBe([0, 1, 0]);
        (x != y).ToDoubles().ShouldBe([1, 0, 1]);
        (x < y).ToDoubles().ShouldBe([1, 0, 0]);
        (x <= y).ToDoubles().ShouldBe([1, 1, 0]);
        (x > y).ToDoubles().ShouldBe([0, 0, 1]);
        (x >= y).ToDoubles().ShouldBe([0, 1, 1]);
        (x < 2).ToDoubles().ShouldBe([1, 0, 0]);
        (x >= two).ToDoubles().ShouldBe([0, 1, 1]);
        (two < x).ToDoubles().ShouldBe([0, 0, 1]);
        (two >= x).ToDoubles().ShouldBe([1, 1, 0]);
        (two <= x).ToDoubles().ShouldBe([0, 1, 1]);
        (two > x).ToDoubles().ShouldBe([1, 0, 0]);
        (two == x).ToDoubles().ShouldBe([0, 1, 0]);
        (two != x).ToDoubles().ShouldBe([1, 0, 1]);
    }

    [Fact]
    public void A_number_does_not_change_the_type_of_a_tensor()
    {
        (ones([1], float16) * 2.5).dtype.ShouldBe(float16);
        (ones([1], bfloat16) + 1).dtype.ShouldBe(bfloat16);
        (1 - ones([1], int64)).dtype.ShouldBe(int64);
        (ones([1], int64) * 0.5).dtype.ShouldBe(float32);
        (1.0 / ones([1], float16)).dtype.ShouldBe(float16);
    }

    [Fact]
    public void Numbers_become_tensors()
    {
        Tensor t = 2.5;
        (t.dtype, t.ToDouble(), t.ndim).ShouldBe((float64, 2.5, 0));
        Tensor list = new[] { 1L, 2 };
        (list.dtype, list.size(0)).ShouldBe((int64, 2));
    }
}
