namespace SlimSpec.Specs.Tests;

public class RecipeTests
{
    [Fact]
    public void WhatIsNotWrittenHasTheDefaultsOfTheLibrary()
    {
        var recipe = Samples.Compile(Samples.Small).Recipe!;

        recipe.Calibration.ShouldBe(new(new("a.txt", 0, 1), 10, 64, 0));
        recipe.Prune.Single().ShouldBe(new WidthCutModel(new(["mlp", "attention"]), "taylor", "first", "sum", 0.25, null, "layer", "none", "none", new([0, 1, 2, 3]), 1, 1, 0));
        recipe.Recover.Single().ShouldBe(new RecoveryModel("lora", "lm", new(new("a.txt", 0, 1), 64, 1e-4, "cosine", 0, 1, null, 4, 1, 0, 1, 0), new(false, false, false, 0, null, null, 100))
        {
            Lora = new(8, 16, 0.05, new(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])),
        });
        recipe.Evaluate.ShouldBe(new(new("a.txt", 0, 1), 64, null));
        recipe.Train.ShouldBe(new(new("a.txt", 0, 1), 64, 1e-4, "cosine", 0, 1, null, 4, 1, 0, 1, 0));
        recipe.Dimensions.Select(dimension => (dimension.Name, dimension.Size)).ShouldBe(
            [("vocab", 256), ("hidden", 64), ("layers", 4), ("heads", 8), ("kv_heads", 4), ("head_dim", 8), ("ffn", 160), ("positions", 128)]);
        recipe.Constants.Select(constant => constant.Value).ShouldBe([new(1e-6, null), new(10000, null), new(null, false)]);
        recipe.Checkpoint.ShouldBeNull();
    }

    [Fact]
    public void TheShortestRecipeHasNoSteps()
    {
        var recipe = Samples.Compile("spec: 1\nmodel: { architecture: llama, config: models/tales/config.json }").Recipe!;

        (recipe.Name, recipe.Prune.Count, recipe.Recover.Count).ShouldBe(("A", 0, 0));
        (recipe.Calibration, recipe.Evaluate, recipe.Train).ShouldBe((null, null, null));
    }

    [Theory]
    [InlineData("layers: \"1..2\"", new[] { 1, 2 })]
    [InlineData("layers: \"3, 0..1\"", new[] { 0, 1, 3 })]
    [InlineData("layers: 2", new[] { 2 })]
    [InlineData("layers: [0, \"2..3\"]", new[] { 0, 2, 3 })]
    [InlineData("protect: { first: 1, last: 2 }", new[] { 1 })]
    [InlineData("layers: \"0..2\"\n    protect: { first: 1 }", new[] { 1, 2 })]
    public void LayersAreCountedFromZeroWithTheirEndsAndWithoutTheProtected(string keys, int[] layers) =>
        Samples.Compile(Samples.Small.With("sparsity: 0.25", "sparsity: 0.25\n    " + keys)).Recipe!.Width().Layers.ShouldBe(layers);

    [Theory]
    [InlineData(":90%", 0, 0.9)]
    [InlineData("10%:20%", 0.1, 0.2)]
    [InlineData("90%:", 0.9, 1)]
    [InlineData("12.5% : 50%", 0.125, 0.5)]
    [InlineData(":", 0, 1)]
    public void ASplitIsAPairOfFractions(string split, double from, double to) =>
        Samples.Compile(Samples.Small.With("window: 64", $"window: 64, split: \"{split}\"")).Recipe!.Evaluate!.Dataset.ShouldBe(new("a.txt", from, to));

    [Fact]
    public void KeysWrittenInTheSpecTakePrecedenceOverTheConfiguration()
    {
        var recipe = Samples.Compile(Samples.Configured.With("checkpoint: models/tales", "num_hidden_layers: 4, rope_theta: 5e5")).Recipe!;

        recipe.Dimensions.ShouldContain(new DimensionValue("layers", 4));
        recipe.Constants[1].Value.Number.ShouldBe(500000);
    }

    [Fact]
    public void NullInTheConfigurationIsAsGoodAsAbsent() =>
        Samples.Compile(Samples.Configured, Samples.Config.With("\"num_key_value_heads\": 2", "\"num_key_value_heads\": null, \"head_dim\": null"))
            .Recipe!.Dimensions.ShouldContain(new DimensionValue("kv_heads", 6));

    [Theory]
    [InlineData("specs/tales-20.slim.yaml", "Tales20")]
    [InlineData("C:\\specs\\my_first.cut.slim.yaml", "MyFirstCut")]
    [InlineData("/home/user/LLaMA.slim.yaml", "LLaMA")]
    public void WithoutNameTheFileGivesIt(string path, string name) =>
        SpecCompiler.CompileRecipe(new SourceFile(path, Samples.Small.With("name: Small\n", "")), [Samples.Llama], []).Recipe!.Name.ShouldBe(name);

    [Fact]
    public void AFileNameThatGivesNoNameIsReported() =>
        Samples.Print(SpecCompiler.CompileRecipe(new SourceFile("20.slim.yaml", Samples.Small.With("name: Small\n", "")), [Samples.Llama], []).Problems).ShouldBe(
            "20.slim.yaml(1,1): error SLIM108: the file's name gives the class name '20', which is not an identifier: letters, digits and underscores, no digit first: write name: ...");

    [Fact]
    public void TwoRecipesOfOneNameAreReportedWhereverTheNameComesFrom()
    {
        ParsedFile[] files = [.. new[] { "small.slim.yaml", "b/SMALL.slim.yaml", "other.slim.yaml" }
            .Select(path => ParsedFile.Parse(new(path, path[0] == 'o' ? Samples.Small : Samples.Small.With("name: Small\n", ""))))];

        Samples.Print(SpecCompiler.CheckDistinctNames(files)).ShouldBe(
            "b/SMALL.slim.yaml(1,1): error SLIM112: the recipe 'SMALL' is already in small.slim.yaml\n" +
            "other.slim.yaml(2,7): error SLIM112: the recipe 'Small' is already in small.slim.yaml");
    }

    [Fact]
    public void TwoArchitecturesOfOneNameAreReportedAtTheRecipe() =>
        Samples.Print(SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Samples.Small), [Samples.Llama, Samples.Llama with { Path = "b.arch.yaml" }], []).Problems).ShouldBe(
            "a.slim.yaml(4,17): error SLIM201: more than one architecture file describes 'llama': specs/architectures/llama.arch.yaml, b.arch.yaml");

    [Theory]
    [InlineData("specs/deep/a.slim.yaml", "config.json", "specs/config.json")]
    [InlineData("/repo/specs/a.slim.yaml", "models/config.json", "/repo/models/config.json")]
    [InlineData("/repo/specs/a.slim.yaml", "../models/./config.json", "/repo/models/config.json")]
    [InlineData("/repo/specs/a.slim.yaml", "models/config.json", "/repo/specs/../models/config.json")]
    [InlineData("/repo/specs/a.slim.yaml", "/elsewhere/config.json", "/elsewhere/config.json")]
    [InlineData("C:\\repo\\specs\\a.slim.yaml", "models/config.json", "C:\\repo\\models\\config.json")]
    public void AConfigurationIsFoundInTheSpecsFolderOrAboveIt(string spec, string written, string path)
    {
        var recipe = new SourceFile(spec, $"spec: 1\nname: Small\nmodel: {{ architecture: llama, config: '{written}' }}");

        Samples.Print(SpecCompiler.CompileRecipe(recipe, [Samples.Llama], [new(path, Samples.Config)]).Problems).ShouldBe("");
    }

    [Fact]
    public void TheNearestConfigurationWins()
    {
        var recipe = new SourceFile("/repo/specs/a.slim.yaml", "spec: 1\nname: Small\nmodel: { architecture: llama, config: config.json }");
        SourceFile[] configs = [new("/repo/config.json", Samples.Config), new("/repo/specs/config.json", Samples.Config.With("4096", "5000"))];

        SpecCompiler.CompileRecipe(recipe, [Samples.Llama], configs).Recipe!.Dimensions.ShouldContain(new DimensionValue("vocab", 5000));
    }

    [Fact]
    public void LaterCutsAreMeasuredOnWhatEarlierOnesLeave() =>
        Samples.Problems(Samples.Small.With("    sparsity: 0.25\n", "    sparsity: 0.7\n  - { cut: width, targets: [attention], sparsity: 0.4 }\n")).ShouldBe(
            "a.slim.yaml(17,51): error SLIM304: sparsity 0.4 removes nothing from a layer's 2 of 'attention': the smallest that does is 0.4376");
}
