using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>From the name of an architecture, or the path of an <c>.arch.yaml</c>, to its checked model.</summary>
internal static class ArchitectureLoader
{
    /// <summary>The architectures that can be named here: those in <c>architectures</c> and <c>specs/architectures</c> of this folder and those above, and the shipped ones.</summary>
    public static IReadOnlyList<string> Names() => [.. Known().Select(known => known.Name).Order(StringComparer.Ordinal)];

    /// <summary>The architecture, or null where nothing is called that.</summary>
    /// <exception cref="SlimException">It is wrong; the message has one line per problem.</exception>
    public static ArchitectureModel? Find(string name)
    {
        if (!name.EndsWith(SpecCompiler.ArchitectureSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return Known().FirstOrDefault(known => known.Name == name).File is { } file ? Check(file) : null;
        }

        return File.Exists(name)
            ? Check(ParsedFile.Parse(new SourceFile(Path.GetFullPath(name), File.ReadAllText(name))))
            : throw new SlimException($"{name}: there is no such architecture file");
    }

    private static IEnumerable<(string Name, ParsedFile File)> Known() =>
        SpecInputs.Architectures(Environment.CurrentDirectory).Select(ParsedFile.Parse)
            .Select(file => (Name: ((file.Root as MappingNode)?.Find(ArchitectureKeys.Name.Name) as ScalarNode)?.Text, File: file))
            .Where(known => known.Name is not null)
            .Select(known => (known.Name!, known.File));

    private static ArchitectureModel Check(ParsedFile file)
    {
        var (architecture, problems) = SpecCompiler.CompileArchitecture(file);
        return architecture ?? throw RecipeCompiler.Refused(problems);
    }
}
