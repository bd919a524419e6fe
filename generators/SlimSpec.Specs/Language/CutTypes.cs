using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>A mapping of one of several kinds: one of its keys says which, and so what other keys it has.</summary>
/// <param name="kind">The key that says it, which all kinds have.</param>
/// <param name="cases">The kinds by the key's words.</param>
public sealed class SectionUnionType(Key<string> kind, params (string Word, SectionDefinition Definition)[] cases) : SpecType<Section>
{
    /// <summary>The kinds by their words.</summary>
    public IReadOnlyList<(string Word, SectionDefinition Definition)> Cases => cases;

    /// <inheritdoc/>
    public override string Expected => $"{(MayBeWord ? $"one of {string.Join(", ", cases.Select(each => each.Word))}, or a mapping with the key {kind.Name}" : $"a mapping with the key {kind.Name}: {string.Join(" or ", cases.Select(each => each.Word))}")}";

    /// <summary>Whether a kind's word alone is a section of that kind.</summary>
    public bool MayBeWord { get; init; }

    internal override JsonMap Schema => MayBeWord ? SpecSchema.AnyOf(kind.Type.Schema, MappingSchema) : MappingSchema;

    private JsonMap MappingSchema => new()
    {
        { "type", "object" },
        { "properties", new JsonMap { { kind.Name, new JsonMap { { "description", kind.Description } }.With(kind.Type.Schema) } } },
        { "required", new[] { kind.Name } },
        { "allOf", cases.Select(each => SpecSchema.Case(kind.Name, each.Word, SpecSchema.OfSection(each.Definition))).ToArray() },
    };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out Section value)
    {
        value = null!;
        var mapping = node as MappingNode ?? (MayBeWord && node is ScalarNode { Kind: ScalarKind.Text } ? new(node.Place, [new(kind.Name, node.Place, node)]) : null);
        if (mapping is null)
        {
            ReportType(node, path, report);
            return false;
        }

        value = DefinitionOf(mapping).Read(mapping, path, report);
        return true;
    }

    // Of no known kind it is read as that which has most of its keys, so that what else is wrong is said too.
    private SectionDefinition DefinitionOf(MappingNode mapping)
    {
        var word = (mapping.Find(kind.Name) as ScalarNode)?.Text;
        return cases
            .OrderByDescending(each => each.Word == word)
            .ThenByDescending(each => each.Definition.Keys.Count(key => mapping.Find(key.Name) is not null))
            .First().Definition;
    }
}

/// <summary>Numbers of at least 0 and below 1, in order; equal ones may follow each other.</summary>
/// <param name="fewest">How many there are at least.</param>
/// <param name="expected">For messages.</param>
public sealed class NumbersType(int fewest, string expected) : SpecType<IReadOnlyList<double>>
{
    private static readonly NumberType Item = new(0, 1, excludesMaximum: true);

    /// <inheritdoc/>
    public override string Expected => expected;

    internal override JsonMap Schema => new() { { "type", "array" }, { "items", Item.Schema }, { "minItems", fewest } };

    internal override bool TryRead(SpecNode node, string path, Reporter report, out IReadOnlyList<double> value)
    {
        var numbers = new List<double>();
        value = numbers;
        if (node is not SequenceNode list || list.Items.Count < fewest)
        {
            ReportType(node, path, report);
            return false;
        }

        var before = report.Count;
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (Item.TryRead(list.Items[i], $"{path}[{i}]", report, out var number))
            {
                numbers.Add(number);
            }
        }

        return report.Count == before && numbers.Count == list.Items.Count;
    }
}

/// <summary>What <c>sparsity:</c> says: one of the four is set.</summary>
/// <param name="Number">The same for all.</param>
/// <param name="PerLayer">One for each layer.</param>
/// <param name="Gradient">From the first layer to the last.</param>
/// <param name="Rules">By layers and targets, the first that fits.</param>
public sealed record SparsityChoice(double? Number = null, IReadOnlyList<double>? PerLayer = null, IReadOnlyList<double>? Gradient = null, IReadOnlyList<Located<Section>>? Rules = null);

/// <summary>A number, a list of them, a gradient or a list of rules.</summary>
public sealed class SparsityType : SpecType<SparsityChoice>
{
    private static readonly NumberType Number = new(0, 1, excludesMinimum: true, excludesMaximum: true);
    private static readonly NumbersType PerLayer = new(1, "a list of numbers of at least 0 and below 1, one for each layer");
    private static readonly ListType<Section> Rules = new(new SectionType(SparsityRuleKeys.Definition), "a list of rules such as { layers: 4..9, value: 0.2 }");

