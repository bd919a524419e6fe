using Microsoft.CodeAnalysis;
using SlimSpec.Specs;
using SlimSpec.Specs.Tests;

namespace SlimSpec.Generator.Tests;

/// <summary>Files that were right and then mutated, as in the checker's own tests, further down the road: the generator, and the compiler behind it.</summary>
public class MutatedSpecTests
{
    private const int Accepted = 300;
    private const int Driven = 600;

    [Fact]
    public void Mutants_that_are_accepted_compile_without_warning()
    {
        var accepted = Enumerable.Range(0, 20 * Accepted).AsParallel().AsOrdered().Select(seed => (Seed: seed, Mutant(seed).Recipe)).Where(mutant => mutant.Recipe is not null).Take(Accepted).ToList();
        accepted.Count.ShouldBe(Accepted);

        var warnings = RecipeAssembly.CompilationOf([.. accepted.Select(mutant => mutant.Recipe!)]).GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning);

        // Files are called R and the recipe's number.
        warnings.Take(3).Select(warning => $"seed {accepted[int.Parse(warning.Location.SourceTree!.FilePath[1..4])].Seed}: {warning}\n{Smallest(accepted[int.Parse(warning.Location.SourceTree!.FilePath[1..4])].Seed, warning.Id)}").ShouldBeEmpty();
    }

    [Fact]
    public void The_generator_survives_all_of_them_at_once()
    {
        var files = Enumerable.Range(0, Driven).Select(seed => (AdditionalText)new Spec($"{seed}/{Path.GetFileName(Mutant(seed).Path)}", Mutant(seed).Text));

        var result = Run.Driver([.. files, .. Corpus.Architectures.Select(file => new Spec(file.Source.Path, file.Source.Text))]).GetRunResult().Results.Single();

        result.Exception.ShouldBeNull();
        result.Diagnostics.ShouldAllBe(diagnostic => diagnostic.Id.StartsWith("SLIM"));
    }

    private static (RecipeModel? Recipe, string Path, string Text) Mutant(int seed)
    {
        var @case = Corpus.Cases[seed % Corpus.Cases.Count];
        var which = seed / Corpus.Cases.Count % 3;
        var text = Mutation.Of(@case.File(which).Text, new(seed));
        return (@case.CompileWith(which, text).Recipe, @case.File(which).Path, text);
    }

    private static string Smallest(int seed, string warning)
    {
        var @case = Corpus.Cases[seed % Corpus.Cases.Count];
        var which = seed / Corpus.Cases.Count % 3;
        return Shrinking.Smallest(
            Mutant(seed).Text,
            shorter => @case.CompileWith(which, shorter).Recipe is { } recipe && RecipeAssembly.CompilationOf([recipe]).GetDiagnostics().Any(diagnostic => diagnostic.Id == warning),
            attempts: 60);
    }
}
