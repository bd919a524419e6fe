using SlimSpec.Specs;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>
/// Coupled structures by brute force, for every family and every unit: a model whose members of some units are zero and one
/// that has them sliced away compute the same. Found too few members, the slice would not fit or leave something behind;
/// found too many, the zeroed model would lose more than the sliced one.
/// </summary>
public sealed class GroupMaskingTests
{
    private const int Tokens = 12;

    /// <summary>Every family with every unit that can be cut of its golden.</summary>
    public static TheoryData<string, string> Units => GoldenModels.UnitsWhere((golden, structure) => KeptUnits(golden, structure).Length > 0);

    /// <summary>The units of layers among them: a norm mixes the channels of the residual stream, so that they have no columns alone to close.</summary>
    public static TheoryData<string, string> LayerUnits => GoldenModels.UnitsWhere((golden, structure) => !structure.IsWholeModel && KeptUnits(golden, structure).Length > 0);

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void An_interpreter_of_the_graph_computes_what_generated_code_does(string golden)
    {
        using var scope = NewDisposeScope();
        using var model = GoldenModels.Load(golden);
        var ids = Ids(golden);
        var slow = new GraphInterpreter(GoldenSpec.Of(golden), WeightOf(model)).Logits(ids);
        Tensors.LargestDifference(model.forward(tensor(ids).unsqueeze(0)).squeeze(0).to(ScalarType.Float64), slow).ShouldBeLessThan(1e-4);
    }

    [Theory]
    [MemberData(nameof(Units))]
    public void Zeroing_the_members_of_units_equals_slicing_them(string golden, string unit)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var pruner = GoldenModels.Recipe(golden).Pruner;
        var structure = pruner.Structures.Single(each => each.Unit == unit);
        var ids = Ids(golden);

        using var masked = GoldenModels.Load(golden);
        var kept = KeptUnits(golden, structure);
        Zero(masked, structure, pruner.Units(masked.Shape, unit, 0), kept);
        var keptHidden = structure.IsWholeModel ? tensor(kept.Select(channel => (long)channel).ToArray()) : null;
        var expected = new GraphInterpreter(GoldenSpec.Of(golden), WeightOf(masked), keptHidden).Logits(ids);

        var cut = structure.IsWholeModel ? [StructuredPruner.WholeModel] : Enumerable.Range(0, masked.Shape.LayerCount);
        using var slim = ModelSurgery.Cut(GoldenModels.Recipe(golden), GoldenModels.Load(golden), new() { Units = cut.ToDictionary(layer => (layer, unit), _ => kept) });
        slim.Weights.Sum(weight => weight.Value.numel()).ShouldBe(slim.Shape.Parameters);
        slim.Shape.Parameters.ShouldBeLessThan(masked.Shape.Parameters);
        Tensors.LargestDifference(slim.forward(tensor(ids).unsqueeze(0)).squeeze(0).to(ScalarType.Float64), expected).ShouldBeLessThan(1e-5 * Math.Max(1, expected.abs().max().item<double>()));
    }

    [Theory]
    [MemberData(nameof(LayerUnits))]
    public void Nothing_of_a_unit_leaks_past_the_columns_found_to_read_it(string golden, string unit)
    {
        var structure = GoldenModels.Recipe(golden).Pruner.Structures.Single(each => each.Unit == unit);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(golden);
        var count = GoldenModels.Recipe(golden).Pruner.Units(model.Shape, unit, 0);
        var kept = KeptUnits(golden, structure);
        var ids = tensor(Ids(golden)).unsqueeze(0);
        Disturb(model, structure, count, kept, axis: 0);
        var disturbed = model.forward(ids);
        Zero(model, structure, count, kept, axis: 1);
        var closed = model.forward(ids);
        Disturb(model, structure, count, kept, axis: 0);
        Tensors.LargestDifference(model.forward(ids), closed).ShouldBe(0, "rows of a unit whose columns are zero have no effect");
        Tensors.LargestDifference(disturbed, closed).ShouldBeGreaterThan(1e-3, "the rows have an effect through the columns");
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Cuts_of_several_units_at_once_equal_one_after_another(string golden)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var recipe = GoldenModels.Recipe(golden);
        var cuts = recipe.Pruner.Structures
            .Where(structure => structure.Within is null && KeptUnits(golden, structure).Length > 0)
            .Select(structure => (Key: (structure.IsWholeModel ? StructuredPruner.WholeModel : 1, structure.Unit), Kept: KeptUnits(golden, structure)))
            .ToList();
        cuts.Count.ShouldBeGreaterThan(1);

        using var together = ModelSurgery.Cut(recipe, GoldenModels.Load(golden), new() { Units = cuts.ToDictionary(cut => cut.Key, cut => cut.Kept) });
        var single = GoldenModels.Load(golden);
        foreach (var (key, kept) in cuts)
        {
            single = ModelSurgery.Cut(recipe, single, new() { Units = new Dictionary<(int, string), int[]> { [key] = kept } });
        }

        together.Shape.ShouldBe(single.Shape);
        foreach (var (left, right) in together.Weights.Zip(single.Weights))
        {
            left.Value.bytes.SequenceEqual(right.Value.bytes).ShouldBeTrue(left.Name);
        }

        single.Dispose();
    }

    // Every third unit goes; of query heads the first of each group; none where one unit is all there is.
    private static int[] KeptUnits(string golden, CoupledStructure structure)
    {
        var shape = GoldenModels.Recipe(golden).Dense;
        var units = GoldenModels.Recipe(golden).Pruner.Units(shape, structure.Unit, 0);
        var perGroup = units / UnitScores.Groups(structure, shape, 0);
        return perGroup < 2 ? [] : [.. Enumerable.Range(0, units).Where(unit => structure.Within is null ? unit % 3 != 0 : unit % perGroup != 0)];
    }

    private static void Zero(CausalLM model, CoupledStructure structure, int units, int[] kept, int? axis = null) =>
        ForEachMember(model, structure, units, kept, axis, (channels, along) => channels.index_fill_(along.Axis, along.Gone, 0));

    private static void Disturb(CausalLM model, CoupledStructure structure, int units, int[] kept, int axis) =>
        ForEachMember(model, structure, units, kept, axis, (channels, along) => channels.index_add_(along.Axis, along.Gone, channels.index_select(along.Axis, along.Gone), 1.0));

    private static void ForEachMember(CausalLM model, CoupledStructure structure, int units, int[] kept, int? axis, Action<Tensor, (int Axis, Tensor Gone)> change)
    {
        foreach (var member in structure.Members.Where(member => axis is null || member.Axis == axis))
        {
            foreach (var weight in model.Weights.Where(weight => member.InLayer ? weight.Name.EndsWith($".{member.Weight}", StringComparison.Ordinal) : weight.Name == member.Weight))
            {
                var size = weight.Value.size(member.Axis) / units;
                var gone = Enumerable.Range(0, units).Except(kept).SelectMany(unit => Enumerable.Range(0, (int)size).Select(channel => (unit * size) + channel)).ToArray();
                change(weight.Value, (member.Axis, tensor(gone)));
            }
        }
    }

    internal static Func<string, Tensor> WeightOf(CausalLM model)
    {
        var weights = model.Weights.ToDictionary(weight => weight.Name, Tensor (weight) => weight.Value);
        foreach (var slopes in model.Layers.SelectMany(layer => layer.Slopes))
        {
            weights[slopes.Name] = slopes.Values;
        }

        return name => weights[name];
    }

    private static long[] Ids(string golden) => [.. TestFiles.GoldenJson($"{golden}/golden.json").GetProperty("input_ids").Rows()[0].Take(Tokens)];
}
