using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// The spec language from outside: texts in, checked models and problems out. Nothing here opens files or throws over
/// what a file says.
/// </summary>
public static class SpecCompiler
{
    /// <summary>How the names of recipes end.</summary>
    public const string RecipeSuffix = ".slim.yaml";

    /// <summary>How the names of architectures end.</summary>
    public const string ArchitectureSuffix = ".arch.yaml";

    /// <summary>How the names of multiple-choice tasks end.</summary>
    public const string TaskSuffix = ".task.yaml";

    /// <summary>Compiles a recipe.</summary>
    /// <param name="recipe">The <c>.slim.yaml</c>.</param>
    /// <param name="architectures">Every <c>.arch.yaml</c> that it may name.</param>
    /// <param name="configs">Every <c>config.json</c> that it may name; found by path, relative to the recipe's folder or one above it.</param>
    /// <param name="overrides">
    /// Changes made before anything is checked: a path such as <c>prune[0].sparsity</c> and a value in YAML's flow form. What
    /// is wrong with one is reported in the file <c>--set prune[0].sparsity=0.3</c>.
    /// </param>
    /// <param name="plan">The plan that is committed with the recipe, if there is one: it says the sizes that only scores can tell.</param>
    /// <param name="exits">The exits that are committed with the recipe, if there are any: they are compiled.</param>
    /// <param name="tasks">Every <c>.task.yaml</c> that it may name.</param>
    /// <returns>
    /// The model, or null if there is any error, and everything that is wrong: in the recipe, in the <c>config.json</c> it reads
    /// and in the architecture and the tasks it names (but not in other files).
    /// </returns>
    public static (RecipeModel? Recipe, EquatableArray<Problem> Problems) CompileRecipe(
        SourceFile recipe,
        IReadOnlyList<SourceFile> architectures,
        IReadOnlyList<SourceFile> configs,
        IReadOnlyList<KeyValuePair<string, string>>? overrides = null,
        PlanLock? plan = null,
        ExitsLock? exits = null,
        IReadOnlyList<SourceFile>? tasks = null) =>
        CompileRecipe(ParsedFile.Parse(recipe), [.. architectures.Select(ParsedFile.Parse)], [.. configs.Select(ParsedFile.Parse)], overrides, plan, exits, [.. (tasks ?? []).Select(ParsedFile.Parse)]);

    /// <summary>Compiles a recipe from files that are parsed already.</summary>
    /// <inheritdoc cref="CompileRecipe(SourceFile, IReadOnlyList{SourceFile}, IReadOnlyList{SourceFile}, IReadOnlyList{KeyValuePair{string, string}}?, PlanLock?, ExitsLock?, IReadOnlyList{SourceFile}?)"/>
    public static (RecipeModel? Recipe, EquatableArray<Problem> Problems) CompileRecipe(
        ParsedFile recipe,
        IReadOnlyList<ParsedFile> architectures,
        IReadOnlyList<ParsedFile> configs,
        IReadOnlyList<KeyValuePair<string, string>>? overrides = null,
        PlanLock? plan = null,
        ExitsLock? exits = null,
        IReadOnlyList<ParsedFile>? tasks = null) =>
        RecipeChecker.Check(recipe, architectures, configs, overrides ?? [], plan, exits, tasks ?? []);

    /// <summary>The plan that is committed with a recipe, beside it and of its name, among all that are known; null if there is none.</summary>
    public static PlanLock? FindPlan(ParsedFile recipe, IReadOnlyList<PlanLock> plans) => plans.FirstOrDefault(plan => plan.Path == recipe.PathBeside(PlanLock.Suffix));

    /// <summary>The exits that are committed with a recipe, beside it and of its name, among all that are known; null if there are none.</summary>
    public static ExitsLock? FindExits(ParsedFile recipe, IReadOnlyList<ExitsLock> exits) => exits.FirstOrDefault(each => each.Path == recipe.PathBeside(ExitsLock.Suffix));

    /// <summary>Compiles an architecture.</summary>
    /// <returns>The model, or null if anything is wrong, and everything that is wrong.</returns>
    public static (ArchitectureModel? Architecture, EquatableArray<Problem> Problems) CompileArchitecture(SourceFile file) =>
        CompileArchitecture(ParsedFile.Parse(file));

    /// <summary>Compiles an architecture from a file that is parsed already.</summary>
    /// <inheritdoc cref="CompileArchitecture(SourceFile)"/>
    public static (ArchitectureModel? Architecture, EquatableArray<Problem> Problems) CompileArchitecture(ParsedFile file) =>
        file.Architecture;

    /// <summary>Compiles a multiple-choice task.</summary>
    /// <returns>The task, or null if anything is wrong, and everything that is wrong.</returns>
    public static (ChoiceTaskModel? Task, EquatableArray<Problem> Problems) CompileTask(SourceFile file) => CompileTask(ParsedFile.Parse(file));

    /// <summary>Compiles a multiple-choice task from a file that is parsed already.</summary>
    /// <inheritdoc cref="CompileTask(SourceFile)"/>
    public static (ChoiceTaskModel? Task, EquatableArray<Problem> Problems) CompileTask(ParsedFile file) => file.Task;

    /// <summary>Whether a problem of a recipe is in another file that is compiled by itself too, where it is reported once however many recipes name it.</summary>
    public static bool IsOfSharedFile(Problem problem) =>
        problem.At.File.EndsWith(ArchitectureSuffix, StringComparison.OrdinalIgnoreCase) || problem.At.File.EndsWith(TaskSuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Reports recipes of one name, letter case aside: their generated files would overwrite each other. The first one, in
    /// the order given, keeps the name.
    /// </summary>
    public static EquatableArray<Problem> CheckDistinctNames(IReadOnlyList<ParsedFile> recipes)
    {
        var report = new Reporter();
        var first = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var recipe in recipes.Where(recipe => recipe.Root is MappingNode))
        {
            var root = (MappingNode)recipe.Root!;
            var written = root.Find(RecipeKeys.Name.Name) as ScalarNode;
            var name = written?.Text ?? SpecNames.OfFile(recipe.Source.Path);
            if (first.TryGetValue(name, out var other))
            {
                report.Add(Rules.DuplicateRecipe, (written ?? (SpecNode)root).Place, $"the recipe {Words.Quote(name)} is already in {other}");
            }
            else
            {
                first.Add(name, recipe.Source.Path);
            }
        }

        return report.Sorted();
    }
}
