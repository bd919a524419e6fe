using SlimSpec.Recipes;

namespace SlimSpec.Testing.Tests;

/// <summary>How a changed cut reads to whoever runs the tests; docs/testing.md quotes it.</summary>
public class ChangedRecipeTests
{
    [Fact]
    public async Task A_deeper_cut_is_reported_in_the_lines_it_changes() =>
        await Snapshot.Verify(await MessageOf(Enumerable.Range(1, 4).Aggregate((ModelShape)Tales20.Shape.Pruned, (shape, layer) =>
            shape.With("heads", layer, 6).With("kv_heads", layer, 6).With("ffn", layer, 268)))).UseDirectory("_snapshots");

    // What a test of Tales20's cut says if this is its cut now.
    private static async Task<string> MessageOf(ModelShape changed)
    {
        using var folder = new TestFolder();
        folder.Write("Tales20Tests.Cut.verified.txt", SnapshotText.Of(Tales20.Shape.Pruned));
        var failure = await Should.ThrowAsync<SnapshotException>(() =>
            folder.Verify(ArchitectureText.Of(Tales20.Instance, ("pruned", changed))).UseTypeName("Tales20Tests").UseMethodName("Cut").ToTask());
        return failure.Message.Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
