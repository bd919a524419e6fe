using System.Text.Json;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>Scores by activations against the code of FLAP, Wanda-sp and ModelOpt's Minitron.</summary>
public sealed class ActivationGoldenTests : IDisposable
{
    private const double Sparsity = 0.25;

    private static readonly int[] AllLayers = [0, 1, 2, 3];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    // Its published code cuts layer after layer and feeds each the cut output of those before; the scores of one step are those of the
    // uncut model.
    [Fact]
    public void Wanda_scores_and_kept_units_are_Wanda_sps_on_the_uncut_model()
    {
        var golden = new Golden("scores-wanda-sp");
        var scores = Score("llama-mha", Cut(WidthScore.Wanda)).Scores;
        var choice = golden.Json.GetProperty("static");
        foreach (var layer in AllLayers)
        {
            ShouldAgree(scores[(layer, "mlp")], golden.Row("static.mlp", layer));
            ShouldAgree(scores[(layer, "attention")], golden.Row("static.heads", layer));
            Kept(scores[(layer, "mlp")]).ShouldBe(choice.GetProperty("kept_mlp")[layer].Ids());
            Kept(scores[(layer, "attention")]).ShouldBe(choice.GetProperty("kept_heads")[layer].Ids());
        }
    }

    [Fact]
    public void Wanda_scores_of_grouped_queries_are_the_sums_over_a_groups_heads()
    {
        var golden = new Golden("scores-wanda-sp");
        var scores = Score("llama-gqa", Cut(WidthScore.Wanda)).Scores;
        foreach (var layer in AllLayers)
        {
            ShouldAgree(scores[(layer, "mlp")], golden.Row("gqa_static.mlp", layer));
            Kept(scores[(layer, "mlp")]).ShouldBe(golden.Json.GetProperty("gqa_static").GetProperty("kept_mlp")[layer].Ids());
            ShouldAgree(scores[(layer, "attention")], [.. golden.Row("gqa_static.heads", layer).Chunk(4).Select(heads => heads.Sum())]);
        }
    }

    // One cut for each layer, in order, is the published code: both statistics of a layer from where it is whole and those before it are cut.
    [Fact]
    public void A_cut_for_each_layer_is_Wanda_sp_layer_after_layer()
    {
        var golden = new Golden("scores-wanda-sp");
        var cuts = AllLayers.Select(layer => Cut(WidthScore.Wanda) with { Layers = [layer] });
        var result = PruningRun.Run(new CutRecipe(CutModels.Recipe("llama-mha"), [.. cuts]), CutModels.Load("llama-mha"), LlmPrunerGolden.Calibration, "none", 0);
        using var slim = result.Model;
        foreach (var group in result.Plan.Groups)
        {
            var isMlp = group.Unit == "mlp";
            ShouldAgree(group.Scores!, golden.Row(isMlp ? "seq.mlp" : "seq.heads", group.Layer));
            group.Kept.ShouldBe(golden.Json.GetProperty("sequential").GetProperty(isMlp ? "kept_mlp" : "kept_heads")[group.Layer].Ids());
        }

        using var noGradients = no_grad();
        Tensors.LargestDifference(slim.forward(LlmPrunerGolden.InputIds), golden.Tensor("pruned_logits")).ShouldBeLessThan(1e-4);
    }

    // FLAP updates its running mean in place, so that "old" and "new" mean are one tensor, the first sample never counts, and what it calls a variance
    // is about the number of tokens times one. The golden has the variance of two passes beside it, and the sets that FLAP would keep with it.
    [Fact]
    public void Flap_scores_use_the_variance_that_FLAP_means()
    {
        var golden = new Golden("scores-flap");
        using var model = (LlamaMhaCuts.Model)CutModels.Load("llama-mha");
        var scores = Score("llama-mha", Cut(WidthScore.Flap)).Scores;
        foreach (var layer in AllLayers)
        {
            var mlp = Metric(golden.Row("var_two_pass.mlp", layer), model.Blocks[layer].DownProj);
            ShouldAgree(scores[(layer, "mlp")], mlp);
            var heads = Metric(golden.Row("var_two_pass.attn", layer), model.Blocks[layer].OProj).Select(channel => channel * channel).Chunk(16);
            ShouldAgree(scores[(layer, "attention")], [.. heads.Select(head => head.Sum())], 2e-5);

            var flaps = golden.Row("WIFV.mlp", layer);
            mlp.Select((right, channel) => Math.Abs((flaps[channel] / 64 / right) - 1)).Max().ShouldBeGreaterThan(0.01f, "FLAP's own differs");
        }
    }

