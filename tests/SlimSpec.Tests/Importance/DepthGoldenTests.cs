using System.Globalization;
using System.Text.Json;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>Depth scores against the code of ShortGPT, PruneMe, ModelOpt, Shortened LLaMA and SLEB on one random model of eight layers.</summary>
public class DepthGoldenTests
{
    private const int Layers = 8;

    private static readonly IReadOnlySet<int> None = new HashSet<int>();

    [Fact]
    public void Block_influence_is_ShortGPTs_mean_over_tokens()
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        var golden = TestFiles.GoldenJson("scores-depth-similarity/golden.json");
        var scores = Take(model, DepthScore.BlockInfluence);
        ShouldAgree(scores, golden.GetProperty("block_influence"), 1e-5);
        Order(scores).ShouldBe(golden.GetProperty("block_influence_order_lowest_first").Ids());

        // Some take the library's last hidden state, which is behind the final norm.
        Math.Abs(scores[^1] - golden.GetProperty("block_influence_last_block_if_final_norm_is_applied").GetDouble()).ShouldBeGreaterThan(1e-3);
    }

    [Fact]
    public void Angular_distances_and_best_runs_are_those_of_the_raw_states()
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        var golden = TestFiles.GoldenJson("scores-depth-similarity/golden.json");
        foreach (var length in golden.GetProperty("angular").EnumerateObject())
        {
            var removed = int.Parse(length.Name, CultureInfo.InvariantCulture);
            var distances = DepthScores.Angular(model, removed, LlmPrunerGolden.Calibration);
            ShouldAgree(distances, length.Value, 1e-5);
            DepthScores.BestStart(distances, removed, Cut(DepthScore.Angular)).ShouldBe(golden.GetProperty("angular_best_start").GetProperty(length.Name).GetInt32());
        }
    }

    [Fact]
    public void Losses_without_a_layer_are_Shortened_LLaMAs()
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        var golden = TestFiles.GoldenJson("scores-depth-loss/golden.json");
        var scores = Take(model, DepthScore.Perplexity);
        ShouldAgree(scores, golden.GetProperty("loss_without_block"), 1e-5 / 6);
        ShouldAgree([.. scores.Select(MathF.Exp)], golden.GetProperty("ppl_without_block"), 1e-4);
        Order(scores).ShouldBe(golden.GetProperty("order_by_ppl_lowest_first").Ids());
    }

    [Theory]
    [InlineData("sleb_protect_first_and_last", 1, 6)]
    [InlineData("sleb_no_protection", 0, 7)]
    public void Greedy_removal_is_SLEBs_round_by_round(string search, int first, int last)
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        var golden = TestFiles.GoldenJson("scores-depth-loss/golden.json").GetProperty(search);
        var cut = Cut(DepthScore.Perplexity) with { Candidates = [.. Enumerable.Range(first, last - first + 1)], Search = DepthSearch.Greedy };
        var gone = new List<int>();
        foreach (var round in golden.GetProperty("rounds").EnumerateArray())
        {
            var scores = Take(model, cut, gone.ToHashSet());
            var expected = round.GetProperty("losses").EnumerateObject().ToDictionary(loss => int.Parse(loss.Name, CultureInfo.InvariantCulture), loss => loss.Value.GetDouble());
            Enumerable.Range(0, Layers).Where(layer => !float.IsNaN(scores[layer])).ShouldBe(expected.Keys, ignoreOrder: true);
            foreach (var (layer, loss) in expected)
            {
                ((double)scores[layer]).ShouldBe(loss, 1e-5);
            }

            gone.Add(Order(scores)[0]);
        }

        gone.ShouldBe(golden.GetProperty("removed").Ids());
    }

    [Fact]
    public void Taylor_scores_are_Shortened_LLaMAs_with_the_norms()
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        var golden = TestFiles.GoldenJson("scores-depth-loss/golden.json");
        var scores = Take(model, DepthScore.Taylor);
        ShouldAgree(scores, golden.GetProperty("taylor_block"), 1e-5);
        Order(scores).ShouldBe(golden.GetProperty("order_by_taylor_lowest_first").Ids());
    }

    [Fact]
    public void Magnitudes_are_Shortened_LLaMAs_with_the_norms()
    {
        using var scope = NewDisposeScope();
        using var model = Load();
        var golden = TestFiles.GoldenJson("scores-depth-loss/golden.json");
        var scores = Take(model, DepthScore.Magnitude);
        ShouldAgree(scores, golden.GetProperty("magnitude_l1_block"), 1e-5);
        Order(scores).ShouldBe(golden.GetProperty("order_by_magnitude_l1_lowest_first").Ids());
    }

    private static LlamaMha.Model Load()
    {
        var model = new LlamaMha.Model(new([.. Enumerable.Repeat(LlamaMha.Shape.Dense.Layers[0], Layers)]), ScalarType.Float32, CPU);
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden("llama-mha-8"));
        folder.LoadInto(model);
        return model;
    }

    private static DepthCut Cut(DepthScore score) => new() { Score = score, Keep = 1, Candidates = [.. Enumerable.Range(0, Layers)] };

    private static float[] Take(CausalLM model, DepthScore score) => Take(model, Cut(score), None);

    private static float[] Take(CausalLM model, DepthCut cut, IReadOnlySet<int> gone) =>
        DepthScores.Take(model, cut, LlmPrunerGolden.Calibration, gone);

    // What is no number comes last.
    private static int[] Order(float[] scores) => [.. Enumerable.Range(0, scores.Length).OrderBy(layer => float.IsNaN(scores[layer]) ? float.PositiveInfinity : scores[layer])];

    private static void ShouldAgree(IReadOnlyList<float> actual, JsonElement expected, double relative)
    {
        var values = expected.Doubles();
        actual.Count.ShouldBe(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            ((double)actual[i]).ShouldBe(values[i], relative * values[i], $"{i}");
        }
    }
}
