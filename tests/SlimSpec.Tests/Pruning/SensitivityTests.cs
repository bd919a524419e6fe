using static TorchSharp.torch;

namespace SlimSpec.Tests.Pruning;

public class SensitivityTests
{
    private static readonly LlamaMha.LayerShape[] Layers = [new(64, 8, 4, 20), new(64, 6, 3, 30), new(64, 4, 2, 24), new(64, 4, 4, 16)];
    private static readonly int[] Text = [.. RandomIds.Rows(1, 100, seed: 5)[0]];
    private static readonly PerplexityEvaluation Evaluation = new() { Dataset = new("text"), Window = 16 };

    [Theory]
    [InlineData(WidthScore.Taylor)]
    [InlineData(WidthScore.L1)]
    public void Each_layer_alone_is_cut_as_a_pruning_of_it_alone_would(WidthScore score)
    {
        using var scope = NewDisposeScope();
        var cut = new WidthCut { Targets = ["mlp", "attention"], Score = score, Sparsity = 0.5, Layers = [1] };
        var result = Measure(cut);

        result.Layers.Select(layer => layer.Layer).ShouldBe([0, 1, 2, 3], "protected ones too");
        result.Dense.ShouldBe(Perplexity(RandomLlama.Make(Layers)), 1e-6);
        foreach (var layer in result.Layers)
        {
            var recipe = new CutRecipe(LlamaMha.Instance, cut with { Layers = [layer.Layer] });
            var slim = PruningRun.Run(recipe, RandomLlama.Make(Layers), RandomLlama.Ids(3, 8), "none", 0).Model;
            layer.Perplexity.ShouldBe(Perplexity(slim), 1e-4 * layer.Perplexity);
            layer.Increase.ShouldBe(Math.Log(layer.Perplexity / result.Dense), 1e-12);
        }
    }

    [Fact]
    public void Each_layer_alone_is_removed()
    {
        using var scope = NewDisposeScope();
        var result = Measure(new DepthCut { Score = DepthScore.Magnitude, Keep = 2, Candidates = [1, 2] });
        foreach (var layer in result.Layers)
        {
            var slim = ModelSurgery.Cut(LlamaMha.Instance, RandomLlama.Make(Layers), new() { Layers = [.. Enumerable.Range(0, 4).Where(other => other != layer.Layer)] });
            layer.Perplexity.ShouldBe(Perplexity(slim), 1e-4 * layer.Perplexity);
        }
    }

    [Fact]
    public void A_layer_that_loses_nothing_is_the_dense_model()
    {
        using var scope = NewDisposeScope();
        var result = Measure(new WidthCut { Targets = ["attention"], Score = WidthScore.L2, Sparsity = 0.3, Layers = [0] });

        result.Layers[2].Perplexity.ShouldBe(result.Dense, "0.3 of two KV groups is none");
        result.Layers[0].Perplexity.ShouldNotBe(result.Dense);
    }

    [Fact]
    public void Layers_stand_out_that_cost_more_than_twice_the_median()
    {
        var result = SensitivityResult.Of(10, [30, 14, 11, 10.9, 11.2, 11, 10.8, 16], 1);

        result.Layers.Where(layer => layer.StandsOut).Select(layer => layer.Layer).ShouldBe([0, 1, 7]);
        (result.First, result.Last).ShouldBe((2, 1));
        SensitivityResult.Of(10, [10.01, 10.02, 10.05], 1).Layers.ShouldAllBe(layer => !layer.StandsOut, "less than one percent");
        SensitivityResult.Of(10, [9, 9.5, 12], 1).Last.ShouldBe(1);
    }

    [Fact]
    public void A_cut_of_the_whole_model_or_of_no_known_amount_is_refused()
    {
        Should.Throw<SlimException>(() => Measure(new WidthCut { Targets = ["hidden"], Score = WidthScore.L1, Sparsity = 0.5, Layers = [] })).Message.ShouldContain("'hidden' is cut in the whole model at once");
        Should.Throw<SlimException>(() => Measure(new WidthCut { Targets = ["mlp"], Score = WidthScore.L1, Sparsity = null, Scope = RankingScope.Global, Layers = [0] })).Message.ShouldContain("has no sparsity");
    }

    private static SensitivityResult Measure(PruneCut cut)
    {
        using var scope = NewDisposeScope();
        using var model = RandomLlama.Make(Layers);
        var samples = RandomLlama.Ids(3, 8);
        var inputs = new PruningInputs { Samples = _ => samples, CheckpointHash = "none", Seed = 0 };
        return SensitivityWalk.Measure(new CutRecipe(LlamaMha.Instance, cut), model, cut, inputs, TokenDataset.FromStream("text", Text), Evaluation);
    }

    private static double Perplexity(CausalLM model)
    {
        using (model)
        {
            return SlimSpec.Perplexity.Measure(model, Text, Evaluation.Window, "text").Perplexity;
        }
    }
}
