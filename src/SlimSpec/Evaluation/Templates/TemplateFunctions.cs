using System.Globalization;
using System.Text.RegularExpressions;
using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>The filters and methods of templates: what <see cref="TemplateNames"/> lists.</summary>
internal static class TemplateFunctions
{
    // A pattern that backtracks without end is refused, not waited for.
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(2);

    /// <summary><c>target | name(arguments)</c>.</summary>
    /// <exception cref="TemplateException">The filter has no result for these values.</exception>
    public static object? Filter(string name, object? target, IReadOnlyList<object?> arguments, int at) => name switch
    {
        TemplateNames.Map => Items(name, target, at).Select(item => Filter((string)arguments[0]!, item, [.. arguments.Skip(1)], at)).ToArray(),
        TemplateNames.RegexReplace => RegexReplace(Text(name, target, at), Text(name, arguments[0], at), Text(name, arguments[1], at), at),
        "trim" => Strip(name, target, arguments, at),
        "length" => Length(target, at),
        "first" => Items(name, target, at) is [var first, ..] ? first : throw Empty(name, at),
        "last" => Items(name, target, at) is [.., var last] ? last : throw Empty(name, at),
        "join" => string.Join(arguments.Count > 0 ? Text(name, arguments[0], at) : "", Items(name, target, at).Select(TemplateValues.Text)),
        "int" => Whole(target, at),
        "string" => TemplateValues.Text(target),
        "list" => Items(name, target, at),
        _ => OfText(name, target, arguments, at),
    };

    /// <summary><c>target.name(arguments)</c>.</summary>
    /// <exception cref="TemplateException">The method has no result for these values.</exception>
    public static object? Method(string name, object? target, IReadOnlyList<object?> arguments, int at) => name switch
    {
        "index" => Index(target, arguments[0], at),
        "strip" or "lstrip" or "rstrip" => Strip(name, target, arguments, at),
        "split" => Split(Text(name, target, at), arguments, at),
        "startswith" => Text(name, target, at).StartsWith(Text(name, arguments[0], at), StringComparison.Ordinal),
        "endswith" => Text(name, target, at).EndsWith(Text(name, arguments[0], at), StringComparison.Ordinal),
        "join" => string.Join(Text(name, target, at), Items(name, arguments[0], at).Select(item => Text(name, item, at))),
        _ => OfText(name, target, arguments, at),
    };

    // What is a filter and a method.
    private static string OfText(string name, object? target, IReadOnlyList<object?> arguments, int at) => name switch
    {
        "lower" => Text(name, target, at).ToLowerInvariant(),
        "upper" => Text(name, target, at).ToUpperInvariant(),
        "capitalize" => Capitalize(Text(name, target, at)),
        "replace" => Replace(Text(name, target, at), Text(name, arguments[0], at), Text(name, arguments[1], at), at),
        _ => throw new NotSupportedException($"No template function '{name}'."),
    };

    private static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static string Replace(string text, string old, string by, int at) =>
        old.Length > 0 ? text.Replace(old, by, StringComparison.Ordinal) : throw new TemplateException("'replace' takes a text to look for, not an empty one", at);

    private static string Strip(string name, object? target, IReadOnlyList<object?> arguments, int at)
    {
        var text = Text(name, target, at);
        var characters = arguments.Count > 0 && arguments[0] is not null ? Text(name, arguments[0], at).ToCharArray() : null; // null: white space
        return name switch
        {
            "lstrip" => text.TrimStart(characters),
            "rstrip" => text.TrimEnd(characters),
            _ => text.Trim(characters),
        };
    }

    private static object?[] Split(string text, IReadOnlyList<object?> arguments, int at)
    {
        if (arguments.Count == 0)
        {
            return [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        }

        var separator = Text("split", arguments[0], at);
        return separator.Length > 0 ? [.. text.Split(separator)] : throw new TemplateException("'split' takes a separator, not an empty text", at);
    }

    private static object Index(object? target, object? item, int at)
    {
        if (target is string text)
        {
            var place = text.IndexOf(Text("index", item, at), StringComparison.Ordinal);
            return place >= 0 ? (long)TemplateValues.Length(text[..place]) : throw new TemplateException($"{TemplateValues.Describe(item)} is not in {TemplateValues.Describe(target)}", at);
        }

        var items = Items("index", target, at);
        for (var place = 0; place < items.Count; place++)
        {
            if (TemplateValues.AreEqual(items[place], item))
            {
                return (long)place;
            }
        }

        throw new TemplateException($"{TemplateValues.Describe(item)} is not in the list {TemplateValues.Text(target)}", at);
    }

    private static object Length(object? target, int at) => target switch
    {
        string text => (long)TemplateValues.Length(text),
        IReadOnlyList<object?> list => (long)list.Count,
        IReadOnlyDictionary<string, object?> fields => (long)fields.Count,
        _ => throw new TemplateException($"{TemplateValues.Describe(target)} has no length", at),
    };

    private static object Whole(object? target, int at) => target switch
    {
        bool flag => flag ? 1L : 0L,
        long whole => whole,
        double number when Math.Abs(number) < long.MaxValue => (long)number,
        string text when long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        _ => throw new TemplateException($"{TemplateValues.Describe(target)} is no whole number", at),
    };

    private static string RegexReplace(string text, string pattern, string by, int at)
    {
        try
        {
            return Regex.Replace(text, pattern, match => Expand(by, match), RegexOptions.CultureInvariant, PatternTime);
        }
        catch (ArgumentException failure)
        {
            throw new TemplateException($"'{pattern}' is no regular expression ({failure.Message})", at);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateException($"the pattern '{pattern}' takes more than {PatternTime.TotalSeconds:0} seconds", at);
        }
    }

    // \1 is the first group, as in Python; everything else stands for itself.
    private static string Expand(string by, Match match) => !by.Contains('\\', StringComparison.Ordinal)
        ? by
        : string.Concat(by.Split('\\').Select((piece, number) => number == 0 ? piece
            : piece.Length > 0 && char.IsAsciiDigit(piece[0]) ? match.Groups[piece[0] - '0'].Value + piece[1..]
            : "\\" + piece));

    private static IReadOnlyList<object?> Items(string name, object? value, int at) => value switch
    {
        IReadOnlyList<object?> list => list,
        string text => TemplateValues.CodePoints(text),
        _ => throw new TemplateException($"'{name}' takes a list, not {TemplateValues.Describe(value)}", at),
    };

    private static string Text(string name, object? value, int at) => value as string
        ?? throw new TemplateException($"'{name}' takes a text, not {TemplateValues.Describe(value)}", at);

    private static TemplateException Empty(string name, int at) => new($"'{name}' of nothing: the list is empty", at);
}
