namespace SlimSpec.Specs.Tests;

/// <summary>Every shipped recipe, one that is a sweep, one of the guides' that has exits, and every golden's, with the architecture and configuration it reads: files that are right.</summary>
internal static class Corpus
{
    public static IReadOnlyList<ParsedFile> Architectures { get; } = [.. Files("specs/architectures", "*.arch.yaml").Select(Read)];

    public static IReadOnlyList<CorpusCase> Cases { get; } =
        [.. Files("specs", "*.slim.yaml").Concat(Files("specs/why-lift-so-heavy", "why-lift-small.slim.yaml")).Concat(Files("docs", "tales-early.slim.yaml")).Concat(Files("tests/SlimSpec.Tests/specs", "golden-*.slim.yaml")).Select(Read).Select(recipe => new CorpusCase(recipe, ArchitectureOf(recipe), ConfigOf(recipe)))];

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Repository.Root, folder), pattern).Order(StringComparer.Ordinal);

    // Under its path in the repository, whatever folder that lies in.
    private static ParsedFile Read(string path) => ParsedFile.Parse(new(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllText(path)));

    private static int ArchitectureOf(ParsedFile recipe)
    {
        var name = Value(recipe, "architecture: ");
        return Architectures.Select((file, index) => (file, index)).First(pair => pair.file.Source.Path.EndsWith($"/{name}.arch.yaml", StringComparison.Ordinal)).index;
    }

    private static ParsedFile? ConfigOf(ParsedFile recipe) => Value(recipe, "config: ") is not { } path ? null
        : Read(Path.Combine(Repository.Root, recipe.Source.Path.StartsWith("tests/", StringComparison.Ordinal) ? Path.Combine("tests/SlimSpec.Tests/specs", path) : path));

    private static string? Value(ParsedFile file, string key)
    {
        var at = file.Source.Text.IndexOf(key, StringComparison.Ordinal);
        return at < 0 ? null : file.Source.Text[(at + key.Length)..].Split('\n', ' ', ',')[0];
    }
}

/// <summary>A recipe and what it reads.</summary>
/// <param name="Recipe">The recipe.</param>
/// <param name="Architecture">Its architecture's number among <see cref="Corpus.Architectures"/>.</param>
/// <param name="Config">Its config.json, if it reads one.</param>
internal sealed record CorpusCase(ParsedFile Recipe, int Architecture, ParsedFile? Config)
{
    /// <summary>The file that a mutant is made of: the recipe, its architecture or its configuration.</summary>
    public SourceFile File(int which) => (which switch { 0 => Recipe, 1 => Corpus.Architectures[Architecture], _ => Config ?? Recipe }).Source;

    /// <summary>Compiles the recipe with one of its files replaced.</summary>
    public (RecipeModel? Recipe, EquatableArray<Problem> Problems) CompileWith(int which, string text)
    {
        var changed = ParsedFile.Parse(new(File(which).Path, text));
        return SpecCompiler.CompileRecipe(
            which == 0 || (which == 2 && Config is null) ? changed : Recipe,
            which == 1 ? [.. Corpus.Architectures.Select((file, index) => index == Architecture ? changed : file)] : Corpus.Architectures,
            Config is null ? [] : [which == 2 ? changed : Config]);
    }
}
