using System.Collections.Concurrent;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SlimSpec.Specs;

namespace SlimSpec.Generator;

/// <summary>Turns the checker's problems into the compiler's diagnostics.</summary>
internal static class Diagnostics
{
    private static readonly ConcurrentDictionary<string, DiagnosticDescriptor> Descriptors = new();

    public static Diagnostic Of(Problem problem) => Diagnostic.Create(
        Descriptors.GetOrAdd(problem.Id, Descriptor),
        Location.Create(
            problem.At.File,
            new TextSpan(problem.At.Start, problem.At.Length),
            new LinePositionSpan(new(problem.At.Line, problem.At.Column), new(problem.At.EndLine, problem.At.EndColumn))),
        problem.Message);

    // The rules' ids and titles live with the checker, which knows nothing of Roslyn.
#pragma warning disable RS2000, RS2008 // release tracking reads descriptors written out as fields
    private static DiagnosticDescriptor Descriptor(string id) =>
        new(id, Rules.All.First(rule => rule.Id == id).Title, "{0}", "SlimSpec", DiagnosticSeverity.Error, isEnabledByDefault: true);
#pragma warning restore RS2000, RS2008
}
