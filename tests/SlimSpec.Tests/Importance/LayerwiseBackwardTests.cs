using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

public class LayerwiseBackwardTests
{
    private static readonly LlamaMha.LayerShape[] Small = [new(64, 2, 2, 12), new(64, 4, 2, 8), new(64, 1, 1, 20)];

    [Fact]
    public void The_mean_gradient_is_the_slope_of_the_mean_loss()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make(Small, ScalarType.Float64);
        var ids = RandomLlama.Ids(3, 7);
        var gradients = Gradients(model, ids, GradientStatistics.Mean);

        const double Step = 1e-5;
        var random = new SeededRandom(1);
        foreach (var weight in model.Weights)
        {
            for (var trial = 0; trial < 4; trial++)
            {
                using var inner = NewDisposeScope();
                var element = random.NextIndex(weight.Value.numel());
                var slope = (LossWith(Step) - LossWith(-Step)) / (2 * Step);
                gradients[weight.Name].Mean!.reshape(-1)[element].item<double>().ShouldBe(slope, 1e-8 + (1e-6 * Math.Abs(slope)), $"{weight.Name}[{element}]");

                double LossWith(double change)
                {
                    var place = weight.Value.view(-1).narrow(0, element, 1);
                    place.add_(change);
                    var loss = MeanLoss(model, ids).item<double>();
                    place.sub_(change);
                    return loss;
                }
            }
        }
    }

    [Theory]
    [InlineData(4)]  // several samples a micro batch
    [InlineData(40)] // one sample a micro batch
    public void Both_statistics_are_those_of_whole_model_autograd(int tokens)
    {
        using var scope = NewDisposeScope();
        using var model = RandomLlama.Make([new(64, 4, 4, 60), new(64, 4, 2, 60)], ScalarType.Float64);
        var ids = RandomLlama.Ids(10, tokens);
        var mean = Gradients(model, ids, GradientStatistics.Mean);
        var both = Gradients(model, ids, GradientStatistics.Mean | GradientStatistics.MeanSquare);
        var square = Gradients(model, ids, GradientStatistics.MeanSquare);

        var whole = Autograd(model, ids);
        var perExample = Enumerable.Range(0, 10).Select(row => Autograd(model, ids.narrow(0, row, 1))).ToArray();
        foreach (var name in model.Weights.Select(weight => weight.Name))
        {
            ShouldAgree(mean[name].Mean!, whole[name]);
            ShouldAgree(both[name].Mean!, whole[name]);
            var expected = perExample.Select(example => example[name].square()).Aggregate((sum, next) => sum + next) / 10;
            ShouldAgree(both[name].MeanSquare!, expected);
            ShouldAgree(square[name].MeanSquare!, expected);
            mean[name].MeanSquare.ShouldBeNull();
            square[name].Mean.ShouldBeNull();
        }
    }

    [Fact]
    public void Only_the_layers_and_weights_asked_for_are_handed_out_last_layer_first()
    {
        using var scope = NewDisposeScope();
        using var model = RandomLlama.Make(Small);
        var ids = RandomLlama.Ids(2, 6);
        var all = Gradients(model, ids, GradientStatistics.Mean);
        var order = new List<int>();
        LayerwiseBackward.Run(
            model,
            ids,
            new(new HashSet<int> { 0, 2 }, name => name.EndsWith("o_proj.weight", StringComparison.Ordinal), GradientStatistics.Mean),
            (layer, gradients) =>
            {
                order.Add(layer);
                var (name, gradient) = gradients.ShouldHaveSingleItem();
                name.ShouldBe($"model.layers.{layer}.self_attn.o_proj.weight");
                ShouldAgree(gradient.Mean!, all[name].Mean!);
            });
        order.ShouldBe([2, 0]);
    }

    [Fact]
    public void Embedding_and_head_come_last_and_only_if_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = RandomLlama.Make(Small);
        var ids = RandomLlama.Ids(2, 6);
        var all = Gradients(model, ids, GradientStatistics.Mean);
        foreach (var wanted in new[] { "lm_head.weight", "model.embed_tokens.weight" })
        {
            var order = new List<int>();
            LayerwiseBackward.Run(model, ids, new(new HashSet<int> { StructuredPruner.WholeModel, 1 }, name => name == wanted, GradientStatistics.Mean), (layer, gradients) =>
            {
                order.Add(layer);
                if (layer == StructuredPruner.WholeModel)
                {
                    ShouldAgree(gradients.ShouldHaveSingleItem().Value.Mean!, all[wanted].Mean!);
                }
            });
            order.ShouldBe([1, StructuredPruner.WholeModel]);
        }
    }

    [Fact]
    public void Layers_can_be_passed_by_as_if_the_model_had_none()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make(Small);
        var ids = RandomLlama.Ids(2, 6);
        var taken = new Dictionary<string, Tensor>();
        LayerwiseBackward.Run(model, ids, new(new HashSet<int> { 0, 2 }, _ => true, GradientStatistics.Mean) { Without = new HashSet<int> { 1 } }, (_, gradients) =>
        {
            foreach (var (name, gradient) in gradients)
            {
                taken[name] = gradient.Mean!.clone().DetachFromDisposeScope();
            }
        });

        model.Blocks[1].OProj.Value.zero_();
        model.Blocks[1].DownProj.Value.zero_();
        var expected = Gradients(model, ids, GradientStatistics.Mean);
        taken.Keys.ShouldAllBe(name => !name.Contains(".1.", StringComparison.Ordinal));
        foreach (var (name, gradient) in taken)
        {
            ShouldAgree(gradient, expected[name].Mean!);
        }
    }

    [Fact]
    public void Gradients_of_16_bit_weights_are_float32()
    {
        using var scope = NewDisposeScope();
        using var wide = RandomLlama.Make(Small);
        using var half = RandomLlama.Make(Small, ScalarType.BFloat16);
        var ids = RandomLlama.Ids(4, 16);
        var expected = Gradients(wide, ids, GradientStatistics.Mean | GradientStatistics.MeanSquare);
        var actual = Gradients(half, ids, GradientStatistics.Mean | GradientStatistics.MeanSquare);
        foreach (var (name, gradient) in actual)
        {
            gradient.Mean!.dtype.ShouldBe(ScalarType.Float32);
            gradient.MeanSquare!.dtype.ShouldBe(ScalarType.Float32);
            Relative(gradient.Mean, expected[name].Mean!).ShouldBeLessThan(0.1, name);
            Relative(gradient.MeanSquare, expected[name].MeanSquare!).ShouldBeLessThan(0.1, name);
        }
    }

    [Fact]
    public void A_loss_that_is_no_number_is_reported()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make(Small);
        model.Blocks[1].DownProj.Value.fill_(double.NaN);
        Should.Throw<SlimException>(() => Gradients(model, RandomLlama.Ids(2, 6), GradientStatistics.Mean)).Message.ShouldContain("loss is NaN");
    }

    private static Dictionary<string, WeightGradient> Gradients(CausalLM model, Tensor ids, GradientStatistics statistics)
    {
        var kept = new Dictionary<string, WeightGradient>();
        LayerwiseBackward.Run(
            model,
            ids,
            new(Enumerable.Range(StructuredPruner.WholeModel, model.Layers.Count + 1).ToHashSet(), _ => true, statistics),
            (_, gradients) =>
            {
                foreach (var (name, gradient) in gradients)
                {
                    kept[name] = new(gradient.Mean?.clone().DetachFromDisposeScope(), gradient.MeanSquare?.clone().DetachFromDisposeScope());
                }
            });
        return kept;
    }

    private static Tensor MeanLoss(CausalLM model, Tensor ids)
    {
        var logits = model.forward(ids).narrow(1, 0, ids.size(1) - 1);
        return nn.functional.cross_entropy(logits.reshape(-1, logits.size(2)), ids.narrow(1, 1, ids.size(1) - 1).reshape(-1));
    }

    private static Dictionary<string, Tensor> Autograd(CausalLM model, Tensor ids)
    {
        model.RequireGradients(true);
        MeanLoss(model, ids).backward();
        var gradients = model.Leaves.SelectMany(leaf => leaf.Split(leaf.Leaf.grad!)).ToDictionary(part => part.Weight.Name, part => part.Slice.clone());
        foreach (var leaf in model.Leaves)
        {
            leaf.Leaf.grad = null;
        }

        model.RequireGradients(false);
        return gradients;
    }

    private static void ShouldAgree(Tensor actual, Tensor expected) => Relative(actual, expected).ShouldBeLessThan(1e-6);

    private static double Relative(Tensor actual, Tensor expected) =>
        ((actual - expected).norm() / expected.norm()).to(ScalarType.Float64).item<double>();
}
