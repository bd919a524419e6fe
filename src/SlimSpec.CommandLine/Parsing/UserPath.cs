namespace SlimSpec.CommandLine;

/// <summary>Paths as users write and read them.</summary>
internal static class UserPath
{
    /// <summary>Relative to the current folder where the file is below it, else in full.</summary>
    public static string Show(string path)
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }

    /// <summary>This folder and those above it, nearest first.</summary>
    public static IEnumerable<string> FoldersFrom(string folder)
    {
        for (var current = new DirectoryInfo(Path.GetFullPath(folder)); current is not null; current = current.Parent)
        {
            yield return current.FullName;
        }
    }

    /// <summary>A path of a spec: relative to its folder or to one above it, nearest first. Null where there is none.</summary>
    public static string? FindUpwards(string folder, string path) =>
        FoldersFrom(folder).Select(above => Path.GetFullPath(Path.Combine(above, path))).FirstOrDefault(Path.Exists);
}
