using System.Reflection;

namespace SlimSpec.CommandLine;

/// <summary>The files of a new project, as <c>dotnet new slimspec</c> makes them too: they are embedded with the place's name for the project in them.</summary>
internal static class ProjectTemplate
{
    private const string Resources = "project/";
    // The place's name as itself, as a namespace, as an identifier and as a file. `dotnet new` needs them apart; a name taken here is all of them.
    private const string Placeholder = "Slim.Project-1";
    private static readonly string[] Placeholders = [Placeholder, "Slim.Project_1", "Slim_Project_1"];
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

    private static string Named(string text, string name) => Placeholders
        .Aggregate(text, (named, placeholder) => named.Replace(placeholder, name, StringComparison.Ordinal))
        .Replace(Placeholder.ToLowerInvariant(), name.ToLowerInvariant(), StringComparison.Ordinal);

    // The package of the engine that this program itself runs on.
    private static string ForThisEngine(string text) => typeof(torch).Assembly.GetName().Name == "TorchSharp"
        ? text.Replace($"Include=\"{EnginePackage}\"", "Include=\"SlimSpec\"", StringComparison.Ordinal)
        : text;
}
