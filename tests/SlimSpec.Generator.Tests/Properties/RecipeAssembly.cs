using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SlimSpec.Generator.Emitting;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Tests;

/// <summary>Many recipes compiled at once, in memory.</summary>
internal static class RecipeAssembly
{
    // Documentation comments are parsed too, so that a wrong one is a warning.
    private static readonly CSharpParseOptions Parsing = CSharpParseOptions.Default.WithDocumentationMode(DocumentationMode.Diagnose);

    /// <summary>The code of the recipes, compiled together without error or warning. Each gets a name of its own.</summary>
    public static CSharpCompilation CompilationOf(IReadOnlyList<RecipeModel> recipes) => Run.EmptyCompilation
        .WithAssemblyName($"Specs.{Guid.NewGuid():N}")
        .AddSyntaxTrees(recipes.AsParallel().AsOrdered().Select((recipe, index) => CSharpSyntaxTree.ParseText(
            RecipeSource.Write(recipe with { Name = NameOf(index) }, ClassDeclaration.OfFile("Random")), Parsing, $"{NameOf(index)}.{recipe.FileName}.g.cs")));

    /// <summary>The recipes, ready to run, in the order given.</summary>
    public static IReadOnlyList<Recipe> Compile(IReadOnlyList<RecipeModel> recipes)
    {
        using var image = new MemoryStream();
        var result = CompilationOf(recipes).Emit(image);
        result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Take(5).ShouldBeEmpty();
        result.Success.ShouldBeTrue();
        image.Position = 0;
        // Not collectible: such code is optimized at once, which takes longer than it runs.
        var assembly = new AssemblyLoadContext(null).LoadFromStream(image);
        return [.. recipes.Select((_, index) => (Recipe)assembly.GetType($"Random.{NameOf(index)}")!.GetProperty("Instance", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)];
    }

    private static string NameOf(int index) => $"R{index:000}";
}
