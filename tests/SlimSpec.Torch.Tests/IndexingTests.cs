using static TorchSharp.torch;

namespace SlimSpec.Torch.Tests;

public class IndexingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    /// <summary>0 to 23 as [2, 3, 4].</summary>
    private readonly Tensor x = arange(24).view(2, 3, 4);

    public void Dispose() => scope.Dispose();

    private static void Check(Tensor actual, long[] shape, params double[] values)
    {
        actual.shape.ShouldBe(shape);
        actual.ToDoubles().ShouldBe(values);
    }

    [Fact]
    public void Numbers_take_one_and_drop_the_axis()
    {
        Check(x[1, 2, 3], [], 23);
        Check(x[1, -1], [4], 20, 21, 22, 23);
        x[0].shape.ShouldBe([3, 4]);
    }

    [Fact]
    public void Slices_keep_the_axis()
    {
        Check(x[1, 1.., ..2], [2, 2], 16, 17, 20, 21);
        Check(x[TensorIndex.Ellipsis, TensorIndex.Slice(1, null, 2)][0, 0], [2], 1, 3);
        Check(x[0, 0, ..^1], [3], 0, 1, 2);
        Check(x[0, 0, ^2..], [2], 2, 3);
        x[TensorIndex.Colon, 1].shape.ShouldBe([2, 4]);
    }

    [Fact]
    public void None_makes_an_axis_and_the_ellipsis_fills_up()
    {
        x[TensorIndex.None, TensorIndex.Ellipsis, TensorIndex.None].shape.ShouldBe([1, 2, 3, 4, 1]);
        x[0, TensorIndex.Ellipsis, 1].shape.ShouldBe([3]);
        x[TensorIndex.Bool(true)].shape.ShouldBe([1, 2, 3, 4]);
        x[TensorIndex.Bool(false)].shape.ShouldBe([0, 2, 3, 4]);
    }

    [Fact]
    public void Tensors_gather_and_masks_choose()
    {
        Check(x[TensorIndex.Tensor(tensor(new long[] { 1, 0 })), TensorIndex.Tensor(tensor(new long[] { 2, 0 })), 0], [2], 20, 0);
        Check(x[TensorIndex.Colon, 0, TensorIndex.Tensor(tensor(new long[] { 3, 3 }))], [2, 2], 3, 3, 15, 15);
        Check(x[x > 21], [2], 22, 23);
        Check(x[TensorIndex.Ellipsis, TensorIndex.Tensor(tensor(new[] { false, true, false, false }))][1, 2], [1], 21);
        Check(x[TensorIndex.Tensor(x[.., .., 0] > 8), TensorIndex.Tensor(tensor(new long[] { 1 }))], [3], 13, 17, 21);
    }

    [Fact]
    public void Whole_rows_of_a_table_are_an_embedding()
    {
        var table = arange(6).view(3, 2);
        var ids = tensor(new long[] { 2, 0, 2, 1 }, [2, 2]);
        Check(table[TensorIndex.Tensor(ids)], [2, 2, 2], 4, 5, 0, 1, 4, 5, 2, 3);
        table[TensorIndex.Tensor(ids)].view(4, 2).Equals(table.index_select(0, ids.view(-1))).ShouldBeTrue();
    }

    [Fact]
    public void Writing_goes_through_to_the_tensor()
    {
        x[0, 0, 0] = tensor(-1L);
        x[0, 1, ..2] = tensor(new long[] { -2, -3 });
        x[TensorIndex.Tensor(x > 20)] = zeros([1], int64);
        x[1, TensorIndex.Tensor(tensor(new long[] { 0, 1 })), 0] = tensor(new long[] { 7, 8 });
        Check(x.view(-1), [24], -1, 1, 2, 3, -2, -3, 6, 7, 8, 9, 10, 11, 7, 13, 14, 15, 8, 17, 18, 19, 20, 0, 0, 0);
        x.index_put_(5, TensorIndex.Single(0), TensorIndex.Single(0)).ShouldBeSameAs(x);
        x[0, 0].ToDoubles().ShouldBe([5, 5, 5, 5]);
    }

    [Fact]
    public void Indexing_leaves_no_tensors_behind()
    {
        var ids = tensor(new long[] { 1 });
        var before = Tensor.TotalCount;
        using (x[1, 1.., ..2])
        using (x[0, TensorIndex.Tensor(ids), 1..])
        using (x[1, 2, 3])
        {
            Tensor.TotalCount.ShouldBe(before + 3);
        }
        Tensor.TotalCount.ShouldBe(before);
    }
}
