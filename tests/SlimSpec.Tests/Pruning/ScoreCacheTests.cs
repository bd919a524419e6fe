using static TorchSharp.torch;

namespace SlimSpec.Tests.Pruning;

public sealed class ScoreCacheTests : IDisposable
{
    private static readonly LlamaMha.LayerShape[] Layers = [new(64, 8, 4, 20), new(64, 6, 3, 30), new(64, 4, 2, 24)];
    private static readonly WidthCut Cut = new() { Targets = ["mlp", "attention"], Sparsity = 0.25, Layers = [0, 1, 2] };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Another_sparsity_scope_or_number_of_steps_scores_nothing_anew()
    {
        Prune(Cut).Steps.ShouldBeGreaterThan(0);

        ShouldBeKept(Cut);
        ShouldBeKept(Cut with { Sparsity = 0.5, RoundTo = 4 });
        ShouldBeKept(Cut with { Scope = RankingScope.Global, Normalize = ScoreNormalization.Mean });
        ShouldBeKept(Cut with { Seed = 7 }); // which Taylor scores do not depend on
        Prune(Cut with { Sparsity = 0.5, Steps = 2 }).Hits.ShouldBe(1, "the second step scores what the first has left");
    }

    [Fact]
    public void What_scores_follow_from_is_scored_anew()
    {
        Prune(Cut);

        Prune(Cut with { Order = TaylorOrder.Mix }).Hits.ShouldBe(0);
        Prune(Cut with { Reduce = GroupReduction.Max }).Hits.ShouldBe(0);
        Prune(Cut with { Layers = [1, 2] }).Hits.ShouldBe(0);
        Prune(Cut, ids: 1).Hits.ShouldBe(0);
        Prune(Cut, weights: "other").Hits.ShouldBe(0);
        Prune(Cut with { Score = WidthScore.Random }).Hits.ShouldBe(0);
        Prune(Cut with { Score = WidthScore.Random, Seed = 1 }).Hits.ShouldBe(0);
        Prune(new DepthCut { Keep = 2, Kept = [0, 1], Candidates = [2] }, Cut with { Layers = [0, 1] }).Hits.ShouldBe(0);
    }

    [Fact]
    public void A_greedy_search_goes_on_where_an_earlier_one_ended()
    {
        var cut = new DepthCut { Score = DepthScore.Perplexity, Search = DepthSearch.Greedy, Keep = 2, Candidates = [0, 1, 2] };
        Prune(cut);

        var deeper = Prune(cut with { Keep = 1 });
        deeper.Hits.ShouldBe(1);
        deeper.Plan.ShouldBe(PlanFile.ToJson(Run(new(Path.Combine(_folder.Path, "none")), [cut with { Keep = 1 }])));
    }

    [Fact]
    public void A_damaged_file_is_made_anew()
    {
        var plan = Prune(Cut).Plan;
        var file = Directory.GetFiles(_folder.Path).ShouldHaveSingleItem();
        var text = File.ReadAllText(file);
        foreach (var damage in new[] { text[..(text.Length / 2)], text.Replace("\"format\": 1", "\"format\": 9", StringComparison.Ordinal), text.Replace("\"numbers\"", "\"n\"", StringComparison.Ordinal), "[]" })
        {
            File.WriteAllText(file, damage);
            var again = Prune(Cut);
            (again.Hits, again.Plan).ShouldBe((0, plan));
            File.ReadAllText(file).ShouldBe(text);
        }
    }

    private void ShouldBeKept(WidthCut cut)
    {
        var kept = Prune(cut);
        (kept.Hits, kept.Steps).ShouldBe((1, 0));
        kept.Plan.ShouldBe(PlanFile.ToJson(Run(new(Path.Combine(_folder.Path, "none")), [cut])), "as without a cache");
        Directory.Delete(Path.Combine(_folder.Path, "none"), recursive: true);
    }

    private (string Plan, int Hits, int Steps) Prune(params PruneCut[] cuts) => Prune(cuts, 0, "none");

    private (string Plan, int Hits, int Steps) Prune(PruneCut cut, int ids = 0, string weights = "none") => Prune([cut], ids, weights);

    private (string Plan, int Hits, int Steps) Prune(PruneCut[] cuts, int ids, string weights)
    {
        var (hits, steps) = (0, 0);
        var plan = Run(new(_folder.Path, _ => hits++), cuts, ids, weights, _ => steps++);
        return (PlanFile.ToJson(plan), hits, steps);
    }

    private static PruningPlan Run(ScoreCache cache, PruneCut[] cuts, int ids = 0, string weights = "none", Action<ProgressUpdate>? progress = null)
    {
        using var scope = NewDisposeScope();
        var samples = RandomLlama.Ids(3, 8, ids);
        var inputs = new PruningInputs { Samples = _ => samples, CheckpointHash = weights, Seed = 0, Cache = cache, Progress = progress };
        var result = PruningRun.Run(new CutRecipe(LlamaMha.Instance, cuts), RandomLlama.Make(Layers), inputs);
        result.Model.Dispose();
        return result.Plan;
    }
}
