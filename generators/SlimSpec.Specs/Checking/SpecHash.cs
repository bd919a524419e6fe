using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>
/// SHA-256 over a model's values: every property of every record, by name, so that none is forgotten when one is added.
/// </summary>
internal static class SpecHash
{
    /// <summary>The hash of a recipe, 64 hexadecimal digits; its file's name does not count.</summary>
    public static string Of(RecipeModel recipe)
    {
        var text = new StringBuilder();
        Write(recipe with { Hash = "", FileName = "" }, text);
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text.ToString())).Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
    }

    private static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("null;");
                break;
            case string word:
                text.Append(word.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(word).Append(';');
                break;
            case double number:
                // The shortest text of a number depends on the runtime; its bits do not.
                text.Append(BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture)).Append(';');
                break;
            case int or bool:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)).Append(';');
                break;
            case IEnumerable items:
                WriteItems(items, text);
                break;
            default:
                WriteProperties(value, text);
                break;
        }
    }

    private static void WriteItems(IEnumerable items, StringBuilder text)
    {
        text.Append('[');
        foreach (var item in items)
        {
            Write(item, text);
        }

        text.Append(']');
    }

    private static void WriteProperties(object value, StringBuilder text)
    {
        text.Append('{');
        foreach (var property in value.GetType().GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            text.Append(property.Name).Append('=');
            Write(property.GetValue(value), text);
        }

        text.Append('}');
    }
}
