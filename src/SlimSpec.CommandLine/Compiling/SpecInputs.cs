using System.Reflection;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>Finds what a spec needs beside itself: architectures, multiple-choice tasks and the model's config.json, and the plan and the exits that are committed with it.</summary>
internal static class SpecInputs
{
    /// <summary>
    /// The architectures that a spec sees: those beside it, in <c>architectures</c> or <c>specs/architectures</c> there or
    /// in a folder above (nearest first), and the shipped ones. A nearer file hides a farther one of the same name.
    /// </summary>
    public static IReadOnlyList<SourceFile> Architectures(string specFolder) => Shared(specFolder, "architectures", SpecCompiler.ArchitectureSuffix);

    /// <summary>The multiple-choice tasks that a spec sees: likewise, in <c>tasks</c> or <c>specs/tasks</c>.</summary>
    public static IReadOnlyList<SourceFile> Tasks(string specFolder) => Shared(specFolder, "tasks", SpecCompiler.TaskSuffix);

    private static IReadOnlyList<SourceFile> Shared(string specFolder, string name, string suffix)
    {
        var found = new SortedDictionary<string, SourceFile>(StringComparer.Ordinal);
        foreach (var file in UserPath.FoldersFrom(specFolder).SelectMany(folder => Files(folder, name, suffix)))
        {
            found.TryAdd(Path.GetFileName(file), new SourceFile(file, File.ReadAllText(file)));
        }

        foreach (var shipped in Shipped(name))
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

    private static IEnumerable<string> Files(string folder, string name, string suffix) =>
        new[] { folder, Path.Combine(folder, name), Path.Combine(folder, "specs", name) }
            .Where(Directory.Exists)
            .SelectMany(each => Files(each, suffix));

    // A folder above that may not be listed (another user's home) is passed over.
    private static string[] Files(string folder, string suffix)
    {
        try
        {
            return Directory.GetFiles(folder, "*" + suffix);
        }
        catch (UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<SourceFile> Shipped(string folder)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return new SourceFile(Path.Combine(AppContext.BaseDirectory, name), reader.ReadToEnd());
        }
    }
}