    /// <inheritdoc/>
    public override string Expected => $"{Number.Expected}, a list of them with one for each layer, {{ gradient: [...] }} or a list of {{ targets, layers, value }}";

    internal override bool IsYamlInCode => true;

    internal override JsonMap Schema => SpecSchema.AnyOf(Number.Schema, PerLayer.Schema, SpecSchema.OfSection(SparsityGradientKeys.Definition), Rules.Schema);

    internal override bool TryRead(SpecNode node, string path, Reporter report, out SparsityChoice value)
    {
        value = new();
        switch (node)
        {
            case ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number }:
                return Number.TryRead(node, path, report, out var number) && (value = new(Number: number)) is not null;
            case SequenceNode { Items.Count: > 0 } list when list.Items.Any(item => item is MappingNode):
                return Rules.TryRead(node, path, report, out var rules) && (value = new(Rules: rules)) is not null;
            case SequenceNode { Items.Count: > 0 }:
                return PerLayer.TryRead(node, path, report, out var each) && (value = new(PerLayer: each)) is not null;
            case MappingNode mapping:
                var gradient = SparsityGradientKeys.Definition.Read(mapping, path, report).Get(SparsityGradientKeys.Gradient);
                value = new(Gradient: gradient.Value);
                return gradient.IsWritten;
            default:
                ReportType(node, path, report);
                return false;
        }
    }
}

/// <summary>What <c>layers:</c> of a cut says: the same for all targets, or for each by name.</summary>
/// <param name="All">Those of all targets, or null.</param>
/// <param name="ByUnit">Those of each target, or null.</param>
public sealed record LayerChoice(IReadOnlyList<Located<LayerRange>>? All, IReadOnlyList<NamedItem<IReadOnlyList<Located<LayerRange>>>>? ByUnit);

/// <summary>Layer numbers, or a mapping of targets to layer numbers.</summary>
public sealed class LayersByUnitType : SpecType<LayerChoice>
{
    private static readonly LayersType Layers = new();
    private static readonly MapType<IReadOnlyList<Located<LayerRange>>> ByUnit = new(Layers, "a mapping of targets to layer numbers");

    /// <inheritdoc/>
    public override string Expected => $"{Layers.Expected}, or a mapping such as {{ attention: \"4..29\", mlp: \"3..30\" }}";

    internal override bool IsYamlInCode => true;

    internal override JsonMap Schema => SpecSchema.AnyOf(Layers.Schema, ByUnit.Schema);

    internal override bool TryRead(SpecNode node, string path, Reporter report, out LayerChoice value)
    {
        value = new(null, null);
        if (node is MappingNode)
        {
            var before = report.Count;
            _ = ByUnit.TryRead(node, path, report, out var byUnit);
            value = new(null, byUnit);
            return report.Count == before;
        }

        return Layers.TryRead(node, path, report, out var all) && (value = new(all, null)) is not null;
    }
}

/// <summary>A count: a number, or one with K, M, B or G, or T behind it.</summary>
public sealed class QuantityType : SpecType<double>
{
    private const double Most = 1e18;
    private const string Pattern = @"^\s*([0-9]{1,19}(?:\.[0-9]{1,18})?)\s*([KMBGTkmbgt]?)\s*";
    private static readonly Regex Form = new(Pattern + @"\z", RegexOptions.CultureInvariant);
    private static readonly NumberType Range = new(1, Most);

    /// <inheritdoc/>
    public override string Expected => "a number such as 6.5B, 400M or 1.0e+9";

    internal override JsonMap Schema => SpecSchema.AnyOf(Range.Schema, new() { { "type", "string" }, { "pattern", Pattern + "$" } });

    internal override bool TryRead(SpecNode node, string path, Reporter report, out double value)
    {
        value = 0;
        if (node is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number })
        {
            return Range.TryRead(node, path, report, out value);
        }

        if (node is not ScalarNode { Kind: ScalarKind.Text, Text.Length: < 100 } text || Form.Match(text.Text) is not { Success: true } match)
        {
            ReportType(node, path, report);
            return false;
        }

        var factor = match.Groups[2].Value.ToUpperInvariant() switch { "K" => 1e3, "M" => 1e6, "B" or "G" => 1e9, "T" => 1e12, _ => 1.0 };
        value = Math.Round(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * factor, 3);
        if (Range.IsInside(value))
        {
            return true;
        }

        report.Add(Rules.OutOfRange, node.Place, $"'{path}' must be {Range.Expected}, found {Words.Quote(text.Text)}");
        return false;
    }
}
