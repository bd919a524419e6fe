using System.Reflection;

namespace SlimSpec.CommandLine;

/// <summary>The files of a new project, as <c>dotnet new slimspec</c> makes them too: they are embedded with the place's name for the project in them.</summary>
internal static class ProjectTemplate
{
    private const string Resources = "project/";
    private const string PlaceholderName = "SlimProject";
    private const string EnginePackage = "SlimSpec.System";

    /// <summary>The files of a project: path relative to its folder, and text.</summary>
    /// <param name="name">Name of the project.</param>
    public static IEnumerable<(string Path, string Text)> Files(string name)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(Resources, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (Named(resource[Resources.Length..], name), ForThisEngine(Named(reader.ReadToEnd(), name)));
        }
    }

    private static string Named(string text, string name) => text
        .Replace(PlaceholderName, name, StringComparison.Ordinal)
        .Replace(PlaceholderName.ToLowerInvariant(), name.ToLowerInvariant(), StringComparison.Ordinal);

    // The package of the engine that this program itself runs on.
    private static string ForThisEngine(string text) => typeof(torch).Assembly.GetName().Name == "TorchSharp"
        ? text.Replace($"Include=\"{EnginePackage}\"", "Include=\"SlimSpec\"", StringComparison.Ordinal)
        : text;
}
