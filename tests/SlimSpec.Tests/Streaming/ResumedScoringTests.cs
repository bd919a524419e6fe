using SlimSpec.Tests.Families;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Streaming;

/// <summary>A scoring that ends at any step goes on there when it is asked for again, and comes to the same plan.</summary>
public sealed class ResumedScoringTests : IDisposable
{
    private const int Samples = 2;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Scorings => [.. Cuts.Keys];

    private static Dictionary<string, WidthCut> Cuts { get; } = new()
    {
        ["taylor"] = Cut("mlp", "attention") with { Order = TaylorOrder.First },
        ["taylor of every layer"] = Cut("mlp") with { Order = TaylorOrder.Second, Layers = [0, 1, 2, 3] },
        ["taylor in steps"] = Cut("mlp") with { Order = TaylorOrder.Vector, Steps = 2 },
        ["taylor through the whole model"] = Cut("hidden") with { Order = TaylorOrder.Mix },
        ["activations"] = Cut("mlp", "attention") with { Score = WidthScore.Wanda },
        ["activations through the whole model"] = Cut("hidden") with { Score = WidthScore.Activation },
        ["taylor, and means"] = Cut("mlp") with { Order = TaylorOrder.First, Compensate = Compensation.Bias },
    };

    // llama-gqa, of which activations can be observed.
    private static Recipe Observed => RecipeRegistry.All.Single(recipe => recipe.Name == "LlamaGqaCuts");

    private string Journal => _folder["journal"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Scorings))]
    public void It_comes_to_the_same_plan_wherever_it_was_left(string scoring)
    {
        var steps = 0;
        var expected = Prune(Cuts[scoring], "whole", _ => steps++);
        for (var left = 1; left <= steps; left++)
        {
            LeaveAfter(left, Cuts[scoring], $"left-{left}");
            Directory.Exists(Journal).ShouldBeTrue();
            var again = 0;
            Prune(Cuts[scoring], $"left-{left}", _ => again++).ShouldBe(expected, $"left after step {left}");
            again.ShouldBeLessThanOrEqualTo(steps - left + Samples + 1, $"left after step {left}"); // at most a layer of each pass is done once more
            Directory.Exists(Journal).ShouldBeFalse();
        }
    }

    [Fact]
    public void What_another_scoring_left_is_removed()
    {
        var cut = Cuts["taylor"];
        var (steps, again) = (0, 0);
        var expected = Prune(cut, "whole", _ => steps++);
        LeaveAfter(steps, cut with { Order = TaylorOrder.Mix }, "other");
        Prune(cut, "here", _ => again++).ShouldBe(expected);
        again.ShouldBe(steps);
    }

    [Fact]
    public void A_model_in_memory_notes_nothing()
    {
        var recipe = new CutRecipe(Observed, Cuts["taylor"]);
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden("llama-gqa"));
        using var ids = new FamilyGolden("llama-gqa").Ids;
        var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);
        folder.LoadInto(model);
        var seen = false;
        PruningRun.Run(recipe, model, Inputs(ids, "none", _ => seen |= Directory.Exists(Journal))).Model.Dispose();
        seen.ShouldBeFalse();
    }

    private static WidthCut Cut(params string[] targets) => new() { Targets = targets, Score = WidthScore.Taylor, Sparsity = 0.3, Layers = [1, 2] };

    private void LeaveAfter(int steps, WidthCut cut, string cache) =>
        Should.Throw<OperationCanceledException>(() => Prune(cut, cache, _ => steps = steps > 1 ? steps - 1 : throw new OperationCanceledException()));

    private string Prune(WidthCut cut, string cache, Action<ProgressUpdate> progress)
    {
        var recipe = new CutRecipe(Observed, cut);
        using var scope = NewDisposeScope();
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden("llama-gqa"));
        using var model = folder.OpenStream(recipe, ScalarType.Float32, CPU);
        var result = PruningRun.Run(recipe, model, Inputs(new FamilyGolden("llama-gqa").Ids, cache, progress));
        result.Model.Dispose();
        return PlanFile.ToJson(result.Plan);
    }

    private PruningInputs Inputs(Tensor ids, string cache, Action<ProgressUpdate> progress) => new()
    {
        Samples = _ => ids,
        CheckpointHash = "none",
        Seed = 0,
        Cache = new ScoreCache(_folder[cache]),
        Journal = new ScoringJournal(Journal),
        Progress = progress,
    };
}
