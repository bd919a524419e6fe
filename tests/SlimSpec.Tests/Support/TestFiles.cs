using System.Text.Json;

namespace SlimSpec.Tests;

/// <summary>Where tests find their files.</summary>
internal static class TestFiles
{
    /// <summary>The repository's root: the folder with SlimSpec.sln above the test's own.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A file of the goldens that are copied into this project, for example <c>llama-mha/golden.json</c>.</summary>
    public static string Golden(string name) => Path.Combine(AppContext.BaseDirectory, "goldens", name);

    /// <summary>A file or folder of the data beside the repository, which is not part of it.</summary>
    public static string Shared(string name) => Path.Combine(Path.GetDirectoryName(Root)!, "shared", name);

    /// <summary>A golden JSON document.</summary>
    public static JsonElement GoldenJson(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Golden(name)));
        return document.RootElement.Clone();
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "SlimSpec.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no SlimSpec.sln above the tests.");
        }

        return folder;
    }
}

/// <summary>A test on data beside the repository; skipped by name where it is absent.</summary>
internal sealed class SharedFactAttribute : FactAttribute
{
    public SharedFactAttribute(string needs)
    {
        if (!Path.Exists(TestFiles.Shared(needs)))
        {
            Skip = $"needs ../shared/{needs}";
        }
    }
}

/// <summary>A test with cases on data beside the repository; skipped by name where it is absent.</summary>
internal sealed class SharedTheoryAttribute : TheoryAttribute
{
    public SharedTheoryAttribute(string needs)
    {
        if (!Path.Exists(TestFiles.Shared(needs)))
        {
            Skip = $"needs ../shared/{needs}";
        }
    }
}
