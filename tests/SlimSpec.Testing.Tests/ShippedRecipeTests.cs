using System.Reflection;
using System.Runtime.CompilerServices;
using SlimSpec.Recipes;

namespace SlimSpec.Testing.Tests;

/// <summary>The recipes in specs/: what they cut, and what is cut together.</summary>
public class ShippedRecipeTests
{
    private static readonly IReadOnlyList<Recipe> Shipped = Load(typeof(Tales20).Assembly);

    public static TheoryData<string> Names => [.. Shipped.Select(Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Architecture(string recipe) => Snapshot.Verify(Find(recipe)).UseDirectory("_snapshots").UseParameters(recipe);

    [Theory]
    [MemberData(nameof(Names))]
    public Task Structures(string recipe) => Snapshot.Verify(Find(recipe).Pruner.Structures).UseDirectory("_snapshots").UseParameters(recipe);

    [Fact]
    public void Each_snapshot_is_of_a_recipe_that_is_still_there()
    {
        var expected = new[] { nameof(Architecture), nameof(Structures) }
            .SelectMany(method => Shipped.Select(recipe => $"{nameof(ShippedRecipeTests)}.{method}_recipe={Name(recipe)}.verified.txt"));

        Directory.GetFiles(Path.Join(Here(), "_snapshots"), $"{nameof(ShippedRecipeTests)}.*.verified.txt").Select(Path.GetFileName)
            .ShouldBe(expected, ignoreOrder: true);
    }

    private static Recipe Find(string name) => Shipped.Single(recipe => Name(recipe) == name);

    private static string Name(Recipe recipe) => recipe.SpecFile.Split('.').TakeWhile(part => part != "slim").Aggregate((name, part) => $"{name}.{part}");

    private static Recipe[] Load(Assembly assembly)
    {
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        return [.. RecipeRegistry.All.Where(recipe => recipe.GetType().Assembly == assembly)];
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
