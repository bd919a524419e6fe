using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using SlimSpec.Testing;

namespace SlimSpec.Generator.Tests;

/// <summary>Runs the generator on specs given as text.</summary>
internal static class Run
{
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static readonly CSharpCompilation EmptyCompilation = CSharpCompilation.Create(
        "Specs", [], References, new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    public static readonly Spec Llama = new("architectures/llama.arch.yaml", File.ReadAllText(Path.Join(AppContext.BaseDirectory, "architectures", "llama.arch.yaml")));

    public static GeneratorDriver Driver(params AdditionalText[] files) => New(files).RunGenerators(EmptyCompilation);

    /// <summary>Runs the generator on C# files too, and compiles them with what it generates.</summary>
    public static (GeneratorDriver Driver, Compilation Compilation) Compile(IEnumerable<AdditionalText> files, params (string Path, string Text)[] sources)
    {
        var driver = New([.. files]).RunGeneratorsAndUpdateCompilation(CompilationOf(sources), out var compilation, out _);
        return (driver, compilation);
    }

    public static CSharpCompilation CompilationOf(params (string Path, string Text)[] sources) =>
        EmptyCompilation.AddSyntaxTrees(sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, path: source.Path)));

    private static CSharpGeneratorDriver New(AdditionalText[] files) => CSharpGeneratorDriver.Create(
        [new SpecGenerator().AsSourceGenerator()],
        files,
        driverOptions: new(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The diagnostics as a build prints them: <c>file(line,column): severity ID: message</c>.</summary>
    public static string[] Messages(this GeneratorDriver driver) =>
        [.. driver.GetRunResult().Diagnostics.Select(diagnostic => diagnostic.ToString())];

    /// <summary>What a run without problems generated.</summary>
    public static IEnumerable<Target> Sources(this GeneratorDriver driver)
    {
        var run = driver.GetRunResult();
        run.Diagnostics.ShouldBeEmpty();
        run.Results.ShouldAllBe(result => result.Exception == null);
        return run.Results.SelectMany(result => result.GeneratedSources)
            .Select(source => Target.Generated(source.HintName, source.SourceText.ToString()));
    }

    /// <summary>Why each output of a step was made, in the order of the files.</summary>
    public static IncrementalStepRunReason[] Reasons(this GeneratorDriver driver, string step) =>
        [.. driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason)];
}

/// <summary>A file held in memory. Compared by reference, as the compiler's own additional texts are.</summary>
internal sealed class Spec(string path, string text) : AdditionalText
{
    private readonly SourceText _text = SourceText.From(text);

    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => _text;
}
