namespace SlimSpec.Specs.Tests;

public class UnitTests
{
    private const string Wide = "n_head: 16\nn_kv: 4\nhead_dim: 8";

    [Theory]
    [InlineData("targets: [hidden], score: l2, sparsity: 0.25, round_to: 8", "")]
    [InlineData("targets: [hidden], score: taylor, order: mix, sparsity: 0.25", "a.slim.yaml(15,45): error SLIM305: score taylor needs data: add calibration: { dataset: ... }")]
    [InlineData("targets: [hidden], score: l1, sparsity: [0.25, 0.5]", "a.slim.yaml(15,59): error SLIM109: 'sparsity' of 'hidden', which is cut over the whole model, must be one number")]
    [InlineData("targets: [hidden], score: l1, sparsity: 0.25, scope: global", "a.slim.yaml(15,72): error SLIM109: scope global ranks units of several layers together; 'hidden' is cut over the whole model")]
    [InlineData("targets: [mlp, hidden], score: l1, sparsity: 0.25", "a.slim.yaml(15,34): error SLIM109: 'hidden' is cut over the whole model and must be the only target of its cut")]
    [InlineData("targets: [hidden], score: l1, sparsity: 0.25, layers: 1..2", "a.slim.yaml(15,73): error SLIM109: 'layers' cannot be chosen for 'hidden', which is cut over the whole model")]
    [InlineData("targets: [hidden], score: l1, sparsity: 0.25, protect: { first: 1 }", "a.slim.yaml(15,74): error SLIM109: 'protect' cannot spare layers from 'hidden', which is cut over the whole model")]
    [InlineData("targets: [hidden], score: l1, sparsity: 0.5, round_to: 64", "a.slim.yaml(15,59): error SLIM304: sparsity 0.5 removes nothing from the model's 64 of 'hidden': no sparsity does")]
    public void ChannelsOfTheWholeModelAreCutAlone(string cut, string problems) =>
        Rich.Problems(Cut(cut)).ShouldBe(problems);

    [Fact]
    public void ACutOfTheWholeModelHasNoLayers() => Rich.Compile(Cut("targets: [hidden], score: l2, sparsity: 0.25")).Recipe!.Width().Layers.ShouldBeEmpty();

    [Theory]
    [InlineData("targets: [query_heads], score: l1, sparsity: 0.5", "")]
    [InlineData("targets: [query_heads], score: l1, sparsity: 0.2", "a.slim.yaml(15,64): error SLIM304: sparsity 0.2 removes nothing from a layer's 2 of 'query_heads' in each KV group: the smallest that does is 0.4688")]
    [InlineData("targets: [attention, query_heads], score: l1, sparsity: 0.5", "a.slim.yaml(15,40): error SLIM109: layer 0 cannot lose 'query_heads' and 'attention' both: one is counted within the other")]
    public void QueryHeadsAreCutWithinTheirGroups(string cut, string problems) =>
        Rich.Problems(Cut(cut)).ShouldBe(problems);

    [Theory]
    [InlineData("attention", "0..3", "query_heads", "3..5", "a.slim.yaml(17,29): error SLIM109: layer 3 cannot lose 'query_heads' and 'attention' both: one is counted within the other")]
    [InlineData("query_heads", "0..3", "attention", "3..5", "a.slim.yaml(17,29): error SLIM109: layer 3 cannot lose 'attention' and 'query_heads' both: one is counted within the other")]
    [InlineData("query_heads", "0..3", "attention", "4..5", "")]
    [InlineData("attention", "0..3", "attention", "2..5", "")]
    public void ALayerLosesQueryHeadsOrTheirGroups(string first, string firstLayers, string second, string secondLayers, string problems) => Rich.Problems(
        Rich.With("window: 5").Replace("n_kv: 2", "n_kv: 4", StringComparison.Ordinal).Replace("n_head: 4", "n_head: 16\n  head_dim: 8", StringComparison.Ordinal)
        + $"prune:\n  - {{ cut: width, targets: [{first}], layers: {firstLayers}, score: l1, sparsity: 0.5 }}\n  - {{ cut: width, targets: [{second}], layers: {secondLayers}, score: l1, sparsity: 0.5 }}\n").ShouldBe(problems);

