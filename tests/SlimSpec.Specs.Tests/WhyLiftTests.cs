namespace SlimSpec.Specs.Tests;

/// <summary>The recipes of "Why Lift so Heavy?" (arXiv 2402.11700).</summary>
public class WhyLiftTests
{
    [Theory]
    [InlineData("gpt2-xl", "48:1557.6 24:819.8 12:450.9 2:143.5 1:112.8")]
    [InlineData("opt-1.3b", "24:1315.8 12:711.5 2:207.9 1:157.5")]
    [InlineData("small", "1:1.2 2:1.6 3:2.0 4:2.4 5:2.8 6:3.1")]
    public void TheFirstLayersHaveTheParametersOfTheirModels(string name, string millions)
    {
        var recipe = Compile(name);

        recipe.Sweep!.Value.Single(axis => axis.Key == "prune[0].keep").Values.ShouldBe(millions.Split(' ').Select(each => each.Split(':')[0]));
        string.Join(' ', recipe.Sweep!.Value[2].Values.Select(keep => $"{keep}:{Millions(Compile(name, ("prune[0].keep", keep)))}")).ShouldBe(millions);
    }

    [Theory]
    [InlineData("gpt2-xl", 300)]
    [InlineData("opt-1.3b", 240)]
    [InlineData("small", 360)]
    public void EachTaskIsLearntInThreeWaysWithFiveSeeds(string name, int cells)
    {
        var sweep = Compile(name).Sweep!.Value;

        sweep.Select(axis => axis.Key).ShouldBe(["recover[0].task", "recover[0].objective", "prune[0].keep", "recover[0].seed"]);
        sweep.Aggregate(1, (count, axis) => count * axis.Values.Count).ShouldBe(cells);
        sweep[1].Values.ShouldBe(["prompt_lm", "p_cls", "cls"]);
        sweep[3].Values.ShouldBe(["0", "42", "421", "520", "1218"]);
    }

    private static string Millions(RecipeModel recipe) => (CostModel.Pruned(recipe, 1)!.Parameters / 1e6).ToString("F1", System.Globalization.CultureInfo.InvariantCulture);

    private static RecipeModel Compile(string name, params (string Path, string Value)[] overrides)
    {
        var (recipe, problems) = SpecCompiler.CompileRecipe(
            Repository.Read($"specs/why-lift-so-heavy/why-lift-{name}.slim.yaml"), Repository.Architectures(), [], [.. overrides.Select(change => KeyValuePair.Create(change.Path, change.Value))]);
        Samples.Print(problems).ShouldBe("");
        return recipe!;
    }
}
