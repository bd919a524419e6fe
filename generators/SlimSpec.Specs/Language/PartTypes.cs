using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>A part of a dataset, as fractions of its text.</summary>
public sealed record DatasetPart(double From, double To)
{
    /// <summary>All of it.</summary>
    public static DatasetPart Whole { get; } = new(0, 1);
}

/// <summary>A slice as Hugging Face datasets write it, without a split's name: <c>:90%</c>, <c>10%:20%</c>, <c>90%:</c>.</summary>
public sealed class DatasetPartType : SpecType<DatasetPart>
{
    private const string Pattern = @"^\s*(?:([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%)?\s*:\s*(?:([0-9]{1,3}(?:\.[0-9]{1,9})?)\s*%)?\s*";
    private static readonly Regex Form = new(Pattern + @"\z", RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    public override string Expected => "a part of the data such as \":90%\", \"10%:20%\" or \"90%:\"";

    internal override JsonMap Schema => new() { { "type", "string" }, { "pattern", Pattern + "$" } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out DatasetPart value)
    {
        value = DatasetPart.Whole;
        if (node is not ScalarNode { Text.Length: <= 100 } scalar || Form.Match(scalar.Text) is not { Success: true } match)
        {
            ReportType(node, path, report);
            return false;
        }

        value = new(Fraction(match.Groups[1], 0), Fraction(match.Groups[2], 1));
        if (value.From < value.To && value.To <= 1)
        {
            return true;
        }

        report.Add(Rules.OutOfRange, node.Place, $"'{path}' must begin before it ends, between 0% and 100%, found {Words.Quote(scalar.Text)}");
        return false;
    }

    private static double Fraction(Group percent, double standard) =>
        percent.Success ? double.Parse(percent.Value, CultureInfo.InvariantCulture) / 100 : standard;
}

/// <summary>Layers from <paramref name="First"/> to <paramref name="Last"/>, both included, counted from 0.</summary>
public sealed record LayerRange(int First, int Last);

/// <summary>Layer numbers: <c>"4..29"</c>, <c>"0..3, 7"</c>, <c>7</c> or a list of them.</summary>
public sealed class LayersType : SpecType<IReadOnlyList<Located<LayerRange>>>
{
    private const string Pattern = @"\s*([0-9]{1,18})\s*(?:\.\.\s*([0-9]{1,18})\s*)?";
    private static readonly Regex Form = new($@"^{Pattern}\z", RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    public override string Expected => "layer numbers such as \"4..29\", \"0..3, 7\" or [1, 2]";

    internal override JsonMap Schema
    {
        get
        {
            var (number, text) = (new JsonMap { { "type", "integer" }, { "minimum", 0 } }, new JsonMap { { "type", "string" }, { "pattern", $"^{Pattern}(,{Pattern})*$" } });
            return SpecSchema.AnyOf(text, number, new() { { "type", "array" }, { "items", SpecSchema.AnyOf(text, number) }, { "minItems", 1 } });
        }
    }

    internal override bool TryRead(SpecNode node, string path, Reporter report, out IReadOnlyList<Located<LayerRange>> value)
    {
        var ranges = new List<Located<LayerRange>>();
        value = ranges;
        if (node is SequenceNode { Items.Count: > 0 } list)
        {
            var areAllGood = true;
            for (var i = 0; i < list.Items.Count; i++)
            {
                areAllGood &= Add(ranges, list.Items[i], $"{path}[{i}]", report);
            }

            return areAllGood;
        }

        return Add(ranges, node, path, report);
    }

    private bool Add(List<Located<LayerRange>> ranges, SpecNode node, string path, Reporter report)
    {
        if (node is not ScalarNode { Kind: ScalarKind.Text or ScalarKind.Integer } scalar)
        {
            ReportType(node, path, report);
            return false;
        }

        foreach (var part in scalar.Text.Split(','))
        {
            if (Form.Match(part) is not { Success: true } match)
            {
                ReportType(node, path, report);
                return false;
            }

            var first = Number(match.Groups[1]);
            var last = match.Groups[2].Success ? Number(match.Groups[2]) : first;
            if (last < first)
            {
                report.Add(Rules.LayerRange, node.Place, $"'{path}' counts down from {first} to {last}: write {last}..{first}");
                return false;
            }

            ranges.Add(new(new(first, last), node.Place));
        }

        return true;
    }

    /// <summary>A number too large for any model is as good as the largest.</summary>
    private static int Number(Group digits) =>
        int.TryParse(digits.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
}
