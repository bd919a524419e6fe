namespace SlimSpec.Specs.Tests;

public class SparsityTests
{
    [Theory]
    [InlineData("sparsity: [0.1, 0.2, 0, 0.3]", "0.1 0.2 0 0.3", "0.1 0.2 0 0.3")]
    [InlineData("sparsity: { gradient: [0.1, 0.4] }", "0.1 0.2 0.3 0.4", "0.1 0.2 0.3 0.4")]
    [InlineData("sparsity: { gradient: [0, 0.3, 0] }", "0 0.2 0.2 0", "0 0.2 0.2 0")]
    [InlineData("sparsity: [{ targets: [mlp], layers: 1..2, value: 0.5 }, { layers: 0..1, value: 0.25 }]", "0.25 0.5 0.5 0", "0.25 0.25 0 0")]
    [InlineData("sparsity: 0.5\n    layers: { mlp: 0..1, attention: \"1, 3\" }", "0.5 0.5 0", "0 0.5 0.5")]
    public void ASparsityPerLayerIsResolvedToNumbers(string keys, string mlp, string attention)
    {
        var cut = Compile(keys).Width();

        cut.LayerSparsity!.Value.Select(unit => $"{unit.Unit}: {string.Join(' ', unit.Values)}").ShouldBe([$"mlp: {mlp}", $"attention: {attention}"]);
        cut.Sparsity!.Value.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("sparsity: [0.5, 0.5, 0.5, 0.5]")]
    [InlineData("sparsity: [{ value: 0.5 }]")]
    [InlineData("sparsity: 0.5\n    layers: { mlp: 0..3, attention: \"0..1, 2..3\" }")]
    public void WhatIsTheSameEverywhereIsOneNumber(string keys)
    {
        var cut = Compile(keys).Width();

        (cut.Sparsity, cut.LayerSparsity).ShouldBe((0.5, null));
        cut.ShouldBe(Compile("sparsity: 0.5").Width());
    }

    [Fact]
    public void LayersLoseWhatTheirOwnSparsitySays() =>
        Compile("sparsity: [{ targets: [mlp], layers: 1..2, value: 0.5 }, { layers: 0..1, value: 0.25 }]").Pruned!.Value.Select(layer => (layer.Of("ffn"), layer.Of("kv_heads")))
            .ShouldBe([(120, 3), (80, 3), (80, 4), (160, 4)]);

    [Theory]
    [InlineData("sparsity: [0.1, 0.2]", "a.slim.yaml(16,15): error SLIM109: 'prune[0].sparsity' has 2 numbers and needs 4: one for each layer that the cut takes from 'mlp'")]
    [InlineData("sparsity: [0.1, 1]\n    layers: 0..1", "a.slim.yaml(16,21): error SLIM107: 'prune[0].sparsity[1]' must be a number of at least 0 and below 1, found 1")]
    [InlineData("sparsity: { gradient: [0.1] }", "a.slim.yaml(16,27): error SLIM105: 'prune[0].sparsity.gradient' must be a list of two or more numbers of at least 0 and below 1, found a list")]
    [InlineData("sparsity: { gradent: [0.1, 0.2] }", "a.slim.yaml(16,15): error SLIM104: 'prune[0].sparsity' needs the key 'gradient' (fractions from the first layer to the last, in equal distances, with straight lines between them)\na.slim.yaml(16,17): error SLIM103: unknown key 'gradent' in 'prune[0].sparsity'; did you mean 'gradient'?")]
    [InlineData("sparsity: [{ targets: [mpl], value: 0.5 }]", "a.slim.yaml(16,15): error SLIM304: these sparsities remove nothing from a layer's 160 of 'mlp' and 4 of 'attention': the smallest that does is 0.0001\na.slim.yaml(16,28): error SLIM301: 'mpl' is no target of prune[0]; did you mean 'mlp'?")]
    [InlineData("sparsity: [{ layers: 4, value: 0.5 }, { value: 0.25 }]", "a.slim.yaml(16,26): error SLIM302: layer 4 does not exist: the model has layers 0 to 3")]
    [InlineData("sparsity: [{ value: 0.5 }, { layers: 2, value: 0.25 }]", "a.slim.yaml(16,32): error SLIM109: 'prune[0].sparsity[1]' is for no layer: those it names are not cut, or rules above are for them")]
    [InlineData("sparsity: [0, 0, 0, 0]", "a.slim.yaml(16,15): error SLIM304: these sparsities remove nothing from a layer's 160 of 'mlp' and 4 of 'attention': the smallest that does is 0.0001")]
    [InlineData("sparsity: 0.5\n    layers: { mpl: 0..1, attention: 0..1 }", "a.slim.yaml(17,13): error SLIM104: 'prune[0].layers' needs the layers of 'mlp' too\na.slim.yaml(17,15): error SLIM301: 'prune[0].layers' names 'mpl', which is no target of the cut; did you mean 'mlp'?")]
    [InlineData("sparsity: 0.5\n    layers: { mlp: 0..4, attention: 0..1 }", "a.slim.yaml(17,20): error SLIM302: layer 4 does not exist: the model has layers 0 to 3")]
    public void WhatDoesNotFitIsReported(string keys, string problems) => Samples.Problems(Text(keys)).ShouldBe(problems);

    [Fact]
    public void WhatAGlobalCutLeavesOnlyScoresTell()
    {
        var recipe = Compile("sparsity: 0.5\n    scope: global\n    layers: { mlp: 0..1, attention: 1..2 }");

        recipe.Pruned.ShouldBeNull();
        recipe.Width().LayerSparsity!.Value.Select(unit => string.Join(' ', unit.Values)).ShouldBe(["0.5 0.5 0", "0 0.5 0.5"]);
    }

    private static string Text(string keys) => Samples.Small.With("sparsity: 0.25", keys);

    private static RecipeModel Compile(string keys)
    {
        var (recipe, problems) = Samples.Compile(Text(keys));
        Samples.Print(problems).ShouldBe("");
        return recipe!;
    }
}
