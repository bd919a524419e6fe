namespace SlimSpec.Specs.Tests;

public class SweepTests
{
    [Fact]
    public void ValuesAreKeptAsASpecWritesThemInOrder() => Compile("""
        prune[0].sparsity: [0.5, 1.0e-1]
        recover[0].lora_target_modules: [[q_proj, k_proj], null]
        prune[0].layers: ["0..1", 2, { mlp: 1, attention: "2, 3" }]
        evaluate.dataset: [true, "true", 'say "a"\b', "é", data/a-b.txt]
        """).Sweep.ShouldBe(new EquatableArray<SweepAxisModel>(
        [
            new("prune[0].sparsity", new(["0.5", "1.0e-1"])),
            new("recover[0].lora_target_modules", new(["[q_proj, k_proj]", "null"])),
            new("prune[0].layers", new(["\"0..1\"", "2", "{ mlp: 1, attention: \"2, 3\" }"])),
            new("evaluate.dataset", new(["true", "\"true\"", "\"say \\\"a\\\"\\\\b\"", "\"é\"", "data/a-b.txt"])),
        ]));

    [Theory]
    [InlineData("evaluate.dataset: [true, \"true\", 'say \"a\"\\b', \"é\", data/a-b.txt, \"a: b\", \"- c\", ' d ', \"e # f\", \"1.5\", \"null\", \"~\", \"[x]\", \"{y}\", \"x, y\"]")]
    [InlineData("recover[0].lora_target_modules: [[q_proj, \"k_proj\"], null]")]
    [InlineData("model: [{ architecture: llama, \"hidden_size\": 64 }, {}, { a: { b: [1, .5, { c: null }] } }]")]
    public void AValueReadsBackAsItself(string axis)
    {
        var values = ((SequenceNode)Parse(axis).Entries.Single().Value).Items;

        values.Select(FlowText.Of).ShouldBe(values.Select(value => FlowText.Of(Parse($"a: {FlowText.Of(value)}").Find("a")!)));
        values.OfType<ScalarNode>().Select(value => (value.Kind, value.Text)).ShouldBe(values.OfType<ScalarNode>().Select(value => (ScalarNode)Parse($"a: {FlowText.Of(value)}").Find("a")!).Select(value => (value.Kind, value.Text)));
    }

    [Fact]
    public void ARecipesHashStaysWhenItsSweepGrows()
    {
        var hash = Samples.Compile(Samples.Small).Recipe!.Hash;

        Compile("recover[0].seed: [1]").Hash.ShouldBe(hash);
        Compile("recover[0].seed: [1, 2]").Hash.ShouldBe(hash);
    }

    [Theory]
    [InlineData("prune[0].sparsty: [0.5, 0.1]", "a.slim.yaml(24,22): error SLIM701: with 'prune[0].sparsty' 0.5: unknown key 'sparsty' in 'prune[0]'; did you mean 'sparsity'?")]
    [InlineData("prune[1].sparsity: [0.5, 0.1]", "a.slim.yaml(24,23): error SLIM701: with 'prune[1].sparsity' 0.5: 'prune' ends at 'prune[0]'")]
    [InlineData("prune[0].sparsity: [0.5, 1, 0.1, x]", "a.slim.yaml(24,28): error SLIM701: with 'prune[0].sparsity' 1: 'prune[0].sparsity' must be a number above 0 and below 1, found 1\na.slim.yaml(24,36): error SLIM701: with 'prune[0].sparsity' x: 'prune[0].sparsity' must be a number above 0 and below 1, a list of them with one for each layer, { gradient: [...] } or a list of { targets, layers, value }, found the text \"x\"")]
    [InlineData("recover[0].lora_r: [8, 100]\n  prune[0].sparsity: [0.25, 0.96]", "a.slim.yaml(24,26): error SLIM701: with 'recover[0].lora_r' 100: 'lora_r' 100 is more than 'k_proj' has in layer 0, which is 24 x 64 after the cuts\na.slim.yaml(25,29): error SLIM701: with 'prune[0].sparsity' 0.96: 'lora_r' 8 is more than 'gate_proj' has in layer 0, which is 6 x 64 after the cuts (line 24)")]
    [InlineData("recover[0].seed: [0]\n  prune[0].layers: [9, 8]", "a.slim.yaml(25,21): error SLIM701: with 'prune[0].layers' 9: layer 9 does not exist: the model has layers 0 to 3\na.slim.yaml(25,24): error SLIM701: with 'prune[0].layers' 8: layer 8 does not exist: the model has layers 0 to 3")]
    [InlineData("sweep.a: [1]", "a.slim.yaml(24,3): error SLIM701: 'sweep.a' is a key of the sweep itself")]
    [InlineData("prune..keep: [1]", "a.slim.yaml(24,3): error SLIM701: 'prune..keep' is not a path of keys such as prune[0].keep")]
    [InlineData("recover[0].seed: [1]\n  recover[0]: [2]", "a.slim.yaml(25,3): error SLIM701: 'recover[0]' and 'recover[0].seed' are one within the other: a sweep sets each key by itself")]
    [InlineData("recover[0].seed: [1, 2, 1]", "a.slim.yaml(24,27): error SLIM111: 'sweep.recover[0].seed[2]' repeats '1'")]
    [InlineData("recover[0].seed: 1", "a.slim.yaml(24,20): error SLIM105: 'sweep.recover[0].seed' must be a list of values such as [6, 3, 1], found 1")]
    [InlineData("recover[0].seed: []", "a.slim.yaml(24,20): error SLIM105: 'sweep.recover[0].seed' must be a list of values such as [6, 3, 1], found an empty list")]
    public void AValueThatMakesNoRecipeIsRefusedAtItsPlace(string sweep, string problems) => Samples.Problems(Recipe(sweep)).ShouldBe(problems);

