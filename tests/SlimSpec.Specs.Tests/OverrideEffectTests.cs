namespace SlimSpec.Specs.Tests;

public class OverrideEffectTests
{
    [Fact]
    public void ValuesAreReplaced()
    {
        var recipe = Samples.Compile(Samples.Small, null, ("prune[0].sparsity", "0.5"), ("prune[0].targets", "[mlp]"), ("model.num_hidden_layers", "2"), ("name", "Other")).Recipe!;

        (recipe.Name, recipe.Width().Sparsity).ShouldBe(("Other", 0.5));
        recipe.Width().Targets.ShouldBe(["mlp"]);
        recipe.Width().Layers.ShouldBe([0, 1]);
    }

    [Fact]
    public void KeysThatAreNotThereAreAdded()
    {
        var recipe = Samples.Compile(Samples.Small, null, ("calibration.seed", "7"), ("prune[0].protect.first", "1"), ("train.max_steps", "3")).Recipe!;

        recipe.Calibration!.Seed.ShouldBe(7);
        recipe.Width().Layers.ShouldBe([1, 2, 3]);
        recipe.Train!.MaxSteps.ShouldBe(3);
    }

    [Fact]
    public void SectionsThatAreNotThereAreBegun() =>
        Samples.Compile("spec: 1\nmodel: { architecture: llama, config: models/tales/config.json }", null, ("evaluate.dataset", "b.txt"), ("evaluate.window", "32"))
            .Recipe!.Evaluate.ShouldBe(new(new("b.txt", 0, 1), 32, null));

    [Fact]
    public void TheConfigurationCanBeReplaced() =>
        Samples.Compile("spec: 1\nmodel: { architecture: llama, config: missing.json }", null, ("model.config", Samples.ConfigPath)).Recipe.ShouldNotBeNull();

    [Fact]
    public void ALaterChangeSeesAnEarlierOne() =>
        Samples.Compile(Samples.Small, null, ("prune", "[{ cut: width, targets: [mlp], sparsity: 0.1 }]"), ("prune[0].sparsity", "0.9")).Recipe!.Width().Sparsity.ShouldBe(0.9);

    [Fact]
    public void AParsedFileIsNotChanged()
    {
        var file = ParsedFile.Parse(new("a.slim.yaml", Samples.Small));
        var llama = ParsedFile.Parse(Samples.Llama);

        SpecCompiler.CompileRecipe(file, [llama], [], [KeyValuePair.Create("prune[0].sparsity", "0.5")]).Recipe!.Width().Sparsity.ShouldBe(0.5);
        SpecCompiler.CompileRecipe(file, [llama], []).Recipe!.Width().Sparsity.ShouldBe(0.25);
    }
}
