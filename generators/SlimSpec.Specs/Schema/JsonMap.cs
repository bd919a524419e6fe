using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>
/// A JSON object under construction, its keys in the order in which they were added. Values are texts, numbers, flags, null,
/// objects and lists of these. (The generator's framework has no JSON writer of its own.)
/// </summary>
internal sealed class JsonMap : IEnumerable<KeyValuePair<string, object?>>
{
    private readonly List<KeyValuePair<string, object?>> _entries = [];

    /// <summary>Adds an entry.</summary>
    public void Add(string key, object? value) => _entries.Add(new(key, value));

    /// <summary>Adds the entries of another object.</summary>
    public JsonMap With(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        _entries.AddRange(entries);
        return this;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The document: indented by two, lists of scalars on one line, and a line end at its end.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, this, "\n");
        return text.Append('\n').ToString();
    }

    private static void Write(StringBuilder text, object? value, string newLine)
    {
        switch (value)
        {
            case JsonMap map:
                WriteAll(text, "{", map._entries, "}", newLine, entry =>
                {
                    text.Append(Quote(entry.Key)).Append(": ");
                    Write(text, entry.Value, newLine + "  ");
                });
                break;
            case IEnumerable<object?> list when list.OfType<JsonMap>().Any():
                WriteAll(text, "[", [.. list], "]", newLine, item => Write(text, item, newLine + "  "));
                break;
            case IEnumerable<object?> list:
                text.Append('[').Append(string.Join(", ", list.Select(Scalar))).Append(']');
                break;
            default:
                text.Append(Scalar(value));
                break;
        }
    }

    private static void WriteAll<T>(StringBuilder text, string open, IReadOnlyList<T> items, string close, string newLine, Action<T> write)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(newLine).Append("  ");
            write(items[i]);
        }

        text.Append(items.Count == 0 ? "" : newLine).Append(close);
    }

    private static string Scalar(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        string text => Quote(text),
        _ => throw new ArgumentException($"{value.GetType()} is no value of JSON", nameof(value)),
    };

    private static string Quote(string text) =>
        "\"" + string.Concat(text.Select(character => character switch
        {
            '"' => "\\\"",
            '\\' => @"\\",
            < ' ' => "\\u" + ((int)character).ToString("x4", CultureInfo.InvariantCulture),
            _ => character.ToString(),
        })) + "\"";
}
