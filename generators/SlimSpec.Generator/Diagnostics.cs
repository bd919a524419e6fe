using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SlimSpec.Specs;

namespace SlimSpec.Generator;

/// <summary>Turns the checker's problems into the compiler's diagnostics.</summary>
internal static class Diagnostics
{
    public static Diagnostic Of(Problem problem) => Diagnostic.Create(
        Descriptors.Of(problem.Id),
        Location.Create(
            problem.At.File,
            new TextSpan(problem.At.Start, problem.At.Length),
            new LinePositionSpan(new(problem.At.Line, problem.At.Column), new(problem.At.EndLine, problem.At.EndColumn))),
        problem.Message);
}
