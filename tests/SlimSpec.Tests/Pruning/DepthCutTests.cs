using static TorchSharp.torch;

namespace SlimSpec.Tests.Pruning;

public class DepthCutTests
{
    private static readonly LlamaMha.LayerShape[] Layers = [.. Enumerable.Range(0, 6).Select(layer => new LlamaMha.LayerShape(64, 4, 4, 20 + layer))];

    [Fact]
    public void Listed_layers_stay_and_nothing_is_scored()
    {
        using var scope = NewDisposeScope();
        var result = Prune([new DepthCut { Keep = 3, Kept = [0, 2, 5], Candidates = [1, 3, 4] }], samples: null);

        var layers = result.Plan.Layers.ShouldHaveSingleItem();
        (layers.Unit, result.Plan.Groups.Count).ShouldBe(("block", 0));
        layers.Kept.ShouldBe([0, 2, 5]);
        layers.Scores.ShouldBe(new float?[6]);
        ((LlamaMha.Shape)result.Model.Shape).Layers.Select(layer => layer.Ffn).ShouldBe([20, 22, 25]);
        ShouldBeTheDenseOneWithout(result, 1, 3, 4);
    }

    [Theory]
    [InlineData(DepthScore.Magnitude)]
    [InlineData(DepthScore.Random)]
    [InlineData(DepthScore.Taylor)]
    [InlineData(DepthScore.BlockInfluence)]
    [InlineData(DepthScore.Perplexity)]
    public void The_lowest_of_those_that_may_go_are_gone(DepthScore score)
    {
        using var scope = NewDisposeScope();
        var result = Prune([Cut(keep: 4, score) with { Candidates = [0, 1, 3, 4] }]);

        var scores = result.Plan.Layers.ShouldHaveSingleItem().Scores;
        var lowest = new[] { 0, 1, 3, 4 }.OrderBy(layer => scores[layer]!.Value).Take(2).Order().ToArray();
        result.Plan.KeptLayers.ShouldBe(Enumerable.Range(0, 6).Except(lowest));
        ShouldBeTheDenseOneWithout(result, lowest);
    }

    [Fact]
    public void A_greedy_search_takes_away_the_layer_that_is_missed_least_again_and_again()
    {
        using var scope = NewDisposeScope();
        var result = Prune([Cut(keep: 3, DepthScore.Perplexity) with { Search = DepthSearch.Greedy }]);

        var left = Enumerable.Range(0, 6).ToList();
        while (left.Count > 3)
        {
            left.Remove(left.MinBy(layer => Loss([.. left.Where(other => other != layer)])));
        }

        result.Plan.KeptLayers.ShouldBe(left);
    }

    [Fact]
    public void The_run_of_layers_that_turns_least_goes_together()
    {
        using var scope = NewDisposeScope();
        var plan = Prune([Cut(keep: 4, DepthScore.Angular) with { Candidates = [1, 2, 3, 4, 5] }]).Plan;

        var layers = plan.Layers.ShouldHaveSingleItem();
        var start = new[] { 1, 2, 3, 4 }.MinBy(first => layers.Scores[first]!.Value);
        layers.Kept.ShouldBe(Enumerable.Range(0, 6).Except([start, start + 1]));
        layers.Scores[5].ShouldBeNull("no run of two starts there");
    }

    [Fact]
    public void Cuts_of_width_and_depth_follow_each_other_and_the_plan_counts_the_dense_model()
    {
        using var scope = NewDisposeScope();
        PruneCut[] cuts =
        [
            new WidthCut { Targets = ["mlp", "attention"], Score = WidthScore.L2, Sparsity = 0.25, Layers = [1, 4] },
            Cut(keep: 5, DepthScore.Magnitude) with { Candidates = [2, 3] },
            new WidthCut { Targets = ["mlp"], Sparsity = 0.5, Layers = [0, 3], Steps = 2 },
            Cut(keep: 4, DepthScore.BlockInfluence) with { Candidates = [1, 2] },
        ];
        var result = Prune(cuts);

        var gone = Enumerable.Range(0, 6).Except(result.Plan.KeptLayers!).ToArray();
        gone.Length.ShouldBe(2);
        result.Plan.Groups.ShouldAllBe(group => !gone.Contains(group.Layer));
        var twice = result.Plan.Groups.Single(group => (group.Layer, group.Unit) == (4, "mlp")); // the fourth layer once 2 or 3 is gone
        (twice.Kept.Count, twice.Scores.Count).ShouldBe((9, 24));

        var recipe = new CutRecipe(LlamaMha.Instance, cuts);
        result.Plan.Shrink(recipe, new LlamaMha.Shape(Layers)).ShouldBe(result.Model.Shape);
        using var repeated = result.Plan.Apply(recipe, RandomLlama.Make(Layers));
        foreach (var (one, other) in result.Model.Weights.Zip(repeated.Weights))
        {
            (one.Name, Tensors.LargestDifference(one.Value, other.Value)).ShouldBe((other.Name, 0));
        }

        PlanFile.ToJson(Prune(cuts).Plan).ShouldBe(PlanFile.ToJson(result.Plan));
    }

    [Fact]
    public void More_layers_than_may_go_are_refused() =>
        Should.Throw<SlimException>(() => Prune([Cut(keep: 2, DepthScore.Magnitude) with { Candidates = [1, 2] }])).Message
            .ShouldContain("is to remove 4, but 2 layers may lose it");

    [Fact]
    public void A_recipe_of_a_deeper_model_is_refused() =>
        Should.Throw<SlimException>(() => Prune([Cut(keep: 2, DepthScore.Magnitude) with { Candidates = [1, 6] }])).Message
            .ShouldContain("prune[0] is about layer 6, but the model has 6 layers by then");

    private static DepthCut Cut(int keep, DepthScore score) => new() { Score = score, Keep = keep, Candidates = [0, 1, 2, 3, 4, 5] };

    private static PruningResult Prune(PruneCut[] cuts) => Prune(cuts, RandomLlama.Ids(3, 8));

    private static PruningResult Prune(PruneCut[] cuts, Tensor? samples) =>
        PruningRun.Run(new CutRecipe(LlamaMha.Instance, cuts), RandomLlama.Make(Layers), samples, "none", 0);

    private static double Loss(int[] layers)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = ModelSurgery.Cut(LlamaMha.Instance, RandomLlama.Make(Layers), new() { Layers = layers });
        var ids = RandomLlama.Ids(3, 8);
        var logits = model.forward(ids).narrow(1, 0, 7).reshape(21, -1);
        return nn.functional.cross_entropy(logits, ids.narrow(1, 1, 7).reshape(-1)).item<float>();
    }

    private static void ShouldBeTheDenseOneWithout(PruningResult result, params int[] gone)
    {
        using var noGradients = no_grad();
        using var dense = RandomLlama.Make(Layers);
        using var slim = result.Model;
        var ids = RandomLlama.Ids(2, 16, seed: 9);
        using var pass = dense.Begin(ids);
        var hidden = dense.Embed(ids, pass);
        foreach (var layer in Enumerable.Range(0, 6).Except(gone))
        {
            hidden = dense.RunLayer(layer, hidden, pass);
        }

        Tensors.LargestDifference(slim.forward(ids), dense.Head(hidden)).ShouldBeLessThan(1e-6);
    }
}
