namespace SlimSpec.Tests.SampleModel;

/// <summary>The sample recipe with other cuts.</summary>
internal sealed class SampleRecipe(params IReadOnlyList<WidthCut> cuts) : Recipe
{
    private readonly Sample _sample = new();

    public override string Name => _sample.Name;

    public override string SpecFile => _sample.SpecFile;

    public override string Hash => _sample.Hash;

    public override RecipeSettings Settings => _sample.Settings with { Prune = cuts };

    public override ModelShape Dense => _sample.Dense;

    public override ModelShape? Pruned => null;

    public override StructuredPruner Pruner => _sample.Pruner;

    public override ArchitectureInfo Architecture => _sample.Architecture;

    public static Recipe With(params IReadOnlyList<WidthCut> cuts) => new SampleRecipe(cuts);

    public override CausalLM CreateModel(ModelShape shape, torch.ScalarType dtype, torch.Device device) => _sample.CreateModel(shape, dtype, device);
}
