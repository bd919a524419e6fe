namespace SlimSpec.Tests.Models;

/// <summary>The embedding's rows, and their gradient.</summary>
public class EmbeddingTests
{
    [Fact]
    public void Rows_are_picked_by_ids_of_any_shape()
    {
        using var scope = torch.NewDisposeScope();
        var table = torch.arange(12, dtype: torch.ScalarType.Float32).view(4, 3);

        var rows = Kernels.embedding(torch.tensor(new long[] { 2, 0, 3, 2 }, [2, 2]), table);

        rows.shape.ShouldBe([2, 2, 3]);
        rows.flatten().data<float>().ToArray().ShouldBe([6, 7, 8, 0, 1, 2, 9, 10, 11, 6, 7, 8]);
        Kernels.embedding(torch.tensor(new long[] { 1 }), table).shape.ShouldBe([1, 3]);
    }

    // Rows that are picked often have sums of many terms, whose last bit tells the order that they were added in.
    [Fact]
    public void The_gradient_has_the_same_bits_each_time()
    {
        using var scope = torch.NewDisposeScope();
        torch.random.manual_seed(1);
        var table = torch.randn([2048, 128]).requires_grad_();
        var ids = torch.tensor(Enumerable.Range(0, 1024).Select(i => (long)(i * 7 % 300)).ToArray());
        var upstream = torch.randn([1024, 128]);

        var first = Gradient();

        for (var again = 0; again < 20; again++)
        {
            Gradient().AsSpan().SequenceEqual(first).ShouldBeTrue();
        }

        float[] Gradient()
        {
            table.grad = null;
            (Kernels.embedding(ids, table) * upstream).sum().backward();
            return table.grad!.data<float>().ToArray();
        }
    }
}
