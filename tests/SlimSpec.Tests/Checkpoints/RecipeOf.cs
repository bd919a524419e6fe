namespace SlimSpec.Tests.Checkpoints;

/// <summary>The recipe LlamaMha with another description of its checkpoints, and other sizes where they are given.</summary>
internal sealed class RecipeOf(ArchitectureInfo architecture, ModelShape? dense = null) : Recipe
{
    private readonly LlamaMha _sample = new();

    public override string Name => _sample.Name;

    public override string SpecFile => _sample.SpecFile;

    public override string Hash => _sample.Hash;

    public override string PruningHash => _sample.PruningHash;

    public override string ArchitectureHash => _sample.ArchitectureHash;

    public override RecipeSettings Settings => _sample.Settings;

    public override ModelShape Dense => dense ?? _sample.Dense;

    public override ModelShape? Pruned => null;

    public override StructuredPruner Pruner => _sample.Pruner;

    public override ArchitectureInfo Architecture => architecture;

    public override CausalLM CreateModel(ModelShape shape, torch.ScalarType dtype, torch.Device device) => _sample.CreateModel(shape, dtype, device);

    public override CausalLM CreateUnloaded(ModelShape shape, torch.ScalarType dtype, torch.Device device) => _sample.CreateUnloaded(shape, dtype, device);
}