    [Fact]
    public void Flap_scores_of_grouped_queries_are_the_sums_of_squares_over_a_groups_channels()
    {
        using var model = (LlamaGqaCuts.Model)CutModels.Load("llama-gqa");
        var cut = Cut(WidthScore.Flap);
        var scores = Score("llama-gqa", cut).Scores;
        foreach (var layer in AllLayers)
        {
            using var statistics = Observe(model, layer);
            var input = statistics.Find(model.Blocks[layer].OProj)!;
            var channels = Metric(input.Variance.to(ScalarType.Float32).data<float>().ToArray(), model.Blocks[layer].OProj);
            ShouldAgree(scores[(layer, "attention")], [.. channels.Select(channel => channel * channel).Chunk(32).Select(group => group.Sum())], 2e-5);
        }
    }

    // FLAP counts 21 for a head where it saves 21.33 times as much as a channel.
    [Theory]
    [InlineData("AL-AM.WIFV", 0.25)]
    [InlineData("AL-AM.WIFV.50", 0.5)]
    public void Standardized_flap_scores_choose_what_FLAP_would_with_that_variance(string run, double sparsity)
    {
        var golden = new Golden("scores-flap");
        var cut = Cut(WidthScore.Flap) with { Sparsity = sparsity, Scope = RankingScope.Global, Normalize = ScoreNormalization.Standard };
        UnitScores.AreStandardized(cut).ShouldBeTrue();
        var scores = Score("llama-mha", cut).Scores;
        foreach (var (repairs, headCost) in new[] { ("with_two_pass_variance", 21.0), ("with_two_pass_variance_and_exact_cost", 64 / 3.0) })
        {
            // Its rule: in descending order to where the cost is nearest to what shall stay; that unit goes too.
            var pool = scores.SelectMany(place => place.Value.Select(score => (Score: score, Cost: place.Key.Unit == "mlp" ? 1 : headCost))).OrderByDescending(unit => unit.Score).ToArray();
            var goal = (1 - sparsity) * pool.Sum(unit => unit.Cost);
            var running = 0.0;
            var threshold = pool.MinBy(unit => Math.Abs((running += unit.Cost) - goal)).Score;

            var expected = golden.Json.GetProperty("runs").GetProperty(run).GetProperty(repairs);
            ((double)threshold).ShouldBe(expected.GetProperty("threshold").GetDouble(), 1e-5);
            foreach (var layer in AllLayers)
            {
                Above(scores[(layer, "mlp")]).ShouldBe(expected.GetProperty("kept_mlp")[layer].Ids());
                Above(scores[(layer, "attention")]).ShouldBe(expected.GetProperty("kept_heads")[layer].Ids());
            }

            int[] Above(float[] units) => [.. Enumerable.Range(0, units.Length).Where(unit => units[unit] > threshold)];
        }
    }

    [Theory]
    [InlineData("llama-mha", "")]
    [InlineData("llama-gqa", "gqa.")]
    public void Means_for_compensation_are_FLAPs(string model, string prefix)
    {
        var golden = new Golden("scores-flap");
        foreach (var score in new[] { WidthScore.Flap, WidthScore.L2 })
        {
            var scored = Score(model, Cut(score) with { Compensate = Compensation.Bias });
            foreach (var layer in AllLayers)
            {
                scored.Means[(layer, "mlp")].ShouldBe(golden.Row($"{prefix}mean.mlp", layer), 1e-5);
                scored.Means[(layer, "attention")].ShouldBe(golden.Row($"{prefix}mean.attn", layer), 1e-5);
            }
        }

        Score(model, Cut(WidthScore.Flap)).Means.ShouldBeEmpty();
    }

    // The sets are FLAP's, some of them by other metrics and by its own variance: means and surgery are what is compared.
    [Theory]
    [InlineData("UL-UM.WIFV")]
    [InlineData("AL-AM.WIFV")]
    [InlineData("AL-AM.WIFV.50")]
    [InlineData("UL-UM.IFV")]
    [InlineData("AL-AM.IFV")]
    [InlineData("UL-UM.WIFN")]
    [InlineData("AL-AM.WIFN")]
    public void Compensating_biases_and_the_slim_model_are_FLAPs_for_the_units_that_it_kept(string run)
    {
        var golden = new Golden("scores-flap");
        var choice = golden.Json.GetProperty("runs").GetProperty(run);
        var means = Score("llama-mha", Cut(WidthScore.Flap) with { Compensate = Compensation.Bias }).Means;
        var units = AllLayers.SelectMany(layer => new[]
        {
            KeyValuePair.Create((layer, "mlp"), choice.GetProperty("kept_mlp")[layer].Ids()),
            KeyValuePair.Create((layer, "attention"), choice.GetProperty("kept_heads")[layer].Ids()),
        });
        using var slim = CutModels.Cut("llama-mha", new() { Units = units.ToDictionary(), Means = means });
        foreach (var layer in AllLayers)
        {
            Bias("mlp.down_proj").ShouldBe(golden.Row($"bias_mlp.{run}", layer), 1e-5);
            Bias("self_attn.o_proj").ShouldBe(golden.Row($"bias_attn.{run}", layer), 1e-5);
            float[] Bias(string linear) => slim.Layers[layer].Weights.Single(weight => weight.Name.EndsWith($"{linear}.bias", StringComparison.Ordinal)).Value.detach().data<float>().ToArray();
        }

        if (run.Contains("WIFV", StringComparison.Ordinal))
        {
            using var noGradients = no_grad();
            Tensors.LargestDifference(slim.forward(LlmPrunerGolden.InputIds), golden.Tensor($"pruned_logits.{run}")).ShouldBeLessThan(1e-4);
        }
    }

