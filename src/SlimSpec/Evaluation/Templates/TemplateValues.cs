using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Values of templates: read from JSON, compared and written as Python does.</summary>
internal static class TemplateValues
{
    /// <summary>A JSON value.</summary>
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? whole : (object)element.GetDouble(),
        JsonValueKind.Array => element.EnumerateArray().Select(Of).ToArray(),
        _ => element.EnumerateObject().ToDictionary(field => field.Name, field => Of(field.Value), StringComparer.Ordinal),
    };

    /// <summary>Whether a condition with this value holds: not for nothing, zero and what is empty.</summary>
    public static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        IReadOnlyList<object?> list => list.Count > 0,
        _ => true,
    };

    /// <summary>Whether two values are equal; a whole number is the same as the other number of that size, and true as 1.</summary>
    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (IReadOnlyList<object?> a, IReadOnlyList<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => AreEqual(pair.First, pair.Second)),
        (IReadOnlyDictionary<string, object?> a, IReadOnlyDictionary<string, object?> b) => a.Count == b.Count && a.All(field => b.TryGetValue(field.Key, out var other) && AreEqual(field.Value, other)),
        _ => Number(left) is { } a && Number(right) is { } b && a.Equals(b),
    };

    /// <summary>A number or a truth value as a number; null: it is neither.</summary>
    public static double? Number(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        _ => null,
    };

    /// <summary>What stands in a text for a value.</summary>
    public static string Text(object? value) => value switch
    {
        string text => text,
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => Text(number),
        IReadOnlyList<object?> list => $"[{string.Join(", ", list.Select(Quoted))}]",
        IReadOnlyDictionary<string, object?> fields => $"{{{string.Join(", ", fields.Select(field => $"{Quoted(field.Key)}: {Quoted(field.Value)}"))}}}",
        _ => throw new NotSupportedException($"No text of {value.GetType()}."),
    };

    /// <summary>A value in a message.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "none",
        bool or long or double => Text(value),
        string { Length: <= 40 } text => $"'{text}'",
        string => "a text",
        IReadOnlyList<object?> => "a list",
        _ => "a mapping",
    };

    /// <summary>The characters of a text as Python counts them.</summary>
    public static string[] CodePoints(string text) => [.. text.EnumerateRunes().Select(rune => rune.ToString())];

    /// <summary>The number of them.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    private static string Text(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e+", StringComparison.Ordinal).Replace("E-", "e-", StringComparison.Ordinal);
        return double.IsInteger(number) && !text.Contains('e', StringComparison.Ordinal) ? text + ".0" : text;
    }

    private static string Quoted(object? value)
    {
        if (value is not string text)
        {
            return Text(value);
        }

        var mark = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var quoted = new StringBuilder(text).Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r").Replace("\t", "\\t");
        return mark + (mark == '\'' ? quoted.Replace("'", "\\'") : quoted).ToString() + mark;
    }
}
