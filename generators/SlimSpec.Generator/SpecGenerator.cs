using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using SlimSpec.Generator.Emitting;
using SlimSpec.Generator.Reading;
using SlimSpec.Specs;

namespace SlimSpec.Generator;

/// <summary>
/// Compiles each <c>*.slim.yaml</c> among the additional files and each class with <c>[SlimRecipe]</c>, with the <c>*.arch.yaml</c>, <c>*.task.yaml</c>
/// and <c>config.json</c> files it refers to and the plan and exits beside it (<c>*.plan.json</c>, <c>*.exits.json</c>), into one recipe class, and reports every problem at its line.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class SpecGenerator : IIncrementalGenerator
{
    /// <summary>Names of the pipeline's steps, for the tests that check what an edit re-runs.</summary>
    internal static class Steps
    {
        public const string Recipes = nameof(Recipes);
        public const string Classes = nameof(Classes);
        public const string Plans = nameof(Plans);
        public const string Exits = nameof(Exits);
        public const string Compile = nameof(Compile);
        public const string Model = nameof(Model);
    }

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var rootNamespace = context.AnalyzerConfigOptionsProvider.Select(static (options, _) =>
            options.GlobalOptions.TryGetValue("build_property.RootNamespace", out var name) && name.Length > 0 ? CSharpNames.Namespace(name) : "SlimSpec.Generated");

        var recipes = Files(context, static path => path.EndsWith(SpecCompiler.RecipeSuffix, StringComparison.OrdinalIgnoreCase)).WithTrackingName(Steps.Recipes);
        var architectures = Files(context, static path => path.EndsWith(SpecCompiler.ArchitectureSuffix, StringComparison.OrdinalIgnoreCase)).Collect().Select(AsArray);
        var tasks = Files(context, static path => path.EndsWith(SpecCompiler.TaskSuffix, StringComparison.OrdinalIgnoreCase)).Collect().Select(AsArray);
        var configs = Files(context, static path => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) && !IsPlan(path) && !IsExits(path)).Collect().Select(AsArray);
        var plans = Texts(context, IsPlan).Select(static (file, _) => PlanLock.Parse(file)).WithTrackingName(Steps.Plans).Collect().Select(static (files, _) => new EquatableArray<PlanLock>(files));
        var exits = Texts(context, IsExits).Select(static (file, _) => ExitsLock.Parse(file)).WithTrackingName(Steps.Exits).Collect().Select(static (files, _) => new EquatableArray<ExitsLock>(files));

        var classes = context.SyntaxProvider
            .ForAttributeWithMetadataName(RecipeClassReader.AttributeName, static (node, _) => node is TypeDeclarationSyntax, RecipeClassReader.Read)
            .WithTrackingName(Steps.Classes);

        // From here on both fronts are one.
        var fronts = recipes.Select(static (file, _) => new Front(file, null));
        var classFronts = classes.Select(static (found, _) => new Front(ParsedFile.Read(found.Class), found.Declaration));

        // Checking takes the other files too. A recipe that comes out equal is not emitted again.
        IncrementalValueProvider<ImmutableArray<Compiled>> Compile(IncrementalValuesProvider<Front> read) => read.Combine(architectures.Combine(tasks)).Combine(configs).Combine(plans.Combine(exits))
            .Select(static (input, _) => Compiled.From(input.Left.Left.Left, input.Left.Left.Right.Left, input.Left.Left.Right.Right, input.Left.Right, input.Right.Left, input.Right.Right))
            .WithTrackingName(Steps.Compile)
            .Collect();
        var unique = Compile(fronts).Combine(Compile(classFronts)).SelectMany(static (all, _) => WithUniqueNames(all.Left.AddRange(all.Right)));
        var models = unique.Select(static (result, _) => result with { Problems = default }).WithTrackingName(Steps.Model);

        var architectureProblems = architectures.SelectMany(static (files, _) => files.SelectMany(file => SpecCompiler.CompileArchitecture(file).Problems));

        var taskProblems = tasks.SelectMany(static (files, _) => files.SelectMany(file => SpecCompiler.CompileTask(file).Problems));

        var nameProblems = fronts.Collect().Combine(classFronts.Collect())
            .SelectMany(static (all, _) => SpecCompiler.CheckDistinctNames([.. all.Left.Concat(all.Right).Select(front => front.File)]));

        context.RegisterSourceOutput(nameProblems, static (output, problem) => output.ReportDiagnostic(Diagnostics.Of(problem)));
        context.RegisterSourceOutput(architectureProblems, static (output, problem) => output.ReportDiagnostic(Diagnostics.Of(problem)));
        context.RegisterSourceOutput(taskProblems, static (output, problem) => output.ReportDiagnostic(Diagnostics.Of(problem)));
        context.RegisterSourceOutput(unique.SelectMany(static (result, _) => result.Problems), static (output, problem) => output.ReportDiagnostic(Diagnostics.Of(problem)));
        context.RegisterSourceOutput(models.Combine(rootNamespace), static (output, pair) =>
        {
            if (pair.Left is { Recipe: { } recipe, Declaration: var declaration })
            {
                output.AddSource($"{recipe.Name}.g.cs", SourceText.From(RecipeSource.Write(recipe, declaration ?? ClassDeclaration.OfFile(pair.Right)), Encoding.UTF8));
            }
        });
    }

    private static bool IsPlan(string path) => path.EndsWith(PlanLock.Suffix, StringComparison.OrdinalIgnoreCase);

    private static bool IsExits(string path) => path.EndsWith(ExitsLock.Suffix, StringComparison.OrdinalIgnoreCase);

    // Parsed once, whoever looks at it.
    private static IncrementalValuesProvider<ParsedFile> Files(IncrementalGeneratorInitializationContext context, Func<string, bool> matches) =>
        Texts(context, matches).Select(static (file, _) => ParsedFile.Parse(file));

    private static IncrementalValuesProvider<SourceFile> Texts(IncrementalGeneratorInitializationContext context, Func<string, bool> matches) =>
        context.AdditionalTextsProvider
            .Where(file => matches(file.Path))
            .Select(static (file, cancellation) => new SourceFile(file.Path, file.GetText(cancellation)?.ToString() ?? string.Empty));

    private static EquatableArray<ParsedFile> AsArray(ImmutableArray<ParsedFile> files, System.Threading.CancellationToken cancellation) =>
        new(files.OrderBy(file => file.Source.Path, StringComparer.Ordinal));

    // Two equal hint names, letter case aside, would make AddSource throw, and the project would lose every generated file.
    private static IEnumerable<Compiled> WithUniqueNames(ImmutableArray<Compiled> all)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var result in all)
        {
            yield return result.Recipe is null || seen.Add(result.Recipe.Name) ? result : result with { Recipe = null };
        }
    }

    /// <summary>A recipe as it was read; its declaration, if it has one of its own.</summary>
    private sealed record Front(ParsedFile File, ClassDeclaration? Declaration);

    private sealed record Compiled(RecipeModel? Recipe, ClassDeclaration? Declaration, EquatableArray<Problem> Problems)
    {
        public static Compiled From(Front front, EquatableArray<ParsedFile> architectures, EquatableArray<ParsedFile> tasks, EquatableArray<ParsedFile> configs, EquatableArray<PlanLock> plans, EquatableArray<ExitsLock> exits)
        {
            var (recipe, problems) = SpecCompiler.CompileRecipe(front.File, architectures, configs, plan: SpecCompiler.FindPlan(front.File, plans), exits: SpecCompiler.FindExits(front.File, exits), tasks: tasks);

            // The problems of architectures and tasks are reported once, not with every recipe that uses them.
            return new(recipe, front.Declaration, new(problems.Where(problem => !SpecCompiler.IsOfSharedFile(problem))));
        }
    }
}
