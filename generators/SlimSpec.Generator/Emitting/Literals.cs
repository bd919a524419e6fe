using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis.CSharp;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>C# literals.</summary>
internal static class Literals
{
    /// <summary>A double that reads back to the same bits, and reads as a double.</summary>
    public static string Double(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.IndexOf('.') >= 0 || text.IndexOf('E') >= 0 ? text : text + ".0";
    }

    /// <summary>A double, or <c>null</c>.</summary>
    public static string DoubleOrNull(double? value) => value is { } number ? Double(number) : "null";

    /// <summary>A long integer, or <c>null</c>.</summary>
    public static string LongOrNull(long? value) => value is { } number ? $"{number.ToString(CultureInfo.InvariantCulture)}L" : "null";

    /// <summary>A number as a double, a flag, a word or <c>null</c>.</summary>
    public static string Constant(ConstantValue value) => value switch
    {
        { Flag: { } flag } => Flag(flag),
        { Text: { } text } => String(text),
        { Number: { } number } => Double(number),
        _ => "null",
    };

    /// <summary><c>true</c> or <c>false</c>.</summary>
    public static string Flag(bool value) => value ? "true" : "false";

    /// <summary>A reference to a dataset.</summary>
    public static string Dataset(DatasetModel dataset) =>
        $"new({String(dataset.Path)}, {Double(dataset.From)}, {Double(dataset.To)})" + (dataset.Content is { } content ? $" {{ {string.Join(", ", Of(content))} }}" : string.Empty);

    /// <summary>Names and what they stand for, in order.</summary>
    public static string Texts(EquatableArray<NamedText> texts) =>
        $"new Dictionary<string, string> {{ {string.Join(", ", texts.Select(text => $"[{String(text.Name)}] = {String(text.Text)}"))} }}";

    /// <summary>A string literal.</summary>
    public static string String(string value) => SymbolDisplay.FormatLiteral(value, quote: true);

    /// <summary>A string literal, or <c>null</c>.</summary>
    public static string StringOrNull(string? value) => value is null ? "null" : String(value);

    /// <summary>An integer, or <c>null</c>.</summary>
    public static string IntOrNull(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "null";

    private static IEnumerable<string> Of(DatasetContent content)
    {
        var columns = new[] { ("Label", content.Label), ("Instruction", content.Instruction), ("Input", content.Input), ("Output", content.Output) };
        return new[]
        {
            content.Format is { } format ? $"Format = DatasetFormat.{CSharpNames.Pascal(format)}" : null,
            content.Text is { } text ? $"Text = [{string.Join(", ", text.Select(String))}]" : null,
        }
        .Concat(columns.Select(column => column.Item2 is { } name ? $"{column.Item1} = {String(name)}" : null))
        .Concat(
        [
            content.Header is { } header ? $"Header = {Flag(header)}" : null,
            content.Labels is { } labels ? $"Labels = {Texts(labels)}" : null,
            content.Limit is { } limit ? $"Limit = {limit.ToString(CultureInfo.InvariantCulture)}" : null,
            content.Seed != 0 ? $"Seed = {content.Seed.ToString(CultureInfo.InvariantCulture)}" : null,
        ])
        .OfType<string>();
    }
}