    [Fact]
    public void QueryHeadsThatAreAloneInTheirGroupStay() => Rich.Problems(Cut("targets: [query_heads], score: l1, sparsity: 0.9").Replace("n_kv: 2", "n_kv: 4", StringComparison.Ordinal)).ShouldBe(
        "a.slim.yaml(15,64): error SLIM304: sparsity 0.9 removes nothing from a layer's 1 of 'query_heads' in each KV group: no sparsity does");

    [Theory]
    [InlineData("attention", 0.5, "heads 8 kv_heads 2 hidden 64")]
    [InlineData("query_heads", 0.5, "heads 8 kv_heads 4 hidden 64")]
    [InlineData("query_heads, attention", 0.5, "heads 4 kv_heads 2 hidden 64")]
    [InlineData("attention, query_heads", 0.5, "heads 4 kv_heads 2 hidden 64")]
    [InlineData("hidden", 0.5, "heads 16 kv_heads 4 hidden 32")]
    public void SizesFollowTheCuts(string targets, double sparsity, string sizes)
    {
        var recipe = Rich.Compile(Rich.Recipe.With("n_head: 4\n  n_kv: 2", Wide.Replace("\n", "\n  ", StringComparison.Ordinal))).Recipe!;
        var followed = new ModelSizes(recipe.Architecture, recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => new Located<int>(dimension.Size, new("", 0, 0, 0, 0, 0, 0))));

        foreach (var unit in targets.Split(", ").Select(name => recipe.Architecture.Units.First(unit => unit.Name == name)))
        {
            followed.Cut(unit, 3, (int)(followed.Count(unit, 3) * (1 - sparsity)));
        }

        string.Join(" ", new[] { "heads", "kv_heads", "hidden" }.Select(name => $"{name} {followed.InLayer(name, 3)}")).ShouldBe(sizes);
        followed.InLayer("heads", 2).ShouldBe(16);
    }

    [Theory]
    [InlineData("lora_target_modules: [qkv]", "")]
    [InlineData("lora_target_modules: [q]", "a.slim.yaml(16,59): error SLIM401: the layers of 'rich' have no linear 'q'; did you mean 'o'?")]
    [InlineData("lora_target_modules: [qkv], lora_r: 65", "a.slim.yaml(16,73): error SLIM402: 'lora_r' 65 is more than 'qkv' has in layer 0, which is 128 x 64 after the cuts")]
    [InlineData("lora_target_modules: [o], lora_r: 65", "a.slim.yaml(16,71): error SLIM402: 'lora_r' 65 is more than 'o' has in layer 0, which is 64 x 64 after the cuts")]
    public void AdaptersAreOfWholeWeights(string keys, string problems) =>
        Rich.Problems(Rich.With("window: 5") + $"train: {{ dataset: a.txt, max_seq_length: 64 }}\nrecover:\n  - {{ method: lora, dataset: a.txt, {keys}, max_seq_length: 64 }}\n").ShouldBe(problems);

    [Fact]
    public void AdaptersFitWhatACutOfTheWholeModelLeaves() =>
        Rich.Problems(Cut("targets: [hidden], score: l1, sparsity: 0.5") + "recover: [{ method: lora, dataset: a.txt, lora_r: 33, lora_target_modules: [up], max_seq_length: 64 }]\n").ShouldBe(
            "a.slim.yaml(16,51): error SLIM402: 'lora_r' 33 is more than 'up' has in layer 0, which is 256 x 32 after the cuts");

    private static string Cut(string cut) => Rich.With("window: 5") + $"prune:\n  - {{ cut: width, {cut} }}\n";
}
