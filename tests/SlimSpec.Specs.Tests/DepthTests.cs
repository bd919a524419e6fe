namespace SlimSpec.Specs.Tests;

public class DepthTests
{
    [Theory]
    [InlineData("score: first, keep: 3", 3, new[] { 0, 1, 2 })]
    [InlineData("score: last, remove: 1", 3, new[] { 1, 2, 3 })]
    [InlineData("score: last, sparsity: 0.6", 2, new[] { 2, 3 })]
    [InlineData("layers: \"0, 2..3\"", 3, new[] { 0, 2, 3 })]
    [InlineData("score: random, sparsity: 0.5", 2, null)]
    public void LayersStayByNumberByShareOrByName(string keys, int keep, int[]? kept)
    {
        var cut = Compile(keys).Depth();

        cut.Keep.ShouldBe(keep);
        (cut.Kept is { } layers ? (int[])[.. layers] : null).ShouldBe(kept);
    }

    [Fact]
    public void ProtectedLayersAreNoCandidates() =>
        Compile("score: magnitude, remove: 1, protect: { first: 1, last: 1 }").Depth().ShouldBe(new DepthCutModel("block", "magnitude", 3, null, new([1, 2]), "one_shot", 0));

    [Theory]
    [InlineData("layers: 0..3", "a.slim.yaml(14,27): error SLIM304: 'layers' removes nothing from the model's 4 layers: at most 3 can stay")]
    [InlineData("score: first, keep: 5", "a.slim.yaml(14,39): error SLIM304: 'keep' 5 removes nothing from the model's 4 layers: at most 4 can stay")]
    [InlineData("score: first, sparsity: 0.2", "a.slim.yaml(14,43): error SLIM304: sparsity 0.2 removes nothing from the model's 4 layers: the smallest sparsity that does is 0.25")]
    [InlineData("score: first, remove: 4", "a.slim.yaml(14,41): error SLIM107: 'remove' 4 would remove 4 of the model's 4 layers: at most 3 can go, for one stays at least")]
    [InlineData("score: random, remove: 3, protect: { first: 2 }", "a.slim.yaml(14,42): error SLIM107: 'remove' 3 would remove 3 of the model's 4 layers: at most 2 can go, for 2 are protected")]
    [InlineData("score: random, remove: 3, protect: { first: 4 }", "a.slim.yaml(14,54): error SLIM303: no layer is left to cut: all of the model's 4 are protected")]
    [InlineData("layers: 2..4", "a.slim.yaml(14,27): error SLIM302: layer 4 does not exist: the model has layers 0 to 3")]
    [InlineData("layers: [1, 1]", "a.slim.yaml(14,31): error SLIM111: layer 1 is named twice")]
    public void SomethingGoesAndSomethingStays(string keys, string problems) => Problems(keys).ShouldBe(problems);

    [Theory]
    [InlineData("remove: 1", "a.slim.yaml(14,5): error SLIM104: 'prune[0]' needs the key 'score' (how layers are chosen), or 'layers' (which stay)")]
    [InlineData("score: first", "a.slim.yaml(14,5): error SLIM104: 'prune[0]' needs one of the keys 'keep', 'remove', 'sparsity' and 'layers' (how many layers stay), or 'constraints' to solve it from")]
    [InlineData("score: first, keep: 2, remove: 2", "a.slim.yaml(14,50): error SLIM109: 'keep' says already how many layers stay: write it or 'remove'")]
    [InlineData("score: first, layers: 0..2", "a.slim.yaml(14,26): error SLIM109: 'layers' says which layers stay, and score first would choose them")]
    [InlineData("score: first, keep: 2, search: greedy", "a.slim.yaml(14,50): error SLIM109: 'search' is for scores that rank layer by layer, and score first says which stay")]
    [InlineData("score: angular, keep: 2, search: one_shot", "a.slim.yaml(14,52): error SLIM109: 'search' is for scores that rank layer by layer, and score angular finds a run of layers")]
    [InlineData("score: angular, keep: 2, unit: mlp", "a.slim.yaml(14,26): error SLIM109: score angular is for whole layers, not for the branch of 'mlp'")]
    [InlineData("layers: 0..2, protect: { first: 1 }", "a.slim.yaml(14,42): error SLIM109: 'protect' is for scores, and 'layers' says which layers stay")]
    [InlineData("score: frist, keep: 2", "a.slim.yaml(14,26): error SLIM106: 'prune[0].score' must be one of first, last, block_influence, angular, perplexity, taylor, magnitude, random, found 'frist'; did you mean 'first'?")]
    [InlineData("score: first, keeps: 2", "a.slim.yaml(14,5): error SLIM104: 'prune[0]' needs one of the keys 'keep', 'remove', 'sparsity' and 'layers' (how many layers stay), or 'constraints' to solve it from\na.slim.yaml(14,33): error SLIM103: unknown key 'keeps' in 'prune[0]'; did you mean 'keep'?")]
    [InlineData("score: first, keep: 2, unit: atention", "a.slim.yaml(14,48): error SLIM301: the layers of 'llama' have no branch 'atention'; did you mean 'attention'?")]
    public void KeysOfACutGoTogether(string keys, string problems) => Problems(keys).ShouldBe(problems);

    [Fact]
    public void BranchesAreThoseOfUnitsOfLayersThatAreNotWithinOthers()
    {
        LayerBranches.Of(Rich.Compile().Recipe!.Architecture).Select(branch => branch.Unit).ShouldBe(["mlp", "attention"]);
        Rich.Problems(Rich.With("window: 5") + "prune: [{ cut: depth, unit: query_heads, score: first, keep: 2 }]\n").ShouldEndWith("error SLIM301: 'query_heads' is no branch of a layer of 'rich'; known: block, mlp, attention");
    }

