using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>Biases that make up for cut channels, for every family: the slim model is the dense one whose cut channels always have their mean.</summary>
public class CompensationTests
{
    /// <summary>Every family with every unit of its layers that a cut may make up for.</summary>
    public static TheoryData<string, string> Units => GoldenModels.UnitsWhere((golden, structure) =>
        structure is { IsWholeModel: false, Within: null } && GoldenModels.Recipe(golden).Pruner.Units(GoldenModels.Recipe(golden).Dense, structure.Unit, 0) > 1);

    [Theory]
    [MemberData(nameof(Units))]
    public void Sliced_with_a_bias_equals_masked_with_the_mean(string golden, string unit)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var dense = CutModels.Load(golden);
        var pruner = CutModels.Recipe(golden).Pruner;
        var units = pruner.Units(dense.Shape, unit, 0);
        int[] kept = [.. Enumerable.Range(0, units).Where(number => number % 2 == 1)];
        var width = Reader(dense, pruner, unit).Value.size(1);
        var gone = tensor(Enumerable.Range(0, (int)width).Where(channel => channel / (width / units) % 2 == 0).Select(channel => (long)channel).ToArray());
        manual_seed(5);
        var means = randn(width);

        // Every layer is cut, but only for the last is made up: the others lose their channels' part.
        var last = dense.Shape.LayerCount - 1;
        var ids = new FamilyGolden(golden).Ids;
        var expected = new GraphInterpreter(GoldenSpec.Of(golden), GroupMaskingTests.WeightOf(dense))
        {
            Change = (layer, node, value) => node.Name == Input(golden, Reader(dense, pruner, unit).Name)
                ? value.index_copy(1, gone, (layer == last ? means : means * 0).to(ScalarType.Float64).index_select(0, gone).expand(value.size(0), -1))
                : value,
        }.Logits(ids[0].data<long>().ToArray());

        using var slim = CutModels.Cut(golden, new()
        {
            Units = Enumerable.Range(0, last + 1).ToDictionary(layer => (layer, unit), _ => kept),
            Means = new Dictionary<(int, string), float[]> { [(last, unit)] = means.data<float>().ToArray() },
        });
        Tensors.LargestDifference(slim.forward(ids)[0].to(ScalarType.Float64), expected).ShouldBeLessThan(1e-4 * Math.Max(1, expected.abs().max().item<double>()));
        slim.Shape.Parameters.ShouldBe(slim.Leaves.Sum(leaf => leaf.Leaf.numel()));
    }

    // The linear of layer 0 that reads the unit's channels: the one with columns of it.
    private static NamedWeight Reader(CausalLM model, StructuredPruner pruner, string unit)
    {
        var member = pruner.Structures.Single(structure => structure.Unit == unit).Members.Single(member => member.Axis == 1);
        return model.Layers[0].Weights.Single(weight => weight.Name.EndsWith($".{member.Weight}", StringComparison.Ordinal));
    }

    private static string Input(string golden, string weight) =>
        GoldenSpec.Of(golden).Architecture.Layer.Single(node => weight.EndsWith($".{node.Weight}.weight", StringComparison.Ordinal)).Input();
}