    [Fact]
    public void AValueMayBeRightOnlyWithTheFirstOfTheOthers()
    {
        Samples.Problems(Recipe("prune[0]: [{ cut: depth, score: last, keep: 2 }, { cut: depth, score: last, keep: 4 }]\n  recover[0]: [{ method: partial, dataset: a.txt, max_seq_length: 64, layers: 1 }]")).ShouldBe("");
        Samples.Problems(Recipe("prune[0]: [{ cut: depth, score: last, keep: 2 }, { cut: depth, score: last, keep: 1 }]\n  recover[0]: [{ method: partial, dataset: a.txt, max_seq_length: 64, layers: 1 }]"))
            .ShouldBe("a.slim.yaml(24,52): error SLIM701: with 'prune[0]' { cut: depth, score: last, keep: 1 }: layer 1 does not exist: prune[0] leaves layers 0 to 0 (line 25)");
    }

    [Fact]
    public void ASweepIsOfTheRecipeAsItIsChanged() =>
        Samples.Problems(Recipe("prune[0].layers: [3]"), null, ("model.num_hidden_layers", "3")).ShouldBe("a.slim.yaml(24,21): error SLIM701: with 'prune[0].layers' 3: layer 3 does not exist: the model has layers 0 to 2");

    [Fact]
    public void ASweepOfVeryManyValuesIsRefused() =>
        Samples.Problems(Recipe($"recover[0].seed: [{string.Join(", ", Enumerable.Range(0, 1001))}]")).ShouldBe("a.slim.yaml(24,3): error SLIM701: the sweep has 1001 values, each of which is a recipe to check: at most 1000 can be");

    [Fact]
    public void OneOfItsOwnRecipesIsCheckedAsItIs()
    {
        const string Sweep = "prune[0].layers: [1, 9]\n  recover[0].seed: [1, 2]";

        Samples.Problems(Recipe(Sweep), null, ("prune[0].layers", "1"), ("recover[0].seed", "2")).ShouldBe("");
        Samples.Problems(Recipe(Sweep), null, ("prune[0].layers", "9"), ("recover[0].seed", "2")).ShouldBe("--set prune[0].layers=9(1,1): error SLIM302: layer 9 does not exist: the model has layers 0 to 3");
        Samples.Problems(Recipe(Sweep), null, ("recover[0].seed", "2")).ShouldBe("a.slim.yaml(24,24): error SLIM701: with 'prune[0].layers' 9: layer 9 does not exist: the model has layers 0 to 3");
    }

    private static MappingNode Parse(string text) => (MappingNode)ParsedFile.Parse(new("a.yaml", text)).Root!;

    private static RecipeModel Compile(string sweep)
    {
        var (recipe, problems) = Samples.Compile(Recipe(sweep.Replace("\n", "\n  ", StringComparison.Ordinal)));
        Samples.Print(problems).ShouldBe("");
        return recipe!;
    }

    private static string Recipe(string sweep) => $"{Samples.Small.TrimEnd()}\nsweep:\n  {sweep}\n";
}
