using static TorchSharp.torch;

namespace SlimSpec.Tests.Recovery;

/// <summary>Random weights by role, where sizes do not tell the roles apart.</summary>
public sealed class WeightInitializerTests
{
    [Theory]
    [InlineData(16, 16, 32)] // as many heads' channels and MLP channels as the residual stream is wide
    [InlineData(16, 8, 64)]
    public void Only_what_writes_to_the_residual_stream_is_scaled(int hiddenPairs, int heads, int ffn)
    {
        var recipe = new Gpt2Recipe(new Gpt2Shape(2 * hiddenPairs, heads, ffn));
        using var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);
        WeightInitializer.Fill(model, recipe, 0);
        foreach (var leaf in model.Layers[0].Leaves.Where(leaf => leaf.Leaf.dim() == 2))
        {
            var expected = leaf.Whole.Name.EndsWith("c_proj.weight", StringComparison.Ordinal) ? 0.02 / Math.Sqrt(2) : 0.02;
            ((double)leaf.Leaf.detach().square().mean().sqrt().item<float>()).ShouldBe(expected, 0.1 * expected, leaf.Whole.Name);
        }
    }

    [Fact]
    public void Biases_are_zero_and_norms_scale_by_one()
    {
        var recipe = new Gpt2Recipe(new Gpt2Shape(4, 2, 6));
        using var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);
        WeightInitializer.Fill(model, recipe, 0);
        ShouldAllBe(model.Layers[0].Leaves[1], "transformer.h.0.attn.c_attn.bias", 0);
        ShouldAllBe(model.OuterLeaves[2], "transformer.ln_f.weight", 1);
        ShouldAllBe(model.OuterLeaves[3], "transformer.ln_f.bias", 0);

        using var gemma = new FakeModel([WeightLeaf.Vector("norm.weight", 4, ScalarType.Float32, CPU, offset: 1)]);
        WeightInitializer.Fill(gemma, LlamaMha.Instance, 0);
        ShouldAllBe(gemma.OuterLeaves[0], "norm.weight", 0);
    }

    private static void ShouldAllBe(WeightLeaf leaf, string name, float value)
    {
        leaf.Tensors.ShouldHaveSingleItem().Name.ShouldBe(name);
        leaf.Leaf.data<float>().ToArray().ShouldAllBe(element => element == value);
    }

    private sealed class Gpt2Recipe(Gpt2Shape shape) : Recipe
    {
        public override string Name => "Gpt2";

        public override string SpecFile => "gpt2.slim.yaml";

        public override string Hash => "";

        public override string PruningHash => "";

        public override string ArchitectureHash => "";

        public override RecipeSettings Settings => new();

        public override ModelShape Dense => shape;

        public override ModelShape? Pruned => null;

        public override StructuredPruner Pruner => throw new NotSupportedException();

        public override ArchitectureInfo Architecture => throw new NotSupportedException();

        public override CausalLM CreateModel(ModelShape size, ScalarType dtype, Device device) =>
            FakeModel.Gpt2(size.HiddenSize, size["heads", 0], size["ffn", 0], device, size);

        public override CausalLM CreateUnloaded(ModelShape size, ScalarType dtype, Device device) => throw new NotSupportedException();
    }
}
