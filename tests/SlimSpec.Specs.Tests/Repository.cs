namespace SlimSpec.Specs.Tests;

/// <summary>Files of the repository that the tests run in.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A file by its path from the root, as the checker gets it.</summary>
    public static SourceFile Read(string path) => new(path, File.ReadAllText(Path.Combine(Root, path)));

    /// <summary>Paths from the root of the files of a folder.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Root, folder), pattern).Select(path => $"{folder}/{Path.GetFileName(path)}").Order(StringComparer.Ordinal);

    /// <summary>The shipped multiple-choice tasks.</summary>
    public static IReadOnlyList<SourceFile> Tasks() => [.. Files("specs/tasks", $"*{SpecCompiler.TaskSuffix}").Select(Read)];

    /// <summary>The shipped architectures.</summary>
    public static IReadOnlyList<SourceFile> Architectures() => [.. Files("specs/architectures", $"*{SpecCompiler.ArchitectureSuffix}").Select(Read)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SlimSpec.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("no folder above the tests holds SlimSpec.sln");
    }
}
