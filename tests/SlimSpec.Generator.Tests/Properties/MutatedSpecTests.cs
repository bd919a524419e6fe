using Microsoft.CodeAnalysis;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Tests;

/// <summary>Files that were right and then mutated, as in the checker's own tests, further down the road: the generator, and the compiler behind it.</summary>
public class MutatedSpecTests
{
    // Binding what is generated takes most of the time: all of it is one compilation, on all cores.
    private const int Accepted = 200;
    private const int Driven = 300;

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
    public void The_generator_survives_all_recipes_at_once()
    {
        var mutants = Enumerable.Range(0, Driven).Select(seed => (Seed: seed, Case: Corpus.Cases[seed % Corpus.Cases.Count]))
            .Select(mutant => new Spec($"{Path.GetDirectoryName(mutant.Case.Recipe.Source.Path)}/{mutant.Seed}.slim.yaml", Mutation.Of(mutant.Case.Recipe.Source.Text, new(mutant.Seed))));
        var read = Corpus.Architectures.Concat(Corpus.Cases.Select(@case => @case.Config).OfType<ParsedFile>()).DistinctBy(file => file.Source.Path).Select(file => new Spec(file.Source.Path, file.Source.Text));

        var result = Survivor([.. mutants, .. read]);

        result.GeneratedSources.Length.ShouldBeGreaterThan(Corpus.Cases.Count / 2, "names are shared by mutants of one recipe, and the first keeps it");
    }

    [Fact]
    public void The_generator_survives_all_architectures_at_once() => Survivor(
        [.. Enumerable.Range(0, Driven).Select(seed => new Spec($"{seed}.arch.yaml", Mutation.Of(Corpus.Architectures[seed % Corpus.Architectures.Count].Source.Text, new(seed))))]);

    private static GeneratorRunResult Survivor(params AdditionalText[] files)
    {
        var result = Run.Driver(files).GetRunResult().Results.Single();
        result.Exception.ShouldBeNull();
        result.Diagnostics.ShouldNotBeEmpty();
        result.Diagnostics.ShouldAllBe(diagnostic => diagnostic.Id.StartsWith("SLIM"));
        return result;
    }

    private static (RecipeModel? Recipe, string Text) Mutant(int seed)
    {
        var @case = Corpus.Cases[seed % Corpus.Cases.Count];
        var which = seed / Corpus.Cases.Count % 3;
        var text = Mutation.Of(@case.File(which).Text, new(seed));
        return (@case.CompileWith(which, text).Recipe, text);
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
