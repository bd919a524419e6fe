namespace SlimSpec.Tests;

/// <summary>A recipe with other cuts than its own.</summary>
internal sealed class CutRecipe(Recipe recipe, params IReadOnlyList<PruneCut> cuts) : AdjustedRecipe(recipe, recipe.Settings with { Prune = cuts })
{
    public override RecipeSettings Settings => base.Settings with { Constraints = Constraints };

    /// <summary>What the slim model may cost.</summary>
    public PruningConstraints? Constraints { get; init; }

    public override ModelShape? Pruned => null;
}
