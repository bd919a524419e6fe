using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>
/// Taylor scores against plain autograd over the whole model, example by example, and the list of members, for every family and unit:
/// tied and untied heads, learned positions, fused and biased linears. For channels of the residual stream LLM-Pruner crashes on the second order.
/// </summary>
public sealed class FamilyTaylorTests : IDisposable
{
    private const int Examples = 3;
    private const int TokensEach = 9;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, string> Units => GoldenModels.UnitsWhere((_, _) => true);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_order_is_what_whole_model_autograd_gives(string golden, string unit)
    {
        using var model = GoldenModels.Load(golden, ScalarType.Float64);
        var pruner = GoldenModels.Recipe(golden).Pruner;
        var ids = Ids(golden);
        var mean = Autograd(model, ids);
        var squares = Enumerable.Range(0, Examples).Select(row => Autograd(model, ids.narrow(0, row, 1))).ToArray();
        using var noGradients = no_grad();
        foreach (var order in Enum.GetValues<TaylorOrder>())
        {
            var cut = new WidthCut { Targets = [unit], Order = order, Sparsity = 0.5, Layers = [.. Enumerable.Range(0, model.Layers.Count)] };
            var scores = UnitScores.Take(pruner, model, cut, CutPlaces.Of(pruner, model.Shape, cut), ids, _ => [], null).Scores;
            scores.Count.ShouldBe(UnitScores.Structure(pruner, unit).IsWholeModel ? 1 : model.Layers.Count);
            foreach (var (place, actual) in scores)
            {
                var expected = Members(model, UnitScores.Structure(pruner, unit), place.Layer)
                    .Select(member => Channels(order, member.Weight, member.Axis).reshape(actual.Length, -1).sum([1]))
                    .Aggregate((sum, next) => sum + next);
                actual.ShouldBe(expected.to(ScalarType.Float32).data<float>().ToArray(), 1e-5 * expected.max().item<double>(), $"{golden} {place}: {order}");
            }
        }

        Tensor Channels(TaylorOrder order, NamedWeight weight, int axis)
        {
            var (w, g) = (weight.Value, mean[weight.Name]);
            var a = squares.Select(example => example[weight.Name].square()).Aggregate((sum, next) => sum + next) / Examples;
            var elements = order switch
            {
                TaylorOrder.Second => w * a * w,
                TaylorOrder.Mix => (w * g) - (w * a * w / 2),
                _ => w * g,
            };
            var channels = elements.transpose(0, axis).reshape(w.size(axis), -1);
            return order == TaylorOrder.Vector ? channels.sum([1]).abs() : channels.abs().sum([1]);
        }
    }

    // Weights of the structure in one layer, or in the whole model, with the axis that is tied; biases aside: they never count.
    private static IEnumerable<(NamedWeight Weight, int Axis)> Members(CausalLM model, CoupledStructure structure, int layer) =>
        from member in structure.Members
        where !member.Weight.Contains(".bias", StringComparison.Ordinal)
        from weight in
            !member.InLayer ? model.OuterLeaves.SelectMany(leaf => leaf.Parts)
            : layer == StructuredPruner.WholeModel ? model.Layers.SelectMany(each => each.Weights)
            : model.Layers[layer].Weights
        where member.InLayer ? weight.Name.EndsWith($".{member.Weight}", StringComparison.Ordinal) : weight.Name == member.Weight
        select (weight, member.Axis);

    private static Dictionary<string, Tensor> Autograd(CausalLM model, Tensor ids)
    {
        model.RequireGradients(true);
        Families.FamilyGolden.NextTokenLoss(model.forward(ids), ids).backward();
        var gradients = model.Leaves
            .SelectMany(leaf => leaf.Split(leaf.Leaf.grad ?? leaf.Leaf.zeros_like()))
            .ToDictionary(part => part.Weight.Name, part => part.Slice.clone());
        foreach (var leaf in model.Leaves)
        {
            leaf.Leaf.grad = null;
        }

        model.RequireGradients(false);
        return gradients;
    }

    // The golden's ids, cut up: a family may want special tokens among them.
    private static Tensor Ids(string golden) =>
        Tensors.Of([.. TestFiles.GoldenJson($"{golden}/golden.json").GetProperty("input_ids").Rows().SelectMany(row => row.Chunk(TokensEach)).Where(row => row.Length == TokensEach).Take(Examples)]);
}
