using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>Scores of a model that is read layer by layer are, bit for bit, those of the model in memory.</summary>
public class StreamedScoresTests
{
    [Theory]
    [InlineData("llama-gqa")]
    [InlineData("gpt2")]
    [InlineData("gemma")]
    public void Of_units_by_activations(string golden)
    {
        using var scope = NewDisposeScope();
        var recipe = CutModels.Recipe(golden);
        using var model = CutModels.Load(golden);
        using var streamed = Stream(golden);
        foreach (var score in new[] { WidthScore.Wanda, WidthScore.Flap, WidthScore.Activation, WidthScore.L1 })
        {
            foreach (var targets in new string[][] { ["mlp", "attention"], ["hidden"] })
            {
                var cut = new WidthCut
                {
                    Targets = targets,
                    Score = score,
                    Sparsity = 0.5,
                    Layers = [1, 2],
                    Compensate = targets.Length == 2 ? Compensation.Bias : Compensation.None,
                };
                var (expected, actual) = (Take(model, cut), Take(streamed, cut));
                actual.Scores.Keys.ShouldBe(expected.Scores.Keys, ignoreOrder: true);
                foreach (var (place, scores) in expected.Scores)
                {
                    actual.Scores[place].ShouldBe(scores);
                    actual.Means.GetValueOrDefault(place).ShouldBe(expected.Means.GetValueOrDefault(place));
                }
            }
        }

        streamed.Leaves.ShouldAllBe(leaf => !leaf.IsLoaded);

        ScoredUnits Take(CausalLM from, WidthCut cut) => UnitScores.Take(recipe.Pruner, from, cut, CutPlaces.Of(recipe.Pruner, from.Shape, cut), Ids(golden), _ => [], null);
    }

    [Theory]
    [InlineData("llama-gqa")]
    [InlineData("gpt2")]
    [InlineData("gemma")]
    public void Of_layers_and_branches(string golden)
    {
        using var scope = NewDisposeScope();
        using var model = CutModels.Load(golden);
        using var streamed = Stream(golden);
        var layers = Enumerable.Range(0, model.Layers.Count).ToArray();
        foreach (var score in new[] { DepthScore.Perplexity, DepthScore.BlockInfluence, DepthScore.Taylor, DepthScore.Magnitude })
        {
            foreach (var unit in new[] { DepthCut.Block, "attention", "mlp" })
            {
                var cut = new DepthCut { Unit = unit, Score = score, Keep = 1, Candidates = layers };
                DepthScores.Take(streamed, cut, Ids(golden), new HashSet<int> { 1 }).ShouldBe(DepthScores.Take(model, cut, Ids(golden), new HashSet<int> { 1 }));
            }
        }

        DepthScores.Angular(streamed, 2, Ids(golden)).ShouldBe(DepthScores.Angular(model, 2, Ids(golden)));
        streamed.Leaves.ShouldAllBe(leaf => !leaf.IsLoaded);
    }

    // A layer's weights are read once a round, however many layers are tried.
    [Fact]
    public void The_loss_without_each_layer_reads_the_model_once()
    {
        using var scope = NewDisposeScope();
        using var streamed = Stream("llama-mha");
        var cut = new DepthCut { Score = DepthScore.Perplexity, Keep = 1, Candidates = [0, 1, 2, 3] };
        DepthScores.Take(streamed, cut, RandomLlama.Ids(6, 16), new HashSet<int>());
        streamed.Stream!.BytesRead.ShouldBe(4 * GoldenModels.Recipe("llama-mha").Dense.Parameters);
    }

    private static CausalLM Stream(string golden)
    {
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden(golden));
        return folder.OpenStream(CutModels.Recipe(golden), ScalarType.Float32, CPU);
    }

    private static Tensor Ids(string golden) => new Families.FamilyGolden(golden).Ids;
}