    [Fact]
    public void ABranchIsWhatOnlyItsEntranceReads()
    {
        var branches = LayerBranches.Of(Samples.Compile(Samples.Small).Recipe!.Architecture);

        branches.Select(branch => (branch.Unit, branch.Add.Name, branch.Input)).ShouldBe([("mlp", "output", "down"), ("attention", "residual", "o")]);
        branches[0].Nodes.ShouldBe(["post_norm", "gate", "up", "act", "product", "down"]);
        branches[1].Nodes.ShouldBe(["input_norm", "q", "k", "v", "attention", "o"]);
    }

    [Theory]
    [InlineData("{ cut: width, targets: [mlp], sparsity: 0.5, layers: 1..3 }", "a.slim.yaml(15,58): error SLIM302: layer 3 does not exist: prune[0] leaves layers 0 to 2")]
    [InlineData("{ cut: depth, layers: 1..3 }", "a.slim.yaml(15,27): error SLIM302: layer 3 does not exist: prune[0] leaves layers 0 to 2")]
    [InlineData("{ cut: depth, score: first, keep: 4 }", "a.slim.yaml(15,39): error SLIM304: 'keep' 4 removes nothing from the 3 layers that prune[0] leaves: at most 3 can stay")]
    public void LaterCutsCountTheLayersThatAreLeft(string later, string problems) => Problems("score: first, keep: 3", later).ShouldBe(problems);

    [Fact]
    public void LayersAreRenumberedWithTheirSizes() => Sizes(Compile(
        "layers: 0, seed: 1".Replace("layers: 0", "layers: [0, 2, 3]", StringComparison.Ordinal),
        "{ cut: width, targets: [mlp], score: l1, sparsity: 0.5, layers: 1 }",
        "{ cut: depth, score: last, keep: 2 }")).ShouldBe(["80 4", "160 4"]);

    [Fact]
    public void AlikeLayersAreKnownHoweverTheyAreChosen() => Sizes(Compile("score: random, keep: 3")).ShouldBe(["160 4", "160 4", "160 4"]);

    [Fact]
    public void WhichOfUnlikeLayersGoesOnlyScoresTell() =>
        Compile("layers: 0..2", "{ cut: width, targets: [mlp], score: l1, sparsity: 0.5, layers: 1 }", "{ cut: depth, score: random, keep: 2 }").Pruned.ShouldBeNull();

    [Fact]
    public void ALayerWithoutABranchHasNoUnitsOfIt()
    {
        Sizes(Compile("unit: attention, score: last, keep: 2")).ShouldBe(["160 0", "160 0", "160 4", "160 4"]);
        Sizes(Compile("unit: mlp, layers: 0..2", "{ cut: width, targets: [mlp, attention], score: l1, sparsity: 0.5 }")).ShouldBe(["80 2", "80 2", "80 2", "0 2"]);
        Compile("unit: mlp, score: random, keep: 2").Pruned.ShouldBeNull();
    }

    [Theory]
    [InlineData("unit: mlp, layers: 0..1", "{ cut: width, targets: [mlp], score: l1, sparsity: 0.5, layers: 2..3 }", "a.slim.yaml(15,28): error SLIM303: no layer is left to cut: none of these has 'mlp' any more")]
    [InlineData("unit: mlp, layers: 0..1", "{ cut: depth, unit: mlp, layers: 1..2 }", "a.slim.yaml(15,38): error SLIM302: layer 2 cannot keep 'mlp': an earlier cut took it")]
    [InlineData("unit: mlp, layers: 0..1", "{ cut: depth, unit: mlp, score: random, remove: 2 }", "a.slim.yaml(15,53): error SLIM107: 'remove' 2 would remove 2 of the model's 2 layers with 'mlp': at most 1 can go, for one stays at least")]
    [InlineData("unit: mlp, score: random, keep: 2", "{ cut: depth, unit: mlp, score: first, keep: 1 }", "a.slim.yaml(15,37): error SLIM109: which layers still have 'mlp' only the scores of an earlier cut can tell: they cannot be named here")]
    public void ABranchGoesOnce(string first, string second, string problems) => Problems(first, second).ShouldBe(problems);

    [Theory]
    [InlineData("score: first, keep: 4")]
    [InlineData("score: random, keep: 4")]
    [InlineData("unit: mlp, score: last, keep: 4")]
    public void KeepingAllIsNoCut(string cut)
    {
        Sizes(Compile(cut)).ShouldBe(["160 4", "160 4", "160 4", "160 4"]);
        Compile(cut).Depth().Kept.ShouldBe(new EquatableArray<int>([0, 1, 2, 3]));
    }

    private static RecipeModel Compile(params string[] cuts)
    {
        var (recipe, problems) = Samples.Compile(Text(cuts));
        Samples.Print(problems).ShouldBe("");
        return recipe!;
    }

    private static string Problems(params string[] cuts) => Samples.Problems(Text(cuts));

    private static string Text(string[] cuts) => Samples.Small.With(
        "  - cut: width\n    targets: [mlp, attention]\n    sparsity: 0.25\n",
        $"  - {{ cut: depth, {cuts[0]} }}\n" + string.Concat(cuts.Skip(1).Select(cut => $"  - {cut}\n")));

    /// <summary>MLP channels and KV heads of each layer.</summary>
    private static IEnumerable<string> Sizes(RecipeModel recipe) => recipe.Pruned!.Value.Select(layer => $"{layer.Of("ffn")} {layer.Of("kv_heads")}");
}
