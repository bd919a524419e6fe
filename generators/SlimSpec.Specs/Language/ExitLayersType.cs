using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>A number of layers, or a share of all: one of the two is set.</summary>
/// <param name="Count">The number.</param>
/// <param name="Share">The share, from 0 to 1.</param>
public sealed record LayerCount(int? Count, double? Share)
{
    // A share that is meant to give a whole number may miss it by rounding.
    private const double Rounding = 1e-9;

    /// <summary>The number, of so many layers; a share is rounded down.</summary>
    public int Of(int layers) => Count ?? (int)Math.Floor((Share!.Value * layers) + Rounding);

    /// <inheritdoc/>
    public override string ToString() => Count is { } count ? count.ToString(CultureInfo.InvariantCulture) : $"{(Share!.Value * 100).ToString("R", CultureInfo.InvariantCulture)}%";
}

/// <summary>A number of layers, <c>10</c>, or a share of all, <c>50%</c>.</summary>
public sealed class LayerCountType : SpecType<LayerCount>
{
    private const string Pattern = @"^\s*([0-9]{1,18})(\.[0-9]{1,9})?\s*(%?)\s*";
    private static readonly Regex Form = new(Pattern + @"\z", RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    public override string Expected => "a number of layers or a share such as 50%";

    internal override JsonMap Schema => SpecSchema.AnyOf(
        new JsonMap { { "type", "integer" }, { "minimum", 0 } },
        new JsonMap { { "type", "string" }, { "pattern", @"^\s*([0-9]{1,18}|[0-9]{1,18}(\.[0-9]{1,9})?\s*%)\s*$" } });

    internal override bool TryRead(SpecNode node, string path, Reporter report, out LayerCount value)
    {
        value = new(null, null);
        if (node is not ScalarNode { Text.Length: <= 100 } scalar || Form.Match(scalar.Text) is not { Success: true } match || (match.Groups[2].Success && match.Groups[3].Length == 0))
        {
            ReportType(node, path, report);
            return false;
        }

        value = match.Groups[3].Length > 0
            ? new(null, double.Parse(match.Groups[1].Value + match.Groups[2].Value, CultureInfo.InvariantCulture) / 100)
            : new(int.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue, null);
        return true;
    }
}

/// <summary>What <c>layers:</c> of <c>exits:</c> says: one of the two is set.</summary>
/// <param name="Listed">The checks one by one.</param>
/// <param name="Spaced">Checks at equal distances (<see cref="ExitLayersKeys"/>).</param>
public sealed record ExitLayers(IReadOnlyList<Located<LayerCount>>? Listed, Section? Spaced);

/// <summary>Layer counts, or a mapping of the first one and their distance.</summary>
public sealed class ExitLayersType : SpecType<ExitLayers>
{
    private static readonly ListType<LayerCount> List = new(new LayerCountType(), "a list of layer counts", mayBeScalar: true);

    /// <inheritdoc/>
    public override string Expected => "layer counts such as [4, 50%], or a mapping such as { from: 50%, every: 2, always: [10] }";

    internal override bool IsYamlInCode => true;

    internal override JsonMap Schema => SpecSchema.AnyOf(List.Schema, SpecSchema.OfSection(ExitLayersKeys.Definition));

    internal override bool TryRead(SpecNode node, string path, Reporter report, out ExitLayers value)
    {
        value = new(null, null);
        if (node is MappingNode mapping)
        {
            var before = report.Count;
            value = new(null, ExitLayersKeys.Definition.Read(mapping, path, report));
            return report.Count == before;
        }

        if (node is not (SequenceNode { Items.Count: > 0 } or ScalarNode { Kind: not ScalarKind.Null }))
        {
            ReportType(node, path, report);
            return false;
        }

        var errors = report.Count;
        _ = List.TryRead(node, path, report, out var listed);
        value = new(listed, null);
        return report.Count == errors;
    }
}
