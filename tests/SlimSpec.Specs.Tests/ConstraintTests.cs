namespace SlimSpec.Specs.Tests;

public class ConstraintTests
{
    // Of each layer: 32 KV-head channels... 64 x (64 + 32 + 32 + 64) in attention, 3 x 64 x 160 in the MLP, 2 x 64 in norms.
    private const long Attention = 64 * (64 + 32 + 32 + 64);
    private const long Outer = (2 * 256 * 64) + 64;
    private const long Dense = Outer + (4 * (Attention + (3 * 64 * 160) + 128));

    [Theory]
    [InlineData("params: 150000", "150000")]
    [InlineData("params: 150K", "150000")]
    [InlineData("params: 0.15M", "150000")]
    [InlineData("params: 1.5e+5", "150000")]
    public void QuantitiesHaveSuffixes(string constraint, string most) =>
        Compile("{ cut: width, targets: [mlp], sparsity: 0.9 }", constraint).Constraints!.Params!.Value.ToString().ShouldBe(most);

    [Fact]
    public void TheOpenCutRemovesJustEnough()
    {
        var recipe = Compile("{ cut: width, targets: [mlp], score: l1 }", "params: 150K");

        // 4 layers of 3 x 64 weights a channel.
        var kept = (150_000 - (Dense - (4 * 3 * 64 * 160))) / (4 * 3 * 64);
        recipe.Pruned!.Value.Select(layer => layer.Of("ffn")).ShouldAllBe(size => size == kept);
        Compile($"{{ cut: width, targets: [mlp], score: l1, sparsity: {recipe.Width().Sparsity - 0.000001} }}", "params: 6B").Pruned!.Value[0].Of("ffn").ShouldBe((int)kept + 1);
    }

    [Fact]
    public void TheOpenCutMayBeOfDepthAndOthersMayFollow()
    {
        var recipe = Compile("{ cut: depth, score: magnitude }\n  - { cut: width, targets: [mlp], score: l1, sparsity: 0.5 }", "params: 100K");

        var layer = Attention + (3 * 64 * 80) + 128;
        recipe.Depth().Keep.ShouldBe((int)((100_000 - Outer) / layer));
        recipe.Width(1).Layers.Count.ShouldBe(recipe.Depth().Keep);
    }

    [Theory]
    [InlineData("memory_mb: 0.3", "ffn", 160)]
    [InlineData("kv_cache_mb: 0.7", "kv_heads", 4)]
    [InlineData("macs: 9M", "ffn", 160)]
    [InlineData("params: 150K, macs: 8M, dtype: float32, batch_size: 2, sequence_len: 128", "ffn", 160)]
    public void EveryBudgetIsMet(string constraint, string dimension, int dense) =>
        Compile("{ cut: width, targets: [mlp, attention], score: l1 }", constraint).Pruned!.Value[0].Of(dimension).ShouldBeLessThan(dense);

    [Fact]
    public void AnOpenCutOfGlobalScopeIsSolvedByScores()
    {
        var recipe = Compile("{ cut: width, targets: [mlp], score: l1, scope: global }", "params: 150K");

        recipe.Width().Sparsity.ShouldBeNull();
        recipe.Pruned.ShouldBeNull();
    }

    [Theory]
    [InlineData("{ cut: width, targets: [mlp], score: l1, sparsity: 0.1 }", "params: 150K", "a.slim.yaml(15,24): error SLIM306: 'params' allows 150000, and the cuts leave 193088: 'prune[0]' would have to have a sparsity of 0.450001")]
    [InlineData("{ cut: depth, score: first, remove: 1 }", "params: 150K", "a.slim.yaml(15,24): error SLIM306: 'params' allows 150000, and the cuts leave 162240: 'prune[0]' would have to remove 2 layers")]
    [InlineData("{ cut: width, targets: [mlp], score: l1, sparsity: 0.1 }", "params: 50K", "a.slim.yaml(15,24): error SLIM306: 'params' allows 50000, and the cuts leave 193088: no cut alone can remove so much; allow 193088, or cut elsewhere too")]
    [InlineData("{ cut: width, targets: [mlp], score: l1, sparsity: 0.1 }", "kv_cache_mb: 0.5", "a.slim.yaml(15,29): error SLIM306: 'kv_cache_mb' allows 0.5, and the cuts leave 1: no cut alone can remove so much; allow 1, or cut elsewhere too")]
    public void ClosedCutsAreChecked(string cut, string constraint, string problem) => Problems(cut, constraint).ShouldBe(problem);

