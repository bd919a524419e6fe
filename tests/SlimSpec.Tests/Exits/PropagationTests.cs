using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>Hidden states copied up, and projected by each skipped layer (CALM), against loops written out by hand.</summary>
public class PropagationTests
{
    private static readonly int[] Prompt = [7, 80, 13];

    [Fact]
    public void Skipped_layers_hold_projections_of_the_state_that_the_token_left_with()
    {
        using var noGradients = no_grad();
        using var model = ThreeLayers();
        using var head = new PlainHead(model);
        int[] plan = [1, 3, 2, 1, 1, 3, 2, 2];
        using var exits = ExitsPropagate.Instance.CreateExits(model, head, new PlannedExits([.. plan.Select(layers => layers == 3 ? -1 : layers - 1)]));
        var (slow, copied) = (Slow(model), Slow(model));
        double[] logits = [];
        foreach (var token in Prompt)
        {
            logits = slow.Feed(token, 3, copiesProjected: false);
            copied.Feed(token, 3, copiesProjected: true);
        }

        var id = exits.Begin(Prompt, new());
        foreach (var layers in plan)
        {
            id.ShouldBe(logits.IndexOf(logits.Max()));
            logits = slow.Feed(id, layers, copiesProjected: false);
            copied.Feed(id, layers, copiesProjected: true);
            id = exits.Next(id);
        }

        id.ShouldBe(logits.IndexOf(logits.Max()));
        Difference(model, exits.Cache, slow).ShouldBeLessThan(1e-10);
        Difference(model, exits.Cache, copied).ShouldBeGreaterThan(0.01, "copying what the last layer projected is another thing");
        exits.Statistics.ExitsAfter.ShouldBe([0, 3, 3, 2]);
        exits.Statistics.LayerCalls.ShouldBe(plan.Sum());
    }

    private static SlowLlama Slow(CausalLM model) => new(model, heads: 4, ExitsPropagate.Constants.Eps, ExitsPropagate.Constants.Theta);

    private static CausalLM ThreeLayers()
    {
        var recipe = ExitsPropagate.Instance;
        var model = recipe.CreateModel(recipe.Dense.KeepLayers([0, 1, 2]), ScalarType.Float64, CPU);
        manual_seed(6);
        foreach (var weight in model.Weights)
        {
            using var scope = NewDisposeScope();
            var noise = randn(weight.Value.shape, dtype: ScalarType.Float64);
            weight.Value.copy_(weight.Value.dim() == 1 ? noise * 0.1 + 1 : noise / Math.Sqrt(weight.Value.size(1)));
        }

        return model;
    }

    private static double Difference(CausalLM model, KeyValueCache cache, SlowLlama slow)
    {
        using var scope = NewDisposeScope();
        return Enumerable.Range(0, model.Layers.Count).Max(layer =>
        {
            var (keys, values) = CacheContents.Read(cache, layer, cache.Length);
            return Math.Max(Of(keys, slow.Keys(layer)), Of(values, slow.Values(layer)));
        });

        static double Of(Tensor held, IReadOnlyList<double[]> expected) => Tensors.LargestDifference(
            held.squeeze(0).transpose(0, 1).flatten(1),
            tensor(expected.SelectMany(row => row).ToArray()).view(expected.Count, -1));
    }
}
