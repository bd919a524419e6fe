using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>A piece of a template.</summary>
/// <param name="Source">A text as it is, or how the expression is written.</param>
/// <param name="Expression">The expression; null: it is a text.</param>
internal readonly record struct TemplatePart(string Source, TemplateExpression? Expression);

/// <summary>
/// A text with expressions in <c>{{ }}</c>: a subset of Jinja2 without statements. What it says of a row is text, or, where it
/// is one expression and nothing else, that expression's value.
/// </summary>
internal sealed class Template
{
    private const string Open = "{{";
    private const string Close = "}}";

    private Template(IReadOnlyList<TemplatePart> parts) => Parts = parts;

    /// <summary>The pieces in order.</summary>
    public IReadOnlyList<TemplatePart> Parts { get; }

    /// <summary>Reads a template; a name alone is the field of that name, as lm-evaluation-harness has it.</summary>
    /// <exception cref="TemplateException">It cannot be read.</exception>
    public static Template ParseField(string source) =>
        source.Length > 0 && !TemplateLexer.IsDigit(source[0]) && source.All(character => TemplateLexer.IsLetter(character) || TemplateLexer.IsDigit(character))
            ? new([new(source, new TemplateField(0, source))])
            : Parse(source);

    /// <summary>Reads a template.</summary>
    /// <exception cref="TemplateException">It cannot be read.</exception>
    public static Template Parse(string source)
    {
        var parts = new List<TemplatePart>();
        var (at, trim) = (0, false);
        while (at < source.Length)
        {
            var (open, sign) = NextOpen(source, at);
            var text = source.Substring(at, open - at);
            text = trim ? text.TrimStart() : text;
            trim = false;
            var dashed = open + 2 < source.Length && source[open + 2] == '-'; // takes the white space before it
            text = dashed ? text.TrimEnd() : text;
            if (text.Length > 0)
            {
                parts.Add(new(text, null));
            }

            if (open == source.Length)
            {
                break;
            }

            var start = open + (dashed ? 3 : 2);
            if (sign == '#')
            {
                var end = source.IndexOf("#}", start, System.StringComparison.Ordinal);
                at = end >= 0 ? end + 2 : throw new TemplateException("the comment does not end: '#}' is missing", open);
                trim = source[end - 1] == '-';
                continue;
            }

            var (expression, close) = new TemplateParser(source, start).Read();
            parts.Add(new(source.Substring(start, close - start).Trim(), expression));
            trim = source[close] == '-';
            at = close + (trim ? 1 : 0) + Close.Length;
        }

        return new(parts);
    }

    /// <summary>The template whose value is the list of what several templates say.</summary>
    /// <param name="sources">The templates, which can be read.</param>
    public static string ListOf(IEnumerable<string> sources) => $"{Open}[{string.Join(", ", sources.Select(Joined))}]{Close}";

    // A template as one expression: its texts as constants, its expressions in brackets.
    private static string Joined(string source)
    {
        var terms = Parse(source).Parts.Select(part => part.Expression is null ? Quoted(part.Source) : $"({part.Source})").ToList();
        return terms.Count == 0 ? "''" : string.Join(" ~ ", terms);
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                '\\' or '\'' => quoted.Append('\\').Append(character),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('\'').ToString();
    }

    // The next '{{' or '{#', or the end.
    private static (int At, char Sign) NextOpen(string source, int at)
    {
        for (; at + 1 < source.Length; at++)
        {
            if (source[at] != '{')
            {
                continue;
            }

            switch (source[at + 1])
            {
                case '%':
                    throw new TemplateException("statements ({% ... %}) are not part of the language; write an expression in {{ ... }}, such as {{ a if b else c }}", at);
                case '{' or '#':
                    return (at, source[at + 1]);
            }
        }

        return (source.Length, '\0');
    }
}