    [Theory]
    [InlineData("llama-mha", "")]
    [InlineData("llama-gqa", "gqa.")]
    public void Activation_scores_and_kept_units_are_Minitrons(string model, string prefix)
    {
        var golden = new Golden("scores-minitron");
        var choice = golden.Json.GetProperty(model);
        var scores = Score(model, Cut(WidthScore.Activation)).Scores;
        var hidden = Score(model, Cut(WidthScore.Activation) with { Targets = ["hidden"], Layers = [] }).Scores.ShouldHaveSingleItem().Value;
        ShouldAgree(hidden, golden.Row($"{prefix}hidden"));
        Kept(hidden).ShouldBe(choice.GetProperty("kept_hidden").Ids());
        var perGroup = model == "llama-mha" ? 1 : 4;
        foreach (var layer in AllLayers)
        {
            ShouldAgree(scores[(layer, "mlp")], golden.Row($"{prefix}mlp", layer));
            Kept(scores[(layer, "mlp")]).ShouldBe(choice.GetProperty("kept_mlp")[layer].Ids());
            var groups = golden.Row($"{prefix}heads", layer).Chunk(perGroup).Select(heads => MathF.Sqrt(heads.Sum(head => head * head)));
            ShouldAgree(scores[(layer, "attention")], [.. groups]);
        }
    }

    [Fact]
    public void Query_heads_are_chosen_within_their_groups_as_Minitron_does()
    {
        var golden = new Golden("scores-minitron");
        var scores = Score("llama-gqa", Cut(WidthScore.Activation) with { Targets = ["query_heads"] }).Scores;
        foreach (var layer in AllLayers)
        {
            var heads = scores[(layer, "query_heads")];
            ShouldAgree(heads, golden.Row("gqa.heads", layer));
            int[] kept = [.. UnitRanking.Highest(heads[..4], 3), .. UnitRanking.Highest(heads[4..], 3).Select(head => head + 4)];
            kept.ShouldBe(golden.Json.GetProperty("llama-gqa").GetProperty("kept_heads_same_number_in_each_group")[layer].Ids());
        }
    }

    private static WidthCut Cut(WidthScore score) => new() { Targets = ["mlp", "attention"], Score = score, Sparsity = Sparsity, Layers = AllLayers };

    private static ScoredUnits Score(string golden, WidthCut cut)
    {
        using var model = CutModels.Load(golden);
        var pruner = CutModels.Recipe(golden).Pruner;
        return UnitScores.Take(pruner, model, cut, CutPlaces.Of(pruner, model.Shape, cut), LlmPrunerGolden.Calibration, _ => [], null);
    }

    private static ActivationStatistics Observe(CausalLM model, int layer)
    {
        using var noGradients = no_grad();
        var ids = LlmPrunerGolden.Calibration;
        using var pass = model.Begin(ids);
        var hidden = model.Embed(ids, pass);
        for (var before = 0; before < layer; before++)
        {
            hidden = model.RunLayer(before, hidden, pass);
        }

        var statistics = new ActivationStatistics(model.Layers[layer].Weights.Select(weight => weight.Name).ToHashSet(), CPU);
        model.Observe(model.Layers[layer], hidden, pass, statistics);
        return statistics;
    }

    private static float[] Metric(float[] variance, NamedWeight weight)
    {
        var squares = weight.Value.detach().to(ScalarType.Float64).square().sum([0]).data<double>().ToArray();
        return [.. variance.Select((value, channel) => (float)(value * squares[channel]))];
    }

    private static int[] Kept(float[] scores) => UnitRanking.Highest(scores, scores.Length - (int)(Sparsity * scores.Length));

    private static void ShouldAgree(IReadOnlyList<float> actual, float[] expected, double relative = 1e-5)
    {
        actual.Count.ShouldBe(expected.Length);
        for (var unit = 0; unit < expected.Length; unit++)
        {
            ((double)actual[unit]).ShouldBe(expected[unit], relative * expected[unit], $"unit {unit}");
        }
    }

    private sealed class Golden(string name)
    {
        public JsonElement Json { get; } = TestFiles.GoldenJson($"{name}/golden.json");

        public Tensor Tensor(string key)
        {
            using var file = SafetensorsFile.Open(TestFiles.Golden($"{name}/golden.safetensors"));
            return file.Load(key);
        }

        public float[] Row(string key, int? layer = null)
        {
            var tensor = Tensor(key);
            return (layer is { } row ? tensor[row] : tensor).data<float>().ToArray();
        }
    }
}
