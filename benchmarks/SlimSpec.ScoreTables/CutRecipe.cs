using TorchSharp;

namespace SlimSpec.ScoreTables;

/// <summary>A recipe with other cuts than its own.</summary>
internal sealed class CutRecipe(Recipe recipe, PruneCut cut) : Recipe
{
    public override string Name => recipe.Name;

    public override string SpecFile => recipe.SpecFile;

    public override string Hash => recipe.Hash;

    public override string PruningHash => recipe.PruningHash;

    public override string ArchitectureHash => recipe.ArchitectureHash;

    public override RecipeSettings Settings => recipe.Settings with { Prune = [cut] };

    public override ModelShape Dense => recipe.Dense;

    public override ModelShape? Pruned => null;

    public override StructuredPruner Pruner => recipe.Pruner;

    public override ArchitectureInfo Architecture => recipe.Architecture;

    public override CausalLM CreateModel(ModelShape shape, torch.ScalarType dtype, torch.Device device) => recipe.CreateModel(shape, dtype, device);

    public override CausalLM CreateUnloaded(ModelShape shape, torch.ScalarType dtype, torch.Device device) => recipe.CreateUnloaded(shape, dtype, device);
}
