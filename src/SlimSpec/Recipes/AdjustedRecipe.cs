namespace SlimSpec;

/// <summary>
/// A recipe with other settings: other data, another seed. <see cref="Pruned"/> stays; who changes the cuts derives from it and says what is known.
/// </summary>
/// <param name="recipe">The recipe.</param>
/// <param name="settings">Its settings from now on.</param>
public class AdjustedRecipe(Recipe recipe, RecipeSettings settings) : Recipe
{
    /// <inheritdoc/>
    public override string Name => recipe.Name;

    /// <inheritdoc/>
    public override string SpecFile => recipe.SpecFile;

    /// <inheritdoc/>
    public override string Hash => recipe.Hash;

    /// <inheritdoc/>
    public override string PruningHash => recipe.PruningHash;

    /// <inheritdoc/>
    public override string ArchitectureHash => recipe.ArchitectureHash;

    /// <inheritdoc/>
    public override RecipeSettings Settings => settings;

    /// <inheritdoc/>
    public override ModelShape Dense => recipe.Dense;

    /// <inheritdoc/>
    public override ModelShape? Pruned => recipe.Pruned;

    /// <inheritdoc/>
    public override StructuredPruner Pruner => recipe.Pruner;

    /// <inheritdoc/>
    public override ArchitectureInfo Architecture => recipe.Architecture;

    /// <inheritdoc/>
    public override CausalLM CreateModel(ModelShape shape, torch.ScalarType dtype, torch.Device device) => recipe.CreateModel(shape, dtype, device);

    /// <inheritdoc/>
    public override CausalLM CreateUnloaded(ModelShape shape, torch.ScalarType dtype, torch.Device device) => recipe.CreateUnloaded(shape, dtype, device);

    /// <inheritdoc/>
    public override CompiledExits? Exits => recipe.Exits;

    /// <inheritdoc/>
    public override ExitStack CreateExits(CausalLM model, ExitHead head, ExitPolicy policy) => recipe.CreateExits(model, head, policy);
}
