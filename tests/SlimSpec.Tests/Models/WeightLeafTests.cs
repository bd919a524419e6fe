using static TorchSharp.torch;

namespace SlimSpec.Tests.Models;

public class WeightLeafTests
{
    // Two units; q has two rows in each, k and v one.
    private static readonly (string, long)[] QueryKeyValue = [("q", 4), ("k", 2), ("v", 2)];

    [Fact]
    public void A_leaf_of_several_weights_frees_its_storage_while_the_scope_it_was_made_in_is_open()
    {
        using var scope = NewDisposeScope();
        var before = NativeMemory.InUse;
        var leaf = WeightLeaf.Matrix(1024, ScalarType.Float32, CPU, ("a", 512), ("b", 512));
        (NativeMemory.InUse - before).ShouldBeGreaterThanOrEqualTo(4 * 1024 * 1024);

        leaf.Dispose();

        // What the library's first use leaves behind is about one MiB.
        (NativeMemory.InUse - before).ShouldBeLessThan(2 * 1024 * 1024);
    }

    [Fact]
    public void Siblings_are_one_leaf_and_a_tensor_each()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Matrix(3, ScalarType.Float32, CPU, ("q.weight", 4), ("k.weight", 2));
        leaf.Tensors.Select(tensor => tensor.Name).ShouldBe(["q.weight", "k.weight"]);
        leaf.Tensors[1].Shape.ShouldBe([2, 3]);
        leaf.Tensors[1].Load(Rows(2, 3));
        Values(leaf.Parts[1].Value).ShouldBe([0, 1, 2, 3, 4, 5]);
        Values(leaf.Tensors[1].Pack(Rows(6, 3))).ShouldBe([12, 13, 14, 15, 16, 17]);
        Should.Throw<InvalidOperationException>(() => leaf.Whole).Message.ShouldContain("q.weight, k.weight");

