using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks how an architecture is said in GGUF: that what it names is there, and that every weight has a name.</summary>
internal sealed class GgufChecker(IReadOnlyList<DimensionDefinition> dimensions, IReadOnlyList<ConstantDefinition> constants, Reporter report)
{
    private readonly DimensionNamesChecker _names = new(dimensions, report);
    private bool _areNodesKnown;

    /// <summary>The declaration, or null where there is none.</summary>
    /// <param name="field">The section.</param>
    /// <param name="embedding">The embedding's nodes.</param>
    /// <param name="layer">The layer's nodes.</param>
    /// <param name="head">The head's nodes.</param>
    public GgufModel? Check(Field<Section> field, IReadOnlyList<GraphNode> embedding, IReadOnlyList<GraphNode> layer, IReadOnlyList<GraphNode> head)
    {
        if (!field.IsWritten)
        {
            return null;
        }

        // A node that is wrong is not among those read: that it is not there has been said.
        _areNodesKnown = !report.HasErrors;
        var section = field.Value;
        var uneven = section.Get(GgufKeys.Uneven);
        return new(
            Graph(section, "gguf", layer),
            uneven.IsWritten ? Graph(uneven.Value, "gguf.uneven", layer) with { MayBeZero = _names.Check(uneven.Value.Get(UnevenGgufKeys.MayBeZero), "gguf.uneven.may_be_zero") } : null,
            Metadata(section.Get(GgufKeys.Metadata)),
            Tensors(section.Get(GgufKeys.Embedding), "gguf.embedding", embedding),
            Tensors(section.Get(GgufKeys.Layer), "gguf.layer", layer),
            Tensors(section.Get(GgufKeys.Head), "gguf.head", head),
            _names.CheckDerived(section.Get(GgufKeys.Derived), "gguf.derived"),
            Requirements(section.Get(GgufKeys.Requires)));
    }

    private GgufGraphModel Graph(Section section, string path, IReadOnlyList<GraphNode> layer)
    {
        var (name, rotation) = (section.Get(GgufKeys.Architecture), section.Get(GgufKeys.Rotation));
        if (name.IsWritten && !SpecNames.IsLabel(name.Value))
        {
            report.Add(Rules.BadName, name.Place, $"'{path}.architecture' must be letters, digits, '-', '_' and '.', found {Words.Quote(name.Value)}");
        }

        if (rotation.State == FieldState.Absent && layer.Any(node => node.Attribute("rope.theta") is not null))
        {
            report.Add(Rules.MissingKey, section.Place, $"'{path}' needs the key 'rotation' (half or interleaved), because the attention rotates queries and keys");
        }

        return new(name.Value ?? "", rotation.IsWritten ? rotation.Value : null, default);
    }

    private EquatableArray<NamedText> Metadata(Field<IReadOnlyList<NamedItem<string>>> field)
    {
        foreach (var item in field.Value ?? [])
        {
            CheckName(item.Name, item.NamePlace, "gguf.metadata");
            if (dimensions.All(dimension => dimension.Name != item.Value) && constants.All(constant => constant.Name != item.Value))
            {
                report.Add(Rules.UnknownName, item.Place, $"'gguf.metadata.{item.Name}' names {Words.Quote(item.Value)}, which is no dimension or constant{Words.Hint(item.Value, dimensions.Select(dimension => dimension.Name).Concat(constants.Select(constant => constant.Name)))}");
            }
            else if (constants.FirstOrDefault(constant => constant.Name == item.Value) is { } constant && (constant.IsPresence || constant.Default is { IsNull: false, Number: null }))
            {
                report.Add(Rules.WrongType, item.Place, $"'gguf.metadata.{item.Name}' must name a dimension or a constant that is a number, but the default of '{item.Value}' is not");
            }
        }

        return Texts(field);
    }

    private EquatableArray<NamedText> Tensors(Field<IReadOnlyList<NamedItem<string>>> field, string path, IReadOnlyList<GraphNode> nodes)
    {
        var weights = nodes.Where(node => node.Weight is not null).Select(NameOf).Distinct().ToList();
        foreach (var item in field.Value ?? [])
        {
            CheckName(item.Value, item.Place, $"{path}.{Words.Shorten(item.Name)}");
            if (_areNodesKnown && !weights.Contains(item.Name))
            {
                report.Add(Rules.UnknownName, item.NamePlace, $"'{path}' names {Words.Quote(item.Name)}, which is no node with a weight{Words.Hint(item.Name, weights)}");
            }
        }

        if (_areNodesKnown && field.IsWritten && weights.Where(name => field.Value.All(item => item.Name != name)).ToList() is { Count: > 0 } missing)
        {
            report.Add(Rules.MissingKey, field.Place, $"'{path}' lacks {string.Join(", ", missing.Select(name => $"'{name}'"))}: every node with a weight needs a name");
        }

        return Texts(field);
    }

    private EquatableArray<RequirementDefinition> Requirements(Field<IReadOnlyList<NamedItem<IReadOnlyList<Located<ConfigScalar>>>>> field)
    {
        foreach (var item in (field.Value ?? []).Where(item => constants.All(constant => constant.Name != item.Name)))
        {
            report.Add(Rules.UnknownName, item.NamePlace, $"'gguf.requires' names {Words.Quote(item.Name)}, which is no constant{Words.Hint(item.Name, constants.Select(constant => constant.Name))}");
        }

        return new((field.Value ?? []).Select(item => new RequirementDefinition(item.Name, new(item.Value.Select(value => value.Value.Text)))));
    }

    private void CheckName(string name, Place place, string path)
    {
        if (!SpecNames.IsWeight(name))
        {
            report.Add(Rules.BadName, place, $"'{path}' must be names joined by dots, such as attention.head_count, found {Words.Quote(name)}");
        }
    }

    private static EquatableArray<NamedText> Texts(Field<IReadOnlyList<NamedItem<string>>> field) =>
        new((field.Value ?? []).Select(item => new NamedText(item.Name, item.Value)));

    /// <summary>What a declaration calls a node's weight: the outputs of one linear are stored together.</summary>
    internal static string NameOf(GraphNode node) => node.Pack?.Name ?? node.Name;
}
