namespace SlimSpec.Specs.Tests;

public class PruneTests
{
    [Theory]
    [InlineData("[mlp, attention]", "[mpl, attention]", "a.slim.yaml(15,15): error SLIM301: the architecture 'llama' has no unit 'mpl'; did you mean 'mlp'?")]
    [InlineData("[mlp, attention]", "[mlp, hidden]", "a.slim.yaml(15,20): error SLIM301: the architecture 'llama' has no unit 'hidden'; known: mlp, attention")]
    public void TargetsAreUnitsOfTheArchitecture(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: \"2..4\"", "a.slim.yaml(17,13): error SLIM302: layer 4 does not exist: the model has layers 0 to 3")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: 0..2000000000", "a.slim.yaml(17,13): error SLIM302: layer 2000000000 does not exist: the model has layers 0 to 3")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: 3..1", "a.slim.yaml(17,13): error SLIM302: 'prune[0].layers' counts down from 3 to 1: write 1..3")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: [4]", "a.slim.yaml(17,14): error SLIM302: layer 4 does not exist: the model has layers 0 to 3")]
    public void LayersExist(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    layers: \"0..1\"\n    protect: { first: 2 }", "a.slim.yaml(18,14): error SLIM303: no layer is left to cut: all of these are protected")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    protect: { first: 2, last: 2 }", "a.slim.yaml(17,14): error SLIM303: no layer is left to cut: all of the model's 4 are protected")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    protect: { last: 1000000 }", "a.slim.yaml(17,14): error SLIM303: no layer is left to cut: all of the model's 4 are protected")]
    public void SomeLayerIsLeft(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("[mlp, attention]\n    sparsity: 0.25", "[attention]\n    sparsity: 0.2", "a.slim.yaml(16,15): error SLIM304: sparsity 0.2 removes nothing from a layer's 4 of 'attention': the smallest that does is 0.2188")]
    [InlineData("[mlp, attention]\n    sparsity: 0.25", "[mlp]\n    sparsity: 0.04\n    round_to: 8", "a.slim.yaml(16,15): error SLIM304: sparsity 0.04 removes nothing from a layer's 160 of 'mlp': the smallest that does is 0.0438")]
    [InlineData("[mlp, attention]\n    sparsity: 0.25", "[mlp]\n    sparsity: 0.5\n    round_to: 160", "a.slim.yaml(16,15): error SLIM304: sparsity 0.5 removes nothing from a layer's 160 of 'mlp': no sparsity does")]
    public void ACutRemovesSomething(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    score: flap\n    reduce: sum", "a.slim.yaml(18,13): error SLIM109: 'reduce' is for scores of weights; score flap has one for each unit")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    score: wanda\n    order: first", "a.slim.yaml(18,12): error SLIM109: 'order' is for score taylor; the score is wanda")]
    [InlineData("sparsity: 0.25", "sparsity: 0.25\n    normalize: mean", "a.slim.yaml(17,16): error SLIM109: 'normalize' is for scope global: within a layer scores are ranked as they are")]
    [InlineData("sparsity: 0.25", "sparsity: { gradient: [0.1, 0.2] }\n    scope: global", "a.slim.yaml(16,15): error SLIM109: 'sparsity' must be one number with scope global: how much each layer loses follows from the scores")]
    public void KeysOfACutGoTogether(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);

    [Theory]
    [InlineData("score: l1", "none")]
    [InlineData("scope: global", "parameters")]
    [InlineData("scope: global\n    score: flap", "standard")]
    [InlineData("scope: global\n    normalize: max", "max")]
    public void ScoresAreNormalisedAsTheirScopeWants(string keys, string normalize) =>
        Samples.Compile(Samples.Small.With("sparsity: 0.25", "sparsity: 0.25\n    " + keys)).Recipe!.Width().Normalize.ShouldBe(normalize);

    [Theory]
    [InlineData("calibration: { dataset: a.txt }\n", "", "a.slim.yaml(13,5): error SLIM305: score taylor needs data: add calibration: { dataset: ... }")]
    [InlineData("calibration: { dataset: a.txt }\nprune:", "prune:\n  - { cut: depth, score: block_influence, remove: 1 }", "a.slim.yaml(13,26): error SLIM305: score block_influence needs data: add calibration: { dataset: ... }\na.slim.yaml(14,5): error SLIM305: score taylor needs data: add calibration: { dataset: ... }")]
    [InlineData("calibration: { dataset: a.txt }\nprune:", "prune:\n  - { cut: width, score: l1, compensate: bias, targets: [mlp], sparsity: 0.1 }", "a.slim.yaml(13,42): error SLIM305: compensate bias needs data: add calibration: { dataset: ... }\na.slim.yaml(14,5): error SLIM305: score taylor needs data: add calibration: { dataset: ... }")]
    public void ScoresOfDataNeedCalibration(string old, string replacement, string problems) =>
        Samples.Problems(Samples.Small.With(old, replacement)).ShouldBe(problems);
}
