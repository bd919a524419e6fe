namespace SlimSpec.Specs.Tests;

/// <summary>Exits beside a spec are compiled, if they were calibrated for it.</summary>
public class ExitsLockTests
{
    private const string Spec = Samples.Small + "\nexits: { mode: adaptive, layers: [1, 3], features: [gap, entropy], calibrate: { dataset: b.txt, max_new_tokens: 32 } }";

    private const string Linear = """
        {"kind": "logistic", "form": "linear",
            "checks": [{"layers": 1, "weights": [2.5, -1e-3], "bias": -4, "threshold": 0.75}, {"layers": 3, "weights": [1, 0], "bias": 0.5, "threshold": null}]}
        """;

    private static readonly string CurrentHash = SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", Spec), [Samples.Llama], []).Recipe!.Hash;

    [Fact]
    public void TheyGiveTheirRecipeAClassifier()
    {
        var text = Exits(Linear);
        var (recipe, problems) = Compile(text);

        Samples.Print(problems).ShouldBe("");
        recipe!.Fitted.ShouldBe(new(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text))), "a.exits.json", "linear", 2,
            new([new(1, 0, new([2.5, -1e-3]), -4, 0.75), new(3, 0, new([1, 0]), 0.5, null)]), default, default, default));
        recipe.Hash.ShouldBe(CurrentHash);
    }

    [Theory]
    [InlineData("threshold", "\"checks\": [{\"layers\": 1, \"feature\": 1, \"threshold\": 0.5}, {\"layers\": 3, \"feature\": 0, \"threshold\": null}]", 0, 0, 0)]
    [InlineData("fourier", "\"frequencies\": [[1, 2], [3, 4], [5, 6]], \"phases\": [0, 1, 2], \"checks\": [{\"layers\": 1, \"weights\": [1, 2, 3], \"bias\": 0, \"threshold\": 0.5}, {\"layers\": 3, \"weights\": [1, 2, 3], \"bias\": 0, \"threshold\": 1}]", 6, 3, 0)]
    [InlineData("chain", "\"transition\": [[0, -1], [-2, 3]], \"checks\": [{\"layers\": 1, \"weights\": [1, 2], \"bias\": 0, \"threshold\": 0.5}, {\"layers\": 3, \"weights\": [1, 2], \"bias\": 0, \"threshold\": 1}]", 0, 0, 4)]
    public void EveryFormIsRead(string form, string rest, int frequencies, int phases, int transition)
    {
        var (recipe, problems) = Compile(Exits($"{{\"kind\": \"logistic\", \"form\": \"{form}\", {rest}}}"));

        Samples.Print(problems).ShouldBe("");
        var fitted = recipe!.Fitted!;
        (fitted.Form, fitted.Frequencies.Count, fitted.Phases.Count, fitted.Transition.Count).ShouldBe((form, frequencies, phases, transition));
        fitted.Checks.Select(check => check.Layers).ShouldBe([1, 3]);
    }

    [Theory]
    [InlineData("\"recipe_hash\": \"HASH\"", "\"recipe_hash\": \"4f2c\"", "a.exits.json(3,18): warning SLIM508: the exits were calibrated for another recipe than 'a.slim.yaml' is now, and are not compiled: calibrate them anew, or delete the file")]
    [InlineData("\"average_layers\": 2.5", "\"average_layers\": 3.9", "a.exits.json(8,37): warning SLIM507: with 3.9 of 4 layers a token, decoding would be 0.84 times as fast as the dense model's, below 'min_predicted_speedup' 1.02, and exits would be off: (L + r) / (A + r + n r), r = 0.51")]
    public void WhatIsOfAnotherRecipeOrWillNotPayIsAWarning(string old, string replacement, string problems)
    {
        var (recipe, found) = Compile(Exits(Linear).With(old.Replace("HASH", CurrentHash, StringComparison.Ordinal), replacement));

        Samples.Print(found).ShouldBe(problems);
        (recipe!.Fitted is null).ShouldBe(problems.Contains("SLIM508", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "a.exits.json(2,13): error SLIM509: the exits file has format 2, and format 1 is read: make it anew with slim exits")]
    [InlineData("\"recipe_hash\"", "\"hash\"", "a.exits.json(1,1): error SLIM509: the exits file needs the key 'recipe_hash', a text")]
    [InlineData("\"depth\": 4", "\"depth\": 6", "a.exits.json(4,12): error SLIM509: 'depth' of the exits is 6, and the recipe has 4: calibrate them anew")]
    [InlineData("\"layers\": [1, 3],", "\"layers\": [1, 2],", "a.exits.json(4,25): error SLIM509: 'layers' of the exits is 1, 2, and the recipe has 1, 3: calibrate them anew\na.exits.json(4,25): error SLIM509: 'classifier.checks' of the exits is 1, 3, and the recipe has 1, 2: calibrate them anew")]
    [InlineData("\"layers\": [1, 3],", "\"layers\": [],", "a.exits.json(4,25): error SLIM509: the exits file needs the key 'layers', a list of layer counts")]
    [InlineData("[\"gap\", \"entropy\"]", "[\"entropy\", \"gap\"]", "a.exits.json(5,15): error SLIM509: 'features' of the exits is entropy, gap, and the recipe has gap, entropy: calibrate them anew")]
    [InlineData("[\"gap\", \"entropy\"]", "[\"gap\", 3]", "a.exits.json(5,15): error SLIM509: the exits file needs the key 'features', a list of features")]
    [InlineData("\"classifier\"", "\"clasifier\"", "a.exits.json(1,1): error SLIM509: the exits file needs the key 'classifier', a mapping")]
    [InlineData("\"kind\": \"logistic\"", "\"kind\": \"crf\"", "a.exits.json(6,26): error SLIM509: 'classifier.kind' of the exits is crf, and the recipe has logistic: calibrate them anew")]
    [InlineData("\"form\": \"linear\"", "\"form\": \"liner\"", "a.exits.json(6,46): error SLIM509: 'classifier.form' must be one of threshold, linear, fourier, chain, found 'liner'; did you mean 'linear'?")]
    [InlineData("\"form\": \"linear\"", "\"form\": \"chain\"", "a.exits.json(6,17): error SLIM509: 'classifier' needs the key 'transition', two lists of two numbers")]
    [InlineData("[2.5, -1e-3]", "[2.5]", "a.exits.json(7,41): error SLIM509: 'classifier.checks[0].weights' must be a list of 2 numbers")]
    [InlineData("[2.5, -1e-3]", "[2.5, NaN]", "a.exits.json(7,41): error SLIM509: 'classifier.checks[0].weights' must be a list of 2 numbers")]
    [InlineData("\"bias\": -4", "\"bias\": 1e999", "a.exits.json(7,63): error SLIM509: 'classifier.checks[0]' needs the key 'bias', a number")]
    [InlineData("\"threshold\": null", "\"treshold\": null", "a.exits.json(7,87): error SLIM509: 'classifier.checks[1]' needs the key 'threshold', a number")]
    public void WhatAreNoExitsOfThisRecipeIsAnError(string old, string replacement, string problems)
    {
        var (recipe, found) = Compile(Exits(Linear).With(old, replacement));

        Samples.Print(found).ShouldBe(problems);
        recipe.ShouldBeNull();
    }

    [Fact]
    public void ARecipeWithoutExitsHasNoneToFit()
    {
        var hash = Samples.Compile(Samples.Small).Recipe!.Hash;

        Samples.Print(Compile(Exits(Linear, hash), Samples.Small).Problems).ShouldBe("a.exits.json(3,18): error SLIM509: 'a.slim.yaml' has no exits: delete the file");
    }

    [Fact]
    public void WhatTheBuildDoesNotReadIsReadOver()
    {
        var exits = ExitsLock.Parse(new("a.exits.json", Exits(Linear)));
        var other = ExitsLock.Parse(new("a.exits.json", Exits(Linear).With("\"enabled\": true", "\"cost\": {\"r\": [1, {}]}, \"enabled\": true")));

        (other with { Fitted = other.Fitted! with { FileHash = exits.Fitted!.FileHash } }).ShouldBe(exits);
        other.Fitted!.FileHash.ShouldNotBe(exits.Fitted!.FileHash);
    }

    [Fact]
    public void MutatedFilesAreReadOrRefusedInWords()
    {
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var (recipe, problems) = Compile(Mutation.Of(Exits(Linear), new(seed)));
            (recipe is null).ShouldBe(problems.Any(problem => problem.IsError), $"seed {seed}");
            problems.ShouldAllBe(problem => problem.Message.Length < 1000 && !problem.Message.Any(char.IsControl), $"seed {seed}");
            (read, refused) = recipe?.Fitted is null ? (read, refused + 1) : (read + 1, refused);
        }

        read.ShouldBeGreaterThan(100);
        refused.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void TheyStandBesideTheirRecipeUnderItsName()
    {
        var exits = new[] { "b/a.exits.json", "a.exits.json", "a/Tiny.exits.json" }.Select(path => ExitsLock.Parse(new(path, "{}"))).ToList();

        SpecCompiler.FindExits(ParsedFile.Parse(new("b/a.slim.yaml", Spec)), exits).ShouldBe(exits[0]);
        SpecCompiler.FindExits(ParsedFile.Parse(new("c/a.slim.yaml", Spec)), exits).ShouldBeNull();
        SpecCompiler.FindExits(ParsedFile.Read(new("a/Some.cs", "Tiny", new("a/Some.cs", 0, 0, 0, 0, 0, 0), default, default)), exits).ShouldBe(exits[2]);
    }

    private static string Exits(string classifier, string? hash = null) => $$"""
        {
          "format": 1, "recipe": "Small", "weights": "0000",
          "recipe_hash": "{{hash ?? CurrentHash}}",
          "depth": 4, "layers": [1, 3],
          "features": ["gap", "entropy"],
          "classifier": {{classifier}},
          "certificate": {"average_layers": 2.5}, "enabled": true
        }
        """.ReplaceLineEndings("\n");

    private static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string exits, string spec = Spec) =>
        SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", spec), [Samples.Llama], [], exits: ExitsLock.Parse(new("a.exits.json", exits)));
}