        using var bias = WeightLeaf.Vectors(ScalarType.Float32, CPU, ("q.bias", 4), ("k.bias", 2));
        bias.Leaf.shape.ShouldBe([6]);
        Values(bias.Tensors[1].Pack(arange(6))).ShouldBe([4, 5]);
    }

    [Fact]
    public void Packed_parts_follow_each_other_and_are_named_after_the_tensor()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Packed("qkv.weight", CheckpointLayout.Plain, 1, ScalarType.Float32, CPU, QueryKeyValue);
        leaf.Parts.Select(part => part.Name).ShouldBe(["qkv.weight[q]", "qkv.weight[k]", "qkv.weight[v]"]);
        leaf.Whole.Load(Rows(8, 1));
        Values(leaf.Parts[1].Value).ShouldBe([4, 5]);
        leaf.Whole.Weight.Name.ShouldBe("qkv.weight");
        leaf.Whole.Weight.Value.ShouldBe(leaf.Leaf);
    }

    [Fact]
    public void A_part_without_a_name_has_the_name_of_the_tensor()
    {
        using var leaf = WeightLeaf.Packed("c_fc.weight", new(Transposed: true, 0), 2, ScalarType.Float32, CPU, ("", 3));
        leaf.Parts.ShouldHaveSingleItem().Name.ShouldBe("c_fc.weight");
        leaf.Whole.Shape.ShouldBe([2, 3]);
        leaf.Leaf.shape.ShouldBe([3, 2]);
    }

    [Fact]
    public void Interleaved_rows_are_each_units_rows_of_every_part()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Packed("qkv.weight", new(false, 2), 1, ScalarType.Float32, CPU, QueryKeyValue);
        leaf.Whole.Load(Rows(8, 1));
        Values(leaf.Parts[0].Value).ShouldBe([0, 1, 4, 5]);
        Values(leaf.Parts[1].Value).ShouldBe([2, 6]);
        Values(leaf.Parts[2].Value).ShouldBe([3, 7]);

        using var bias = WeightLeaf.PackedVector("qkv.bias", new(false, 2), ScalarType.Float32, CPU, QueryKeyValue);
        bias.Whole.Load(arange(8));
        Values(bias.Leaf).ShouldBe([0, 1, 4, 5, 2, 6, 3, 7]);
        Values(bias.Whole.Value).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
    }

    [Fact]
    public void Transposed_matrices_are_stored_by_inputs_and_biases_stay()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Packed("c_attn.weight", new(true, 0), 2, ScalarType.Float32, CPU, ("q", 2), ("k", 1));
        leaf.Whole.Shape.ShouldBe([2, 3]);
        leaf.Whole.Load(Rows(2, 3));
        Values(leaf.Parts[0].Value).ShouldBe([0, 3, 1, 4]);
        Values(leaf.Parts[1].Value).ShouldBe([2, 5]);

        using var bias = WeightLeaf.PackedVector("c_attn.bias", new(true, 0), ScalarType.Float32, CPU, ("q", 2), ("k", 1));
        bias.Whole.Load(arange(3));
        Values(bias.Leaf).ShouldBe([0, 1, 2]);
        bias.Whole.Shape.ShouldBe([3]);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void What_is_loaded_is_what_is_stored_again(bool transposed, long units)
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Packed("qkv.weight", new(transposed, units), 5, ScalarType.Float32, CPU, QueryKeyValue);
        var stored = rand(leaf.Whole.Shape);
        leaf.Whole.Load(stored);
        Values(leaf.Whole.Value).ShouldBe(Values(stored));
        Values(leaf.Whole.Pack(leaf.Leaf)).ShouldBe(Values(stored));
    }

    [Fact]
    public void Weights_and_tensors_follow_their_leaf_when_its_storage_comes_and_goes()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Packed("qkv.weight", new(true, 2), 5, ScalarType.Float32, META, QueryKeyValue);
        leaf.IsLoaded.ShouldBeFalse();
        var (whole, part) = (leaf.Whole, leaf.Parts[1]);
        var target = new LoraTarget("qkv", whole);
        whole.Shape.ShouldBe([5, 8]);

        leaf.Allocate(CPU);
        leaf.IsLoaded.ShouldBeTrue();
        var stored = rand(whole.Shape);
        whole.Load(stored);
        Values(whole.Value).ShouldBe(Values(stored));
        Values(part.Value).ShouldBe(Values(leaf.Leaf.narrow(0, 4, 2)));
        target.Weight.Value.ShouldBe(leaf.Leaf);

        leaf.Release();
        leaf.IsLoaded.ShouldBeFalse();
        part.Value.shape.ShouldBe([2, 5]);
        (leaf.Leaf.dtype, leaf.Leaf.requires_grad).ShouldBe((ScalarType.Float32, false));
    }

    [Fact]
    public void A_leaf_that_adopts_anothers_storage_keeps_it_when_the_other_is_freed()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Matrix(3, ScalarType.Float32, META, ("a", 4), ("b", 2));
        var other = WeightLeaf.Matrix(3, ScalarType.Float32, CPU, ("c", 4), ("d", 2));
        other.Leaf.copy_(Rows(6, 3));
        leaf.Adopt(other);
        other.Dispose();
        Values(leaf.Parts[1].Value).ShouldBe([12, 13, 14, 15, 16, 17]);
        leaf.Parts[1].Name.ShouldBe("b");

        using var smaller = WeightLeaf.Matrix(2, ScalarType.Float32, CPU, ("a", 6));
        Should.Throw<ArgumentException>(() => leaf.Adopt(smaller)).Message.ShouldContain("[6, 3]");
    }

    [Fact]
    public void A_released_leaf_frees_its_storage()
    {
        var before = NativeMemory.InUse;
        using var leaf = WeightLeaf.Matrix(1024, ScalarType.Float32, CPU, ("a", 512), ("b", 512));
        (NativeMemory.InUse - before).ShouldBeGreaterThanOrEqualTo(4 * 1024 * 1024);
        leaf.Release();
        (NativeMemory.InUse - before).ShouldBeLessThan(2 * 1024 * 1024);
    }

    [Fact]
    public void The_gradient_of_a_product_with_the_stored_matrix_is_the_packed_gradient_of_the_leaf()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Packed("qkv.weight", new(true, 2), 5, ScalarType.Float32, CPU, QueryKeyValue);
        var stored = rand(leaf.Whole.Shape, requires_grad: true);
        leaf.Whole.Load(stored.detach());
        leaf.Leaf.requires_grad = true;
        stored.square().mul(stored).sum().backward();
        leaf.Leaf.square().mul(leaf.Leaf).sum().backward();
        Values(leaf.Whole.Pack(leaf.Leaf.grad!)).ShouldBe(Values(stored.grad!));
    }

    [Fact]
    public void Rows_that_no_unit_owns_are_refused() =>
        Should.Throw<ArgumentException>(() => WeightLeaf.Packed("qkv.weight", new(false, 3), 1, ScalarType.Float32, CPU, ("q", 6), ("k", 4)))
            .Message.ShouldContain("the 4 rows of part k cannot be divided among 3 units");

    [Fact]
    public void Loading_converts_to_the_models_dtype()
    {
        using var scope = NewDisposeScope();
        using var leaf = WeightLeaf.Packed("c_fc.weight", new(true, 0), 2, ScalarType.Float64, CPU, ("", 3));
        leaf.Whole.Load(Rows(2, 3));
        leaf.Leaf.dtype.ShouldBe(ScalarType.Float64);
        Values(leaf.Leaf).ShouldBe([0, 3, 1, 4, 2, 5]);
    }

    private static Tensor Rows(long rows, long columns) => arange(rows * columns, dtype: ScalarType.Float32).view(rows, columns);

    private static float[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float32).contiguous().data<float>().ToArray();
}
