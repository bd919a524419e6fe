using System.Reflection;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>Finds what a spec needs beside itself: architectures and the model's config.json, and the plan and the exits that are committed with it.</summary>
internal static class SpecInputs
{
    /// <summary>
    /// The architectures that a spec sees: those beside it, in <c>architectures</c> or <c>specs/architectures</c> there or
    /// in a folder above (nearest first), and the shipped ones. A nearer file hides a farther one of the same name.
    /// </summary>
    public static IReadOnlyList<SourceFile> Architectures(string specFolder)
    {
        var found = new SortedDictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var file in UserPath.FoldersFrom(specFolder).SelectMany(ArchitectureFiles))
        {
            found.TryAdd(Path.GetFileName(file), new SourceFile(file, File.ReadAllText(file)));
        }

        foreach (var shipped in Shipped())
        {
            found.TryAdd(Path.GetFileName(shipped.Path), shipped);
        }

        return [.. found.Values];
    }

    /// <summary>The config.json that a spec names, where there is one.</summary>
    public static SourceFile? Config(SpecSource spec) =>
        spec.Config is { Length: > 0 } config && UserPath.FindUpwards(spec.Folder, config) is { } path && File.Exists(path)
            ? new SourceFile(path, File.ReadAllText(path))
            : null;

    /// <summary>The plan and the exits beside a spec, under its name, as far as they are there.</summary>
    public static IReadOnlyList<SourceFile> Locks(SpecSource spec) =>
        [.. new[] { PlanLock.Suffix, ExitsLock.Suffix }.Select(spec.Parsed.PathBeside).Where(File.Exists).Select(path => new SourceFile(path, File.ReadAllText(path)))];

    private static IEnumerable<string> ArchitectureFiles(string folder) =>
        new[] { folder, Path.Combine(folder, "architectures"), Path.Combine(folder, "specs", "architectures") }
            .Where(Directory.Exists)
            .SelectMany(Files);

    // A folder above that may not be listed (another user's home) is passed over.
    private static string[] Files(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*" + SpecCompiler.ArchitectureSuffix);
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<SourceFile> Shipped()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("architectures/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new SourceFile(Path.Combine(AppContext.BaseDirectory, name), reader.ReadToEnd());
        }
    }
}
