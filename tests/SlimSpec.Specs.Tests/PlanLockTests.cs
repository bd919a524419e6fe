namespace SlimSpec.Specs.Tests;

/// <summary>A plan beside a spec says the sizes that otherwise only scores tell.</summary>
public class PlanLockTests
{
    private static readonly string Spec = Samples.Small.With("sparsity: 0.25", "sparsity: 0.25\n    scope: global\n  - { cut: depth, score: random, remove: 1 }\n  - { cut: depth, unit: mlp, score: random, remove: 1 }");

    private const string Kept = """
        "layers": [{"unit": "block", "kept": [0, 1, 3], "scores": [1.5, null, 2, 1]}, {"unit": "mlp", "kept": [1, 3], "scores": [0, 1, null, 3]}],
          "groups": [
            {"layer": 0, "unit": "attention", "kept": [1, 2], "scores": [1, 2, 3, 4], "means": [0.5]},
            {"layer": 3, "unit": "mlp", "kept": [5, 6, 159], "scores": []}
          ]
        """;

    [Fact]
    public void ItGivesTheSizesOfItsRecipe()
    {
        var (recipe, problems) = Compile(Spec, Plan(Kept));

        Samples.Print(problems).ShouldBe("");
        recipe!.Pruned!.Value.Select(layer => $"{layer.Of("ffn")} {layer.Of("kv_heads")} {layer.Of("heads")}").ShouldBe(["0 2 4", "160 4 8", "3 4 8"]);
        recipe.Hash.ShouldBe(Compile(Spec, null).Recipe!.Hash);
    }

    [Theory]
    [InlineData("\"recipe_hash\": \"HASH\"", "\"recipe_hash\": \"4f2c\"", "a.plan.json(3,18): warning SLIM308: the plan was made for another recipe than 'a.slim.yaml' is now, and says nothing about its sizes: make it anew, or delete it")]
    public void AStalePlanIsAWarningAndNoLock(string old, string replacement, string problems)
    {
        var (recipe, found) = Compile(Spec, Plan(Kept).With(old.Replace("HASH", Hash, StringComparison.Ordinal), replacement));

        Samples.Print(found).ShouldBe(problems);
        recipe!.Pruned.ShouldBeNull();
    }

    [Theory]
    [InlineData("\"format\": 2", "\"format\": 1", "a.plan.json(2,13): error SLIM309: the plan has format 1, and format 2 is read: make it anew with slim prune")]
    [InlineData("\"groups\": [", "\"group\": [", "a.plan.json(1,1): error SLIM309: the plan needs the key 'groups', a list")]
    [InlineData("\"recipe_hash\"", "\"recipe\"", "a.plan.json(1,1): error SLIM309: the plan needs the key 'recipe_hash', a text")]
    [InlineData("[0, 1, 3]", "[0, 3, 1]", "a.plan.json(4,47): error SLIM309: 'layers[0].kept' must be ascending numbers from 0, found 1 after 3")]
    [InlineData("[0, 1, 3]", "[]", "a.plan.json(4,40): error SLIM309: 'layers[0]' needs the key 'kept', a list of what stays")]
    [InlineData("[0, 1, 3]", "[0, 1, 4]", "a.plan.json(4,14): error SLIM309: the plan keeps layer 4, and the model has layers 0 to 3")]
    [InlineData("\"unit\": \"mlp\", \"kept\": [1", "\"unit\": \"mpl\", \"kept\": [1", "a.plan.json(4,81): error SLIM309: the layers of 'llama' have no branch 'mpl'; did you mean 'mlp'?")]
    [InlineData("\"unit\": \"attention\"", "\"unit\": \"atention\"", "a.plan.json(6,5): error SLIM309: the architecture 'llama' has no unit 'atention'; did you mean 'attention'?")]
    [InlineData("\"layer\": 0", "\"layer\": null", "a.plan.json(6,5): error SLIM309: 'attention' is cut layer by layer, and the plan names none")]
    [InlineData("\"layer\": 0", "\"layer\": 2", "a.plan.json(6,5): error SLIM309: the plan cuts 'attention' of layer 2, which is not among those that stay")]
    [InlineData("\"layer\": 3", "\"layer\": 0", "a.plan.json(7,5): error SLIM309: the plan keeps number 159 of 'mlp' in layer 0, which has 0")]
    [InlineData("159", "160", "a.plan.json(7,5): error SLIM309: the plan keeps number 160 of 'mlp' in layer 3, which has 160")]
    [InlineData("\"layer\": 3", "\"layer\": -3", "a.plan.json(7,15): error SLIM309: 'groups[1]' needs the key 'layer', a number from 0")]
    public void WhatIsNoPlanOfThisModelIsAnError(string old, string replacement, string problems)
    {
        var (recipe, found) = Compile(Spec, Plan(Kept).With(old, replacement));

        Samples.Print(found).ShouldBe(problems);
        recipe.ShouldBeNull();
    }

    [Fact]
    public void APlanThatIsNotWellFormedIsASyntaxError() =>
        Samples.Print(Compile(Spec, "{ \"format\": 2, ").Problems).ShouldStartWith("a.plan.json(1,16): error SLIM100:");

    [Fact]
    public void WhatTheBuildKnowsThePlanMustSayToo()
    {
        var spec = Samples.Small.With("sparsity: 0.25", "sparsity: 0.5");
        var hash = Compile(spec, null).Recipe!.PruningHash;

        Samples.Print(Compile(spec, Plan("\"layers\": [], \"groups\": []", hash)).Problems).ShouldBe("a.plan.json(3,18): error SLIM309: the plan leaves other sizes than the cuts of 'a.slim.yaml' do: make it anew");
    }

    [Fact]
    public void ScoresAreReadOverAndPlacesAreThoseOfTheFile()
    {
        var plan = PlanLock.Parse(new("a.plan.json", Plan(Kept)));

        plan.ShouldBe(PlanLock.Parse(new("a.plan.json", Plan(Kept).With("[0, 1, null, 3]", "[9, 9, null, 9]"))));
        plan.Groups[1].ShouldBe(new LockedGroup(3, "mlp", 3, 159, plan.Groups[1].Place));
    }

    [Fact]
    public void ItStandsBesideItsRecipeUnderItsName()
    {
        var plans = new[] { "b/a.plan.json", "a.plan.json", "a/Tiny.plan.json" }.Select(path => PlanLock.Parse(new(path, "{}"))).ToList();
        var place = new Place("a/Some.cs", 0, 0, 0, 0, 0, 0);

        SpecCompiler.FindPlan(ParsedFile.Parse(new("b/a.slim.yaml", Spec)), plans).ShouldBe(plans[0]);
        SpecCompiler.FindPlan(ParsedFile.Parse(new("c/a.slim.yaml", Spec)), plans).ShouldBeNull();
        SpecCompiler.FindPlan(ParsedFile.Read(new("a/Some.cs", "Tiny", place, default, default)), plans).ShouldBe(plans[2]);
    }

    private static string Hash => Compile(Spec, null).Recipe!.PruningHash;

    private static string Plan(string kept, string? hash = null) => $"{{\n  \"format\": 2,\n  \"recipe_hash\": \"{hash ?? Hash}\",\n  {kept.ReplaceLineEndings("\n")}\n}}\n";

    private static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string spec, string? plan) =>
        SpecCompiler.CompileRecipe(new SourceFile("a.slim.yaml", spec), [Samples.Llama], [], plan: plan is null ? null : PlanLock.Parse(new("a.plan.json", plan)));
}
