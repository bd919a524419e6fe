namespace SlimSpec;

/// <summary>A recipe's constraints where only a run can tell: cuts of which the scores decide how much each layer loses.</summary>
internal sealed class ConstraintSolver(Recipe recipe)
{
    private PruningConstraints? Constraints => recipe.Settings.Constraints;

    /// <summary>Whether a model meets the constraints once the cuts behind one are carried out too.</summary>
    /// <param name="index">The cut's place in the recipe.</param>
    public Func<ModelShape, bool> IsMetAfter(int index) => shape => BudgetUse.Of(Constraints, Rest(index, shape)).All(budget => budget.IsMet);

    /// <summary>Refuses a slim model that does not meet the constraints.</summary>
    /// <exception cref="SlimException">It does not; the message names the constraint and what the model takes.</exception>
    public void Check(ModelShape slim)
    {
        if (BudgetUse.Of(Constraints, slim).FirstOrDefault(budget => !budget.IsMet) is not { } missed)
        {
            return;
        }

        var cuts = recipe.Settings.Prune;
        var open = Enumerable.Range(0, cuts.Count).FirstOrDefault(cut => cuts[cut] is WidthCut { Sparsity: null, Scope: RankingScope.Global }, -1);
        throw new SlimException(open >= 0
            ? $"{recipe.SpecFile}: constraints.{missed.Name} cannot be met: prune[{open}] at its strongest leaves {Numbers.Short(missed.Value)}, more than {Numbers.Short(missed.Limit)}; cut more units or layers"
            : $"{recipe.SpecFile}: constraints.{missed.Name}: the slim model takes {Numbers.Short(missed.Value)}, more than {Numbers.Short(missed.Limit)}; raise the sparsity of prune[{cuts.Count - 1}]");
    }

    // The sizes after the cuts behind one, which have to be known without scores.
    private ModelShape Rest(int index, ModelShape shape)
    {
        var cuts = recipe.Settings.Prune;
        for (var next = index + 1; next < cuts.Count; next++)
        {
            shape = cuts[next] switch
            {
                WidthCut { Scope: RankingScope.Layer } cut => new LocalCut(recipe.Pruner, cut, shape).Finish(),
                DepthCut { Kept: { } kept, Unit: DepthCut.Block } => shape.KeepLayers(kept),
                DepthCut { Kept: { } kept } cut => kept.Count == shape.LayerCount ? shape : recipe.Pruner.Shrink(shape, Without(cut.Unit, kept, shape)),
                _ => throw new SlimException($"{recipe.SpecFile}: the constraints cannot be solved for prune[{index}], because what prune[{next}] leaves depends on scores; put the cut without a sparsity behind it"),
            };
        }

        return shape;
    }

    private static Selection Without(string unit, IReadOnlyList<int> kept, ModelShape shape) =>
        new() { Units = Enumerable.Range(0, shape.LayerCount).Except(kept).ToDictionary(layer => (layer, unit), _ => Array.Empty<int>()) };
}
