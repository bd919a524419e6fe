namespace SlimSpec.Specs.Tests;

/// <summary>
/// The schemas are what the tables of the language give, accept what the checker accepts and reject what a schema can reject.
/// After a change of the language: <c>dotnet test -e ACCEPT_DOCS=1</c> writes schemas and lists anew.
/// </summary>
public class SchemaTests
{
    private const string RecipeSchema = "schemas/slim.schema.json";
    private const string ArchitectureSchema = "schemas/arch.schema.json";
    private const string TaskSchema = "schemas/task.schema.json";
    private const string CheckerOnly = "tests/SlimSpec.Specs.Tests/Schema/checker-only.txt";

    private static readonly string[] Shipped =
    [
        .. Repository.Files("specs", "*.slim.yaml"), .. Repository.Files("specs/why-lift-so-heavy", "*.slim.yaml"), .. Repository.Files("docs", "*.slim.yaml"), .. Repository.Files("benchmarks/specs", "*.slim.yaml"),
        .. Repository.Files("specs/architectures", "*.arch.yaml"), .. Repository.Files("specs/tasks", "*.task.yaml"),
    ];

    public static TheoryData<string> ShippedFiles() => [.. Shipped];

    [Fact]
    public void TheSchemasAreWhatTheTablesGive()
    {
        Compare(RecipeSchema, SpecSchema.OfRecipes());
        Compare(ArchitectureSchema, SpecSchema.OfArchitectures());
        Compare(TaskSchema, SpecSchema.OfTasks());
    }

    [Theory]
    [MemberData(nameof(ShippedFiles))]
    public void AShippedFileNamesItsSchemaInItsFirstLine(string path)
    {
        var schema = Path.GetRelativePath(Path.GetDirectoryName(path)!, SchemaOf(path)).Replace('\\', '/');

        Repository.Read(path).Text.Split('\n')[0].ShouldBe($"# yaml-language-server: $schema={schema}");
    }

    [SchemaFact]
    public void ShippedFilesAreValid()
    {
        var files = Shipped.Select(path => ParsedFile.Parse(Repository.Read(path))).ToList();

        foreach (var group in files.GroupBy(file => SchemaOf(file.Source.Path)))
        {
            var errors = Validator.Validate(Text(group.Key), group);

            group.Zip(errors, (file, error) => $"{file.Source.Path}: {error ?? "valid"}").ShouldAllBe(line => line.EndsWith(": valid", StringComparison.Ordinal));
        }
    }

    [SchemaFact]
    public void WhatTheCheckerAcceptsIsValid()
    {
        var accepted = RecordedSamples.Record().Where(sample => sample.Problems.Count == 0).ToList();
        accepted.Count.ShouldBeGreaterThan(20);

        Validate(accepted).Where(result => result.Error is not null).Select(result => $"{result.Error}\n{result.Sample.File.Text}").ShouldBeEmpty();
    }

    [SchemaFact]
    public void WhatASchemaCanRejectIsRejected()
    {
        // What is not YAML, or not a tree, no schema sees; what is wrong with another file, this one's schema does not know.
        var rejected = RecordedSamples.Record().Where(sample => sample.Problems.Count > 0 && ParsedFile.Parse(sample.File).Problems.Count == 0).ToList();
        rejected.Count.ShouldBeGreaterThan(200);

        var results = Validate(rejected).ToList();
        var passed = results.Where(result => result.Error is null).SelectMany(result => result.Sample.Problems)
            .Select(problem => $"{problem.Id}: {problem.Message}").Distinct().Order(StringComparer.Ordinal);

        results.Count(result => result.Error is not null).ShouldBeGreaterThan(100);
        Compare(CheckerOnly, string.Concat(passed.Select(message => message + "\n")));
    }

    private static string SchemaOf(string path) =>
        path.EndsWith(SpecCompiler.ArchitectureSuffix, StringComparison.Ordinal) ? ArchitectureSchema
        : path.EndsWith(SpecCompiler.TaskSuffix, StringComparison.Ordinal) ? TaskSchema
        : RecipeSchema;

    private static string Text(string schema) => schema switch
    {
        ArchitectureSchema => SpecSchema.OfArchitectures(),
        TaskSchema => SpecSchema.OfTasks(),
        _ => SpecSchema.OfRecipes(),
    };

    private static IEnumerable<(Sample Sample, string? Error)> Validate(IReadOnlyList<Sample> samples) => samples
        .GroupBy(sample => SchemaOf(sample.File.Path))
        .SelectMany(group => group.Zip(Validator.Validate(Text(group.Key), group.Select(sample => ParsedFile.Parse(sample.File)))));

    private static void Compare(string path, string expected)
    {
        var full = Path.Combine(Repository.Root, path);
        if (Environment.GetEnvironmentVariable("ACCEPT_DOCS") == "1")
        {
            File.WriteAllText(full, expected);
        }

        (File.Exists(full) ? File.ReadAllText(full) : "").ShouldBe(expected, $"{path} is out of date: dotnet test -e ACCEPT_DOCS=1");
    }
}
