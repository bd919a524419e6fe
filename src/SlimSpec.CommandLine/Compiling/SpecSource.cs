using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>A spec to compile: a file or the attributes of a class, and the changes that the command line makes in it.</summary>
/// <param name="File">Full path and text; of a class the path of its C# file, and for text what tells its builds apart.</param>
/// <param name="Overrides">Keys such as <c>prune[0].sparsity</c> with their values, in order.</param>
/// <param name="Class">The class, or null for a file.</param>
internal sealed record SpecSource(SourceFile File, IReadOnlyList<KeyValuePair<string, string>> Overrides, RecipeClass? Class = null)
{
    private const string ConfigKey = "model.config";

    /// <summary>The folder that the spec's paths are relative to.</summary>
    public string Folder => Path.GetDirectoryName(File.Path)!;

    /// <summary>Its tree.</summary>
    public ParsedFile Parsed => Class is null ? ParsedFile.Parse(File) : ParsedFile.Read(Class);

    /// <summary>The path of the config.json that gives the dimensions, as written; null where the spec writes them itself.</summary>
    public string? Config =>
        Overrides.LastOrDefault(change => change.Key == ConfigKey).Value
        ?? (((Parsed.Root as MappingNode)?.Find(RecipeKeys.Model.Name) as MappingNode)?.Find(ModelKeys.Config.Name) as ScalarNode)?.Text;

    /// <summary>Reads a spec.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="settings">Values of <c>--set</c>: <c>key=value</c>.</param>
    /// <exception cref="SlimException">A setting has no <c>=</c>.</exception>
    public static SpecSource Read(string path, IEnumerable<string> settings) =>
        new(new SourceFile(path, System.IO.File.ReadAllText(path)), [.. settings.Select(Split)]);

    /// <summary>Reads the spec that a recipe's class is.</summary>
    /// <inheritdoc cref="Read(string, IEnumerable{string})"/>
    public static SpecSource Read(Recipe recipe, string path, IEnumerable<string> settings)
    {
        var build = $"{recipe.GetType().FullName} {recipe.GetType().Module.ModuleVersionId}";
        return new(new SourceFile(path, build), [.. settings.Select(Split)], CompiledClass.Read(recipe.GetType(), path));
    }

    /// <summary>The spec with further changes, <c>key=value</c> each.</summary>
    public SpecSource With(IEnumerable<string> settings) => this with { Overrides = [.. Overrides, .. settings.Select(Split)] };

    /// <summary>The spec with its dimensions from another config.json.</summary>
    public SpecSource WithConfig(string path) => this with { Overrides = [.. Overrides, new(ConfigKey, path)] };

    private static KeyValuePair<string, string> Split(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(setting[..equals].Trim(), setting[(equals + 1)..])
            : throw new SlimException($"--set {setting}: expected key=value, for example prune[0].sparsity=0.3");
    }
}
