using static TorchSharp.torch;

namespace SlimSpec.Tests.Pruning;

public class PruningRunTests
{
    private static readonly LlamaMha.LayerShape[] Grouped = [new(64, 8, 4, 20), new(64, 6, 3, 30), new(64, 4, 2, 24)];

    [Fact]
    public void The_same_seed_gives_the_same_plan_byte_for_byte()
    {
        foreach (var score in new[] { WidthScore.Taylor, WidthScore.Random, WidthScore.L2 })
        {
            var cut = Cut(0.4) with { Score = score, Order = TaylorOrder.Mix, Steps = 2 };
            PlanFile.ToJson(Prune(cut).Plan).ShouldBe(PlanFile.ToJson(Prune(cut).Plan));
        }
    }

    [Fact]
    public void Another_seed_gives_another_random_plan()
    {
        var cut = Cut(0.4) with { Score = WidthScore.Random };
        PlanFile.ToJson(Prune(cut).Plan).ShouldNotBe(PlanFile.ToJson(Prune(cut with { Seed = 1 }).Plan));
    }

    [Fact]
    public void A_slim_model_computes_what_the_dense_one_does_with_the_cut_units_at_zero()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var masked = RandomLlama.Make(Grouped);
        var result = PruningRun.Run(new CutRecipe(LlamaMha.Instance, Cut(0.5)), RandomLlama.Copy(masked), RandomLlama.Ids(3, 8), "none", 0);
        foreach (var group in result.Plan.Groups)
        {
            var block = masked.Blocks[group.Layer];
            var size = group.Unit == "mlp" ? 1 : block.Shape.Heads / block.Shape.KvHeads * LlamaMha.Dims.HeadDim;
            var output = (group.Unit == "mlp" ? block.DownProj : block.OProj).Value;
            foreach (var unit in Enumerable.Range(0, group.Scores.Count).Except(group.Kept))
            {
                output.narrow(1, unit * size, size).zero_();
            }
        }

        using var slim = result.Model;
        slim.Shape.Parameters.ShouldBeLessThan(masked.Shape.Parameters);
        var ids = RandomLlama.Ids(2, 16, seed: 9);
        Tensors.LargestDifference(slim.forward(ids), masked.forward(ids)).ShouldBeLessThan(1e-5);
    }

    [Fact]
    public void The_plan_alone_repeats_the_surgery()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var dense = RandomLlama.Make(Grouped);
        var recipe = new CutRecipe(LlamaMha.Instance, Cut(0.5) with { Steps = 3 }, Cut(0.3) with { Score = WidthScore.L1, Layers = [1, 2] });
        var result = PruningRun.Run(recipe, RandomLlama.Copy(dense), RandomLlama.Ids(3, 8), "none", 0);
        using var repeated = result.Plan.Apply(recipe, RandomLlama.Copy(dense));
        using var slim = result.Model;

        result.Plan.Shrink(recipe, dense.Shape).ShouldBe(slim.Shape);
        repeated.Shape.ShouldBe(slim.Shape);
        foreach (var (one, other) in slim.Weights.Zip(repeated.Weights))
        {
            Tensors.LargestDifference(one.Value, other.Value).ShouldBe(0, one.Name);
        }
    }

    [Fact]
    public void Random_steps_choose_what_one_step_does()
    {
        var cut = Cut(0.5) with { Score = WidthScore.Random, Targets = ["mlp"] };
        PlanFile.ToJson(Prune(cut with { Steps = 5 }).Plan).ShouldBe(PlanFile.ToJson(Prune(cut).Plan));
    }

    [Fact]
    public void Layers_outside_the_cut_stay_whole()
    {
        var result = Prune(Cut(0.5) with { Layers = [1] });
        result.Plan.Groups.Select(group => (group.Layer, group.Unit)).ShouldBe([(1, "attention"), (1, "mlp")]);
        ((LlamaMha.Shape)result.Model.Shape).Layers.ShouldBe([Grouped[0], new(64, 4, 2, 15), Grouped[2]]);
    }

    [Fact]
    public void No_layer_loses_its_last_unit()
    {
        var result = Prune(Cut(0.999));
        ((LlamaMha.Shape)result.Model.Shape).Layers.ShouldBe([new(64, 2, 1, 1), new(64, 2, 1, 1), new(64, 2, 1, 1)]);
    }

    [Fact]
    public void Kept_channels_are_rounded_up_and_heads_are_not()
    {
        var result = Prune(Cut(0.5) with { RoundTo = 8 });
        ((LlamaMha.Shape)result.Model.Shape).Layers.ShouldBe([new(64, 4, 2, 16), new(64, 4, 2, 16), new(64, 2, 1, 16)]);
    }

    [Fact]
    public void Of_equal_scores_the_first_stay() => UnitRanking.Highest([1, 2, 2, 0, 2, 1], 4).ShouldBe([0, 1, 2, 4]);

    [Fact]
    public void Taylor_scores_without_calibration_data_are_refused()
    {
        using var model = RandomLlama.Make(Grouped);
        Should.Throw<SlimException>(() => PruningRun.Run(new CutRecipe(LlamaMha.Instance, Cut(0.5)), model, null, "none", 0)).Message.ShouldContain("calibration");
    }

    private static WidthCut Cut(double sparsity) => new() { Targets = ["mlp", "attention"], Sparsity = sparsity, Layers = [0, 1, 2] };

    private static PruningResult Prune(WidthCut cut) =>
        PruningRun.Run(new CutRecipe(LlamaMha.Instance, cut), RandomLlama.Make(Grouped), RandomLlama.Ids(3, 8), "none", 0);
}
