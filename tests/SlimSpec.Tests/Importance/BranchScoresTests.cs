using static TorchSharp.torch;

namespace SlimSpec.Tests.Importance;

/// <summary>Depth scores of attention and MLP alone against models whose layers really lack the branch, for every family.</summary>
public sealed class BranchScoresTests : IDisposable
{
    private const int Gone = 1;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, string> Branches => CutModels.Branches;

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Branches))]
    public void The_loss_without_a_branch_is_that_of_the_model_with_the_branch_removed(string golden, string unit)
    {
        using var noGradients = no_grad();
        using var model = CutModels.Load(golden, ScalarType.Float64);
        var ids = Ids(golden);
        foreach (var gone in new int[][] { [], [Gone] })
        {
            var scores = Take(model, unit, DepthScore.Perplexity, ids, gone);
            foreach (var layer in Enumerable.Range(0, model.Layers.Count).Except(gone))
            {
                using var cut = Cut(golden, unit, [.. gone, layer]);
                ((double)scores[layer]).ShouldBe(Families.FamilyGolden.NextTokenLoss(cut.forward(ids), ids).item<double>(), 1e-5);
            }

            gone.ShouldAllBe(layer => float.IsNaN(scores[layer]));
        }
    }

    [Theory]
    [MemberData(nameof(Branches))]
    public void Influence_is_measured_with_and_without_the_branch_before_what_is_behind_it(string golden, string unit)
    {
        using var noGradients = no_grad();
        using var model = CutModels.Load(golden, ScalarType.Float64);
        string[] rest = [.. model.Layers[0].Branches.SkipWhile(branch => branch != unit)];
        using var before = Without(golden, rest);
        using var behind = Without(golden, rest[1..]);
        var ids = Ids(golden);
        var scores = Take(model, unit, DepthScore.BlockInfluence, ids, []);
        using var pass = model.Begin(ids);
        var hidden = model.Embed(ids, pass);
        for (var layer = 0; layer < scores.Length; layer++)
        {
            var (from, to) = (before.RunLayer(layer, hidden, pass), behind.RunLayer(layer, hidden, pass));
            var cosines = (from * to).sum([-1]) / (from.square().sum([-1]).sqrt() * to.square().sum([-1]).sqrt());
            ((double)scores[layer]).ShouldBe(1 - cosines.mean().item<double>(), 1e-6);
            scores[layer].ShouldBeGreaterThan(0);
            hidden = model.RunLayer(layer, hidden, pass);
        }

        CausalLM Without(string golden, string[] branches)
        {
            var gone = branches.SelectMany(branch => CutModels.Without(branch, Enumerable.Range(0, model.Layers.Count)).Units).ToDictionary();
            return ModelSurgery.Cut(CutModels.Recipe(golden), CutModels.Load(golden, ScalarType.Float64), new() { Units = gone });
        }
    }

    [Theory]
    [MemberData(nameof(Branches))]
    public void Taylor_and_magnitude_sum_over_the_weights_that_go_with_the_branch(string golden, string unit)
    {
        using var model = CutModels.Load(golden, ScalarType.Float64);
        var ids = Ids(golden);
        var taylor = Take(model, unit, DepthScore.Taylor, ids, [Gone]);
        var magnitude = Take(model, unit, DepthScore.Magnitude, null, [Gone]);
        var rest = WeightNames(golden, unit, [.. Enumerable.Range(0, model.Layers.Count)]);

        using var left = Cut(golden, unit, [Gone]);
        left.RequireGradients(true);
        Families.FamilyGolden.NextTokenLoss(left.forward(ids), ids).backward();
        var gradients = left.Leaves.SelectMany(leaf => leaf.Split(leaf.Leaf.grad ?? leaf.Leaf.zeros_like())).ToDictionary(part => part.Weight.Name, part => part.Slice);
        using var noGradients = no_grad();
        foreach (var layer in Enumerable.Range(0, model.Layers.Count).Where(layer => layer != Gone))
        {
            var branch = left.Layers[layer].Weights.Where(weight => !rest.Contains(weight.Name)).ToArray();
            branch.ShouldNotBeEmpty();
            var size = branch.Sum(weight => weight.Value.abs().sum().item<double>());
            var change = branch.Sum(weight => (weight.Value * gradients[weight.Name]).abs().sum().item<double>());
            ((double)magnitude[layer]).ShouldBe(size, 1e-6 * size);
            ((double)taylor[layer]).ShouldBe(change, 1e-6 * change);
        }

        float.IsNaN(taylor[Gone]).ShouldBeTrue();
        model.Layers.ShouldAllBe(layer => layer.Weights.Count == model.Layers[0].Weights.Count);
    }

    private static HashSet<string> WeightNames(string golden, string unit, int[] gone)
    {
        using var cut = Cut(golden, unit, gone);
        return [.. cut.Layers.SelectMany(layer => layer.Weights).Select(weight => weight.Name)];
    }

    private static CausalLM Cut(string golden, string unit, int[] layers) =>
        ModelSurgery.Cut(CutModels.Recipe(golden), CutModels.Load(golden, ScalarType.Float64), CutModels.Without(unit, layers));

    private static float[] Take(CausalLM model, string unit, DepthScore score, Tensor? ids, int[] gone) => DepthScores.Take(
        model,
        new DepthCut { Unit = unit, Score = score, Keep = 1, Candidates = [.. Enumerable.Range(0, model.Layers.Count)] },
        ids,
        gone.ToHashSet());

    private static Tensor Ids(string golden) => new Families.FamilyGolden(golden).Ids;
}
