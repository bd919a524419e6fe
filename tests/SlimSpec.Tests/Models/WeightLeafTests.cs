namespace SlimSpec.Tests.Models;

public class WeightLeafTests
{
    [Fact]
    public void A_leaf_of_several_weights_frees_its_storage_while_the_scope_it_was_made_in_is_open()
    {
        using var scope = torch.NewDisposeScope();
        var before = NativeMemory.InUse;
        var leaf = WeightLeaf.Matrix(1024, torch.ScalarType.Float32, torch.CPU, ("a", 512), ("b", 512));
        (NativeMemory.InUse - before).ShouldBeGreaterThanOrEqualTo(4 * 1024 * 1024);

        leaf.Dispose();

        // What the library's first use leaves behind is about one MiB.
        (NativeMemory.InUse - before).ShouldBeLessThan(2 * 1024 * 1024);
    }
}
