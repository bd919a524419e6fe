using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>
/// Taylor scores of the channels of the residual stream against plain autograd over the whole model, example by example, and the list of
/// members, for every family: tied and untied heads, learned positions, fused and biased linears. LLM-Pruner crashes on the second order.
/// </summary>
public class WholeModelTaylorTests
{
    private const int Examples = 3;
    private const int TokensEach = 9;

    public static TheoryData<string, string> Units => GoldenModels.UnitsWhere((_, structure) => structure.IsWholeModel);

    [Theory]
    [MemberData(nameof(Units))]
    public void Every_order_is_what_whole_model_autograd_gives(string golden, string unit)
    {
        using var scope = NewDisposeScope();
        using var model = GoldenModels.Load(golden, ScalarType.Float64);
        var pruner = GoldenModels.Recipe(golden).Pruner;
        var ids = Ids(golden);
        var mean = Autograd(model, ids);
        var squares = Enumerable.Range(0, Examples).Select(row => Autograd(model, ids.narrow(0, row, 1))).ToArray();
        using var noGradients = no_grad();
        foreach (var order in Enum.GetValues<TaylorOrder>())
        {
            var expected = zeros(pruner.Units(model.Shape, unit, 0), dtype: ScalarType.Float64);
            foreach (var (weight, axis) in Members(model, UnitScores.Structure(pruner, unit)))
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
                expected += order == TaylorOrder.Vector ? channels.sum([1]).abs() : channels.abs().sum([1]);
            }

            var cut = new WidthCut { Targets = [unit], Order = order, Sparsity = 0.5, Layers = [] };
            var scores = UnitScores.Take(pruner, model, cut, CutPlaces.Of(pruner, model.Shape, cut), ids, _ => [], null).Scores.ShouldHaveSingleItem();
            scores.Key.ShouldBe((StructuredPruner.WholeModel, unit));
            scores.Value.ShouldBe(expected.to(ScalarType.Float32).data<float>().ToArray(), 1e-5 * expected.max().item<double>(), $"{golden}: {order}");
        }
    }

    // Weights of the structure with the axis that is tied, biases aside: they never count.
    private static IEnumerable<(NamedWeight Weight, int Axis)> Members(CausalLM model, CoupledStructure structure) =>
        from member in structure.Members
        where !member.Weight.Contains(".bias", StringComparison.Ordinal)
        from weight in member.InLayer ? model.Layers.SelectMany(layer => layer.Weights) : model.OuterLeaves.SelectMany(leaf => leaf.Parts)
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
