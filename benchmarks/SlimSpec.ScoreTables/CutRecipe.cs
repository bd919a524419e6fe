namespace SlimSpec.ScoreTables;

/// <summary>A recipe with other cuts than its own.</summary>
internal sealed class CutRecipe(Recipe recipe, PruneCut cut) : AdjustedRecipe(recipe, recipe.Settings with { Prune = [cut] })
{
    public override ModelShape? Pruned => null;
}
