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

    private static readonly IReadOnlyList<ParsedFile> Tasks =
        [.. Directory.GetFiles(Path.Join(Repository.Root, "specs", "tasks"), "*.task.yaml").Select(path => ParsedFile.Parse(new(path, File.ReadAllText(path))))];

    [Fact]
    public void Every_recipe_that_is_accepted_compiles_without_warning_and_runs()
    {
        var accepted = Architectures.SelectMany((file, family) => Enumerable.Range(0, RecipesPerFamily).Select(index => (file, Seed: (family * 1000) + index)))
            .AsParallel().AsOrdered().Select(slot => Accepted(slot.file, slot.Seed)).ToList();
        accepted.Count.ShouldBeGreaterThanOrEqualTo(300);
        accepted.Count(spec => spec.Recipe.Exits is not null).ShouldBeGreaterThan(30);

        var recipes = RecipeAssembly.Compile([.. accepted.Select(spec => spec.Recipe)]);

        var failures = accepted.Zip(recipes, (spec, recipe) => (spec, Fault: FaultOf(recipe, spec.Recipe, spec.Text))).Where(pair => pair.Fault is not null).Take(3)
            .Select(pair => $"seed {pair.spec.Seed}: {pair.Fault}\n{Smallest(pair.spec.Text, pair.Fault!)}");
        failures.ShouldBeEmpty();
    }

    [Fact]
    public void What_a_cut_leaves_solves_to_no_more_than_its_own_sparsity()
    {
        var solved = 0;
        foreach (var (file, family) in Architectures.Select((file, family) => (file, family)))
        {
            foreach (var (seed, text, recipe) in Enumerable.Range(0, RecipesPerFamily).Select(index => Accepted(file, (family * 1000) + index)).Where(spec => spec.Recipe.Pruned is not null))
            {
                var open = recipe.Prune.Select((cut, index) => (Cut: cut as WidthCutModel, index)).LastOrDefault(each => each.Cut is { LayerSparsity: null });
                if (open.Cut?.Sparsity is { } sparsity)
                {
                    var allowed = CostModel.Pruned(recipe, 64)!.Parameters;
                    var (again, problems) = SpecCompiler.CompileRecipe(new SourceFile($"random-{seed}.slim.yaml", $"{text}constraints: {{ params: {allowed} }}\n"), [file.Source], [], [new($"prune[{open.index}].sparsity", "null")], tasks: [.. Tasks.Select(task => task.Source)]);

                    if (problems.Any(problem => problem.Message.Contains("has nothing to remove", StringComparison.Ordinal)))
                    {
                        continue; // a share below one unit: what it leaves is the whole
                    }

                    problems.Where(problem => problem.IsError).ShouldBeEmpty(text);
                    CostModel.Pruned(again!, 64)!.Parameters.ShouldBeLessThanOrEqualTo(allowed);
                    ((WidthCutModel)again!.Prune[open.index]).Sparsity!.Value.ShouldBeLessThanOrEqualTo(sparsity, text);
                    solved++;
                }
            }
        }

        solved.ShouldBeGreaterThan(60);
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
        SpecCompiler.CompileRecipe(ParsedFile.Parse(new($"random-{seed}.slim.yaml", text)), Architectures, [], tasks: Tasks);

    private static RecipeModel Locked(string text, PlanLock plan)
    {
        var (recipe, problems) = SpecCompiler.CompileRecipe(ParsedFile.Parse(new("random.slim.yaml", text)), Architectures, [], plan: plan, tasks: Tasks);
        problems.Where(problem => problem.IsError).ShouldBeEmpty();
        return recipe!;
    }

    private static string? FaultOf(Recipe recipe, RecipeModel model, string text)
    {
        try
        {
            RecipeTrial.Run(recipe, model, plan => Locked(text, plan));
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
        shorter => Compile(shorter, 0).Recipe is { } recipe && FaultOf(RecipeAssembly.Compile([recipe])[0], recipe, shorter)?.Split(':')[0] == fault.Split(':')[0],
        attempts: 60);
}