    [Fact]
    public void AModelWithoutCutsIsChecked() =>
        Samples.Problems(Samples.Small.With("prune:\n  - cut: width\n    targets: [mlp, attention]\n    sparsity: 0.25\n", "constraints: { params: 100K }\n"))
            .ShouldBe("a.slim.yaml(13,24): error SLIM306: 'params' allows 100000, and the model has 205376: add a cut");

    [Theory]
    [InlineData("{ cut: width, targets: [mlp], score: l1 }", "params: 50K", "a.slim.yaml(15,24): error SLIM307: 'params' 50000 cannot be met: however much 'prune[0]' removes, 83264 stay: ask for 83264 or more, or cut elsewhere too")]
    [InlineData("{ cut: width, targets: [mlp], score: l1, scope: global }", "params: 50K", "a.slim.yaml(15,24): error SLIM307: 'params' 50000 cannot be met: however much 'prune[0]' removes, 83264 stay: ask for 83264 or more, or cut elsewhere too")]
    [InlineData("{ cut: depth, score: random, protect: { first: 3 } }", "params: 50K", "a.slim.yaml(15,24): error SLIM307: 'params' 50000 cannot be met: however much 'prune[0]' removes, 162240 stay: ask for 162240 or more, or cut elsewhere too")]
    [InlineData("{ cut: width, targets: [mlp], score: l1 }", "params: 6B", "a.slim.yaml(14,5): error SLIM304: 'prune[0]' has nothing to remove: without it 'params' is 205376, which the constraints allow")]
    [InlineData("{ cut: width, targets: [mlp], score: l1 }", "dtype: float16", "a.slim.yaml(15,14): error SLIM104: 'constraints' needs one of the keys 'params', 'macs', 'memory_mb' and 'kv_cache_mb'")]
    [InlineData("{ cut: width, targets: [mlp], score: l1 }\n  - { cut: depth, score: first }", "params: 150K", "a.slim.yaml(15,5): error SLIM104: 'prune[1]' needs one of the keys 'keep', 'remove', 'sparsity' and 'layers' (how many layers stay): constraints are solved for one cut, and 'prune[0]' leaves its amount open already")]
    [InlineData("{ cut: width, targets: [mlp], score: l1, scope: global, sparsity: 0.2 }\n  - { cut: width, targets: [attention], score: l1 }", "params: 150K", "a.slim.yaml(15,5): error SLIM109: constraints cannot be solved for 'prune[1]' at build: what 'prune[0]' leaves only scores can tell; say how much 'prune[1]' removes")]
    [InlineData("{ cut: width, targets: [mlp], score: l1 }", "params: lots", "a.slim.yaml(15,24): error SLIM105: 'constraints.params' must be a number such as 6.5B, 400M or 1.0e+9, found the text \"lots\"")]
    [InlineData("{ cut: width, targets: [mlp], score: l1 }", "params: 0.5", "a.slim.yaml(15,24): error SLIM107: 'constraints.params' must be a number of at least 1 and at most 1E+18, found 0.5")]
    public void WhatCannotBeSolvedIsReported(string cut, string constraint, string problems) => Problems(cut, constraint).ShouldBe(problems);

    [Fact]
    public void TheCacheIsSolvedWhereOnlyTheMlpIsUnknown() =>
        Compile("{ cut: width, targets: [mlp], score: l1, scope: global, sparsity: 0.2 }\n  - { cut: width, targets: [attention], score: l1 }", "kv_cache_mb: 0.5").Width(1).Sparsity.ShouldNotBeNull();

    private static string Text(string cuts, string constraints) =>
        Samples.Small.With("  - cut: width\n    targets: [mlp, attention]\n    sparsity: 0.25\n", $"  - {cuts}\nconstraints: {{ {constraints} }}\n");

    private static string Problems(string cuts, string constraints) => Samples.Problems(Text(cuts, constraints));

    private static RecipeModel Compile(string cuts, string constraints)
    {
        var (recipe, problems) = Samples.Compile(Text(cuts, constraints));
        Samples.Print(problems).ShouldBe("");
        return recipe!;
    }
}
