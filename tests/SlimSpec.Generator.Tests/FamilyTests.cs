using System.Text;
using Microsoft.CodeAnalysis;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;
using SlimSpec.Testing;

namespace SlimSpec.Generator.Tests;

/// <summary>Every family with a golden: its coupled structures, and its code.</summary>
public class FamilyTests
{
    private static readonly string SpecFolder = Path.Join(Repository.Root, "tests", "SlimSpec.Tests");

    private static readonly IReadOnlyList<string> Names = [.. Directory.GetFiles(Path.Join(SpecFolder, "specs"), "golden-*.slim.yaml")
        .Select(file => Path.GetFileName(file)["golden-".Length..^".slim.yaml".Length]).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Goldens => [.. Names];

    [Theory]
    [MemberData(nameof(Goldens))]
    public Task Coupled_structures(string golden)
    {
        var (recipe, problems) = SpecCompiler.CompileRecipe(SpecOf(golden), [.. Architectures()], [ConfigOf(golden)]);
        problems.ShouldBeEmpty();
        var coupling = new Coupling(recipe!.Architecture);
        var text = new StringBuilder();
        foreach (var structure in coupling.Structures)
        {
            text.Append($"{structure.Unit}: {structure.Dimension}{(structure.Within is { } within ? $" within {within}" : "")}{(structure.IsWholeModel ? ", whole model" : "")}\n");
            foreach (var member in structure.Members)
            {
                var inner = (member.Grouped is { } grouped ? $" [{grouped} of one {structure.Dimension}]" : "") + string.Concat(member.Inner.Select(dimension => $" [{dimension}]"));
                text.Append($"  {member.Of.Section.ToString().ToLowerInvariant(),-9} {SectionWeights.Label(member.Node, member.Of.Stored)} axis {member.Of.Axis}{inner}\n");
            }
        }

        return Snapshot.Verify(text.ToString()).UseDirectory("_snapshots").UseTextForParameters(golden);
    }

    [Fact]
    public void Generated_code_of_every_family_compiles_without_warnings()
    {
        var files = Names.SelectMany(golden => new[] { SpecOf(golden), ConfigOf(golden) }).Concat(Architectures()).Select(file => new Spec(file.Path, file.Text));
        Run.Driver([.. files]).RunGeneratorsAndUpdateCompilation(Run.EmptyCompilation, out var compilation, out var diagnostics);

        diagnostics.ShouldBeEmpty();
        compilation.SyntaxTrees.Count().ShouldBe(Names.Count);
        compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning).ShouldBeEmpty();
    }

    private static IEnumerable<SourceFile> Architectures() => Directory.GetFiles(Path.Join(Repository.Root, "specs", "architectures"), "*.arch.yaml").Select(Read);

    private static SourceFile SpecOf(string golden) => Read(Path.Join(SpecFolder, "specs", $"golden-{golden}.slim.yaml"));

    private static SourceFile ConfigOf(string golden) => Read(Path.Join(SpecFolder, "goldens", golden, "config.json"));

    private static SourceFile Read(string path) => new(path, File.ReadAllText(path));
}
