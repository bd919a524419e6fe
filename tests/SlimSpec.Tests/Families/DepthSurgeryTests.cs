using SlimSpec.Specs;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>Layers and branches that are gone, for every family: the slim model computes what the dense one does without them.</summary>
public sealed class DepthSurgeryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Branches => CutModels.Branches;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void A_model_without_some_layers_is_the_dense_one_that_runs_the_others(string golden)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var dense = CutModels.Load(golden);
        var ids = new FamilyGolden(golden).Ids;
        int[] kept = [.. Enumerable.Range(0, dense.Layers.Count).Where(layer => layer != 1)];
        using var slim = CutModels.Cut(golden, new() { Layers = kept });
        slim.Shape.LayerCount.ShouldBe(dense.Shape.LayerCount - 1);
        slim.forward(ids).bytes.SequenceEqual(Run(dense, ids, kept).bytes).ShouldBeTrue();
        slim.Shape.Parameters.ShouldBe(slim.Leaves.Sum(leaf => leaf.Leaf.numel()));
        slim.Layers.Select((layer, number) => layer.Weights.All(weight => weight.Name.Contains($".{number}."))).ShouldAllBe(renumbered => renumbered);
        ShouldDecode(golden, slim);
        ShouldComeBack(golden, slim, kept);
    }

    [Theory]
    [MemberData(nameof(Branches))]
    public void A_model_without_some_branches_is_the_dense_one_to_whose_stream_they_add_nothing(string golden, string unit)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var dense = CutModels.Load(golden);
        int[] layers = [1, dense.Layers.Count - 1];
        var ids = new FamilyGolden(golden).Ids;
        var text = ids[0].data<long>().ToArray();
        var expected = new GraphInterpreter(GoldenSpec.Of(golden), GroupMaskingTests.WeightOf(dense))
        {
            Change = (layer, node, value) => layers.Contains(layer) && IsLastOf(golden, unit, node) ? value * 0 : value,
        }.Logits(text);

        using var slim = CutModels.Cut(golden, CutModels.Without(unit, layers.Distinct()));
        Tensors.LargestDifference(slim.forward(ids)[0].to(ScalarType.Float64), expected).ShouldBeLessThan(1e-4 * Math.Max(1, expected.abs().max().item<double>()));
        slim.Shape.Parameters.ShouldBe(slim.Leaves.Sum(leaf => leaf.Leaf.numel()));
        slim.Shape.Parameters.ShouldBeLessThan(dense.Shape.Parameters);
        slim.Shape.MultiplyAccumulates(64).ShouldBeLessThan(dense.Shape.MultiplyAccumulates(64));
        slim.Shape.BranchDimensions.Count(dimension => slim.Shape[dimension, 1] == 0).ShouldBeGreaterThan(0);
        slim.Layers[1].LoraTargets.Count.ShouldBeLessThan(slim.Layers[0].LoraTargets.Count);
        (slim.Shape.Cost(1, 64).CacheElementsPerToken == 0).ShouldBe(unit != "mlp");

        foreach (var layer in layers)
        {
            dense.Layers[layer].Skip(unit, true);
        }

        dense.forward(ids).bytes.SequenceEqual(slim.forward(ids).bytes).ShouldBeTrue("a skipped branch is a branch that is not there");
        ShouldDecode(golden, slim);
        ShouldComeBack(golden, slim);
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void A_layer_without_any_branch_passes_its_input_on(string golden)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var units = CutModels.Branches.Where(each => (string)each[0] == golden).Select(each => (string)each[1]).ToList();
        units.Count.ShouldBe(2);
        using var slim = CutModels.Cut(golden, new() { Units = units.ToDictionary(unit => (1, unit), _ => Array.Empty<int>()) });
        slim.Shape.Cost(1, 64).CacheElementsPerToken.ShouldBe(0);
        slim.Shape.Parameters.ShouldBe(slim.Leaves.Sum(leaf => leaf.Leaf.numel()));
        ShouldDecode(golden, slim);
        ShouldComeBack(golden, slim);
        if (golden is "llama-gqa" or "gptj")
        {
            using var dense = CutModels.Load(golden);
            var ids = new FamilyGolden(golden).Ids;
            slim.forward(ids).bytes.SequenceEqual(Run(dense, ids, [0, .. Enumerable.Range(2, dense.Layers.Count - 2)]).bytes).ShouldBeTrue();
        }
    }

    // By the architecture file alone: attention's last linear reads the attention, the MLP's is the other one that writes to the stream.
    private static bool IsLastOf(string golden, string unit, GraphNode node)
    {
        var reads = node.Op == "linear" && GoldenSpec.Of(golden).Architecture.Layer.Any(other => other.Op == "attention" && other.Name == node.Input());
        return unit == "mlp" ? node.Op == "linear" && node.Out is ["hidden"] && !reads : reads;
    }

    private static Tensor Run(CausalLM model, Tensor ids, IEnumerable<int> layers)
    {
        using var pass = model.Begin(ids);
        return model.Head(layers.Aggregate(model.Embed(ids, pass), (hidden, layer) => model.RunLayer(layer, hidden, pass)));
    }

    private static void ShouldDecode(string golden, CausalLM model)
    {
        var ids = new FamilyGolden(golden).Ids.narrow(0, 0, 1);
        var full = model.forward(ids);
        var first = FamilyDecodingTests.FirstPieceOf(golden);
        using var cache = model.CreateCache(capacity: 4);
        Tensors.LargestDifference(model.Prefill(ids.narrow(1, 0, first), cache), full.select(1, first - 1)).ShouldBeLessThan(2e-5);
        for (var position = first; position < ids.size(1); position++)
        {
            Tensors.LargestDifference(model.Decode(ids[0].narrow(0, position, 1), cache), full[0, position]).ShouldBeLessThan(2e-5, $"position {position}");
        }
    }

    private void ShouldComeBack(string golden, CausalLM model, IReadOnlyList<int>? layers = null)
    {
        var recipe = CutModels.Recipe(golden);
        using (var source = HuggingFaceFolder.Open(TestFiles.Golden(golden)))
        {
            HuggingFaceFolder.Save(model, recipe, source, _folder["slim"], layers: layers);
        }

        using var folder = HuggingFaceFolder.Open(_folder["slim"]);
        folder.ReadShape(recipe).ShouldBe(model.Shape);
        using var again = recipe.CreateModel(folder.ReadShape(recipe), ScalarType.Float32, CPU);
        folder.LoadInto(again);
        var ids = new FamilyGolden(golden).Ids;
        again.forward(ids).bytes.SequenceEqual(model.forward(ids).bytes).ShouldBeTrue();
    }
}
