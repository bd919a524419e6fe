using System.Text;
using System.Text.RegularExpressions;

namespace SlimSpec.CommandLine;

/// <summary>A page of the documentation as text for a terminal: headings and fences without their marks, code indented.</summary>
internal static partial class MarkdownText
{
    /// <summary>The text; lines end as they are written.</summary>
    public static string Plain(string markdown)
    {
        var text = new StringBuilder();
        var isCode = false;
        foreach (var line in markdown.TrimEnd().Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isCode = !isCode;
            }
            else
            {
                text.Append(isCode ? "    " + line : Prose(line)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Prose(string line) =>
        line.StartsWith('#') ? line.TrimStart('#', ' ') : Link().Replace(line, "${text}").Replace("`", "", StringComparison.Ordinal);

    [GeneratedRegex(@"\[(?<text>[^\]]+)\]\([^)]+\)")]
    private static partial Regex Link();
}
