using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SlimSpec.Generator;
using SlimSpec.Generator.Emitting;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>
/// Compiles a spec in this process, by the checker and the emitters that builds use: what <c>dotnet build</c> would refuse is refused
/// here at the same place in the same words. The compiled recipe is kept by content, so that the next start loads it.
/// </summary>
internal static class RecipeCompiler
{
    /// <summary>The recipe of a spec.</summary>
    /// <exception cref="SlimException">The spec is wrong; the message has one line per problem.</exception>
    public static Recipe Compile(SpecSource spec)
    {
        var (architectures, tasks) = (SpecInputs.Architectures(spec.Folder), SpecInputs.Tasks(spec.Folder));
        SourceFile[] configs = SpecInputs.Config(spec) is { } config ? [config] : [];
        var locks = SpecInputs.Locks(spec);
        var cached = RecipeCache.PathOf(spec, architectures.Concat(tasks).Concat(configs).Concat(locks));
        return RecipeCache.Load(cached) ?? Register(RecipeCache.Store(cached, Emit(Check(spec, architectures, tasks, configs, locks))));
    }

    /// <summary>Runs an assembly's module initializer, which registers its recipe.</summary>
    public static Recipe Register(Assembly assembly)
    {
        RuntimeHelpers.RunModuleConstructor(assembly.ManifestModule.ModuleHandle);
        return RecipeRegistry.All.Single(recipe => recipe.GetType().Assembly == assembly);
    }

    /// <summary>The model of a spec: checked, not compiled.</summary>
    /// <exception cref="SlimException">The spec is wrong; the message has one line per problem.</exception>
    public static RecipeModel Check(SpecSource spec) =>
        Check(spec, SpecInputs.Architectures(spec.Folder), SpecInputs.Tasks(spec.Folder), SpecInputs.Config(spec) is { } config ? [config] : [], SpecInputs.Locks(spec));

    /// <summary>Checks a spec with each of several sets of changes.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="changes">The sets, each of <c>key=value</c>.</param>
    /// <returns>The hash of each recipe that they make.</returns>
    /// <exception cref="SlimException">The spec is wrong with one of them; the message has one line per problem.</exception>
    public static IReadOnlyList<string> CheckEach(SpecSource spec, IEnumerable<IReadOnlyList<string>> changes)
    {
        var parsed = spec.Parsed;
        var architectures = SpecInputs.Architectures(spec.Folder).Select(ParsedFile.Parse).ToList();
        var tasks = SpecInputs.Tasks(spec.Folder).Select(ParsedFile.Parse).ToList();
        ParsedFile[] configs = SpecInputs.Config(spec) is { } config ? [ParsedFile.Parse(config)] : [];
        return [.. changes.Select(change =>
        {
            var (recipe, problems) = SpecCompiler.CompileRecipe(parsed, architectures, configs, spec.With(change).Overrides, tasks: tasks);
            return recipe?.Hash ?? throw Refused(problems);
        })];
    }

    /// <summary>What is said where a file is wrong, one line per problem.</summary>
    public static SlimException Refused(IEnumerable<Problem> problems) => new(string.Join('\n', problems.Select(AsBuildsPrintIt)));

    private static RecipeModel Check(SpecSource spec, IReadOnlyList<SourceFile> architectures, IReadOnlyList<SourceFile> tasks, IReadOnlyList<SourceFile> configs, IReadOnlyList<SourceFile> locks)
    {
        var (recipe, problems) = SpecCompiler.CompileRecipe(
            spec.Parsed,
            [.. architectures.Select(ParsedFile.Parse)],
            [.. configs.Select(ParsedFile.Parse)],
            spec.Overrides,
            locks.Where(file => file.Path.EndsWith(PlanLock.Suffix, StringComparison.Ordinal)).Select(PlanLock.Parse).FirstOrDefault(),
            locks.Where(file => file.Path.EndsWith(ExitsLock.Suffix, StringComparison.Ordinal)).Select(ExitsLock.Parse).FirstOrDefault(),
            [.. tasks.Select(ParsedFile.Parse)]);
        return recipe ?? throw Refused(problems);
    }

    private static string AsBuildsPrintIt(Problem problem) =>
        problem.At.File.StartsWith("--set ", StringComparison.Ordinal)
            ? $"{problem.At.File}: error {problem.Id}: {problem.Message}"
            : (problem with { At = problem.At with { File = UserPath.Show(problem.At.File) } }).ToString();

    private static byte[] Emit(RecipeModel recipe)
    {
        var parsing = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable);
        var source = CSharpSyntaxTree.ParseText(RecipeSource.Write(recipe, ClassDeclaration.OfFile("SlimSpec.Compiled")), parsing);
        var compilation = CSharpCompilation.Create($"SlimSpec.Compiled.{Guid.NewGuid():N}", [source], References(), options);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        return result.Success
            ? image.ToArray()
            : throw new InvalidOperationException(
                $"the code generated from {recipe.FileName} does not compile, which is a fault of the generator:\n"
                + string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(5)));
    }

    // What generated code may use: the framework, the engine and the library.
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Append(typeof(torch).Assembly.Location)
            .Append(typeof(Recipe).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
}
