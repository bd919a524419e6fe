using SlimSpec.Specs;

namespace SlimSpec.Generator.Tests;

/// <summary>
/// What the checker accepts works: random recipes of every family are generated, compiled, run, decoded and cut. All of them
/// go through one compilation, which the compiler binds on all cores, and their models have some thousand parameters each: that keeps it
/// below a minute on two cores.
/// </summary>
public class RandomSpecTests
{
    private const int RecipesPerFamily = 22;
    private const int MostAttempts = 12;

    private static readonly IReadOnlyList<ParsedFile> Architectures =
        [.. Directory.GetFiles(Path.Join(Repository.Root, "specs", "architectures"), "*.arch.yaml").Order(StringComparer.Ordinal).Select(path => ParsedFile.Parse(new(path, File.ReadAllText(path))))];

    [Fact]
    public void Every_recipe_that_is_accepted_compiles_without_warning_and_runs()
    {
        var accepted = Architectures.SelectMany((file, family) => Enumerable.Range(0, RecipesPerFamily).Select(index => (file, Seed: (family * 1000) + index)))
            .AsParallel().AsOrdered().Select(slot => Accepted(slot.file, slot.Seed)).ToList();
        accepted.Count.ShouldBeGreaterThanOrEqualTo(300);

        var recipes = RecipeAssembly.Compile([.. accepted.Select(spec => spec.Recipe)]);

        var failures = accepted.Zip(recipes, (spec, recipe) => (spec, Fault: FaultOf(recipe))).Where(pair => pair.Fault is not null).Take(3)
            .Select(pair => $"seed {pair.spec.Seed}: {pair.Fault}\n{Smallest(pair.spec.Text, pair.Fault!)}");
        failures.ShouldBeEmpty();
    }

    // The first of a seed's recipes that the checker accepts.
    private static (int Seed, string Text, RecipeModel Recipe) Accepted(ParsedFile architecture, int seed)
    {
        var model = SpecCompiler.CompileArchitecture(architecture).Architecture!;
        var problems = new List<string>();
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var text = RandomSpec.Of(model, (seed * 100) + attempt);
            if (Compile(text, seed) is ({ } recipe, _))
            {
                return (seed, text, recipe);
            }

            problems.Add(Compile(text, seed).Problems[0].ToString());
        }

        throw new InvalidOperationException($"{model.Name}: none of {MostAttempts} recipes of seed {seed} was accepted:\n{string.Join('\n', problems)}");
    }

    private static (RecipeModel? Recipe, EquatableArray<Problem> Problems) Compile(string text, int seed) =>
        SpecCompiler.CompileRecipe(ParsedFile.Parse(new($"random-{seed}.slim.yaml", text)), Architectures, []);

    private static string? FaultOf(Recipe recipe)
    {
        try
        {
            RecipeTrial.Run(recipe);
            return null;
        }
        catch (Exception fault)
        {
            return $"{fault.GetType().Name}: {fault.Message}";
        }
    }

    // Of the texts that fail in the same way.
    private static string Smallest(string text, string fault) => Shrinking.Smallest(
        text,
        shorter => Compile(shorter, 0).Recipe is { } recipe && FaultOf(RecipeAssembly.Compile([recipe])[0])?.Split(':')[0] == fault.Split(':')[0],
        attempts: 60);
}
