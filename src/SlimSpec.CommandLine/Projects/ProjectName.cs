using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>Which names a new project may have: it is the name of folders, of an assembly and of a namespace.</summary>
internal static partial class ProjectName
{
    private const int Longest = 100;

    // Assemblies and namespaces beside the project's own; and what the project's files declare.
    private static readonly string[] Taken = ["SlimSpec", "TorchSharp", "System", "Microsoft", "YamlDotNet", "Xunit", "Program", "RecipeTests"];

    /// <summary>Refuses a name that a project cannot have.</summary>
    /// <exception cref="SlimException">It is no name, or one with a meaning in the project's code.</exception>
    public static void Check(string name)
    {
        if (!Valid().IsMatch(name) || name.Length > Longest)
        {
            var rest = Invalid().Replace(name, "");
            throw new SlimException($"{Words.Quote(name)} cannot name a project: up to {Longest} letters, digits and _, the first a letter"
                + (rest.Length is > 0 and <= Longest ? $"; did you mean '{rest}'?" : ""));
        }

        if (Taken.Contains(name, StringComparer.OrdinalIgnoreCase) || SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || IsType(name))
        {
            throw new SlimException($"'{name}' cannot name a project: it has a meaning in C# or in SlimSpec; '{name}Slim' would do");
        }
    }

    // A namespace hides types of its name, those that generated code uses among them.
    private static bool IsType(string name)
    {
        Assembly[] used = [typeof(object).Assembly, typeof(Enumerable).Assembly, typeof(torch).Assembly, typeof(Recipe).Assembly];
        return used.SelectMany(assembly => assembly.GetExportedTypes()).Any(type => type.Name == name || type.Name.StartsWith(name + "`", StringComparison.Ordinal));
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*\\z")]
    private static partial Regex Valid();

    [GeneratedRegex("^[^A-Za-z]+|[^A-Za-z0-9_]")]
    private static partial Regex Invalid();
}
