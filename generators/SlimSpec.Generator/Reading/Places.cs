using Microsoft.CodeAnalysis;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Reading;

/// <summary>From the compiler's places to the language's.</summary>
internal static class Places
{
    /// <summary>The place of a location in a file.</summary>
    public static Place Of(Location location)
    {
        var (span, lines) = (location.SourceSpan, location.GetLineSpan());
        return new(lines.Path, span.Start, span.Length, lines.StartLinePosition.Line, lines.StartLinePosition.Character, lines.EndLinePosition.Line, lines.EndLinePosition.Character);
    }
}
