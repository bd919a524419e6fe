using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>Depth scores against slow references: direct removal, whole-model autograd, cosines token by token.</summary>
public class DepthScoresTests
{
    private static readonly LlamaMha.LayerShape[] Sizes = [new(64, 4, 2, 40), new(64, 2, 2, 12), new(64, 4, 4, 30), new(64, 1, 1, 20), new(64, 2, 1, 16)];

    private static readonly IReadOnlySet<int> None = new HashSet<int>();

    public static TheoryData<int[]> Removed => [[], [1], [0, 3], [4]];

    [Theory]
    [MemberData(nameof(Removed))]
    public void The_loss_without_a_layer_is_that_of_the_model_with_the_layer_removed(int[] gone)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make(Sizes, ScalarType.Float64);
        var ids = RandomLlama.Ids(5, 11);
        var scores = Take(model, DepthScore.Perplexity, ids, gone);
        for (var layer = 0; layer < Sizes.Length; layer++)
        {
            ShouldBe(scores[layer], gone.Contains(layer) ? double.NaN : Loss(model, ids, [.. gone, layer]).item<double>());
        }
    }

    [Theory]
    [MemberData(nameof(Removed))]
    public void Taylor_scores_are_those_of_whole_model_autograd_on_what_is_left(int[] gone)
    {
        using var scope = NewDisposeScope();
        using var model = RandomLlama.Make(Sizes, ScalarType.Float64);
        var ids = RandomLlama.Ids(5, 11);
        var scores = Take(model, DepthScore.Taylor, ids, gone);

        model.RequireGradients(true);
        Loss(model, ids, gone).backward();
        for (var layer = 0; layer < Sizes.Length; layer++)
        {
            var expected = gone.Contains(layer) ? double.NaN : model.Layers[layer].Leaves.Sum(leaf => (leaf.Leaf.detach() * leaf.Leaf.grad!).abs().sum().item<double>());
            ShouldBe(scores[layer], expected);
        }
    }

    [Theory]
    [MemberData(nameof(Removed))]
    public void Influence_is_the_mean_over_tokens_of_one_less_the_cosine(int[] gone)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make(Sizes, ScalarType.Float64);
        var ids = RandomLlama.Ids(3, 7);
        var scores = Take(model, DepthScore.BlockInfluence, ids, gone);
        var states = States(model, ids, gone);
        for (var layer = 0; layer < Sizes.Length; layer++)
        {
            var (from, to) = (states[layer].flatten(0, 1), states[layer + 1].flatten(0, 1));
            var turned = Enumerable.Range(0, 21).Average(token => 1 - Cosine(from[token], to[token]));
            ShouldBe(scores[layer], gone.Contains(layer) ? double.NaN : turned);
        }
    }

    [Fact]
    public void Angular_distance_is_the_mean_angle_at_the_last_token()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make(Sizes, ScalarType.Float64);
        var ids = RandomLlama.Ids(4, 6);
        var states = States(model, ids, []);
        for (var length = 1; length <= Sizes.Length; length++)
        {
            var distances = DepthScores.Angular(model, length, ids);
            distances.Length.ShouldBe(Sizes.Length - length + 1);
            for (var start = 0; start < distances.Length; start++)
            {
                var angle = Enumerable.Range(0, 4).Average(row => Math.Acos(Cosine(states[start][row][5], states[start + length][row][5])) / Math.PI);
                ((double)distances[start]).ShouldBe(angle, 1e-6);
            }
        }
    }

    [Fact]
    public void The_run_that_goes_is_the_first_of_the_least_among_those_without_protected_layers()
    {
        float[] distances = [0.1f, 0.3f, 0.2f, 0.2f, 0.4f];
        var cut = new DepthCut { Score = DepthScore.Angular, Keep = 4, Candidates = [1, 2, 3, 4, 5] };
        DepthScores.BestStart(distances, 2, cut).ShouldBe(2);
        DepthScores.BestStart(distances, 2, cut with { Candidates = [0, 1, 2, 3, 4, 5] }).ShouldBe(0);
        Should.Throw<SlimException>(() => DepthScores.BestStart(distances, 2, cut with { Candidates = [0, 2, 4] })).Message.ShouldContain("run of 2");
    }

    [Fact]
    public void Magnitude_is_the_sum_of_absolute_weights_norms_included()
    {
        using var scope = NewDisposeScope();
        using var model = RandomLlama.Make(Sizes);
        var scores = Take(model, DepthScore.Magnitude, null, [2]);
        for (var layer = 0; layer < Sizes.Length; layer++)
        {
            var sum = model.Layers[layer].Weights.Sum(weight => weight.Value.detach().to(ScalarType.Float64).abs().sum().item<double>());
            ShouldBe(scores[layer], layer == 2 ? double.NaN : sum, 1e-5);
        }
    }

    [Fact]
    public void Random_scores_are_the_same_on_every_machine_and_another_seeds_others()
    {
        using var model = RandomLlama.Make(Sizes);
        var scores = Take(model, DepthScore.Random, null, []);
        scores.ShouldBe([0.12739772f, 0.7394687f, 0.5535052f, 0.5156182f, 0.67376673f]);
        var other = DepthScores.Take(model, Cut(DepthScore.Random) with { Seed = 1 }, null, None);
        other.Zip(scores).ShouldAllBe(pair => pair.First != pair.Second);
    }

    [Fact]
    public void Layers_that_are_no_candidates_cost_no_loss()
    {
        using var scope = NewDisposeScope();
        using var model = RandomLlama.Make(Sizes);
        var ids = RandomLlama.Ids(2, 6);
        var all = Take(model, DepthScore.Perplexity, ids, []);
        var some = DepthScores.Take(model, Cut(DepthScore.Perplexity) with { Candidates = [1, 3] }, ids, None);
        some.ShouldBe([float.NaN, all[1], float.NaN, all[3], float.NaN]);
    }

    [Theory]
    [InlineData(DepthScore.Perplexity)]
    [InlineData(DepthScore.BlockInfluence)]
    [InlineData(DepthScore.Taylor)]
    public void Data_is_asked_for_where_it_is_needed_and_numbers_that_are_none_are_reported(DepthScore score)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = RandomLlama.Make(Sizes);
        Should.Throw<SlimException>(() => Take(model, score, null, [])).Message.ShouldContain("'calibration'");
        model.Blocks[1].DownProj.Value.fill_(double.NaN);
        Should.Throw<SlimException>(() => Take(model, score, RandomLlama.Ids(2, 6), [])).Message.ShouldContain("damaged");
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var model = RandomLlama.Make(Sizes);
        using var ids = RandomLlama.Ids(3, 6);
        Run();
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Run();
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);

        void Run()
        {
            foreach (var score in new[] { DepthScore.Perplexity, DepthScore.BlockInfluence, DepthScore.Taylor, DepthScore.Magnitude })
            {
                Take(model, score, ids, [1]);
            }

            DepthScores.Angular(model, 2, ids);
        }
    }

    private static void ShouldBe(float actual, double expected, double relative = 1e-6)
    {
        float.IsNaN(actual).ShouldBe(double.IsNaN(expected));
        (double.IsNaN(expected) || Math.Abs(actual - expected) < relative * Math.Max(1, expected)).ShouldBeTrue($"{actual} for {expected}");
    }

    private static DepthCut Cut(DepthScore score) => new() { Score = score, Keep = 1, Candidates = [.. Enumerable.Range(0, Sizes.Length)] };

    private static float[] Take(CausalLM model, DepthScore score, Tensor? ids, int[] gone) =>
        DepthScores.Take(model, Cut(score), ids, gone.ToHashSet());

    // What each layer reads, and what the last one writes.
    private static List<Tensor> States(CausalLM model, Tensor ids, int[] gone)
    {
        using var pass = model.Begin(ids);
        var states = new List<Tensor> { model.Embed(ids, pass) };
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            states.Add(gone.Contains(layer) ? states[^1] : model.RunLayer(layer, states[^1], pass));
        }

        return states;
    }

    private static Tensor Loss(CausalLM model, Tensor ids, int[] gone) =>
        Families.FamilyGolden.NextTokenLoss(model.Head(States(model, ids, gone)[^1]), ids);

    private static double Cosine(Tensor left, Tensor right) => ((left * right).sum() / (left.norm() * right.norm())).item<double>();
}
