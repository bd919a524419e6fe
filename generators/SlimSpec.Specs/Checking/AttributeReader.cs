using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads the further keys of a node: literal values, and names of dimensions, constants and weights.</summary>
/// <param name="names">Known dimensions and constants.</param>
/// <param name="weights">Known weights.</param>
/// <param name="report">Where problems go.</param>
internal sealed class AttributeReader(GraphNames names, WeightNames weights, Reporter report)
{
    private static readonly TextType Name = new("a name");

    /// <summary>Reads the attributes of one node.</summary>
    /// <param name="op">The node's operation.</param>
    /// <param name="mapping">The node as written.</param>
    /// <param name="path">How messages call it.</param>
    /// <param name="section">Where it stands.</param>
    /// <param name="isConditional">Whether it has a condition, so that another node may have its weights' names.</param>
    public List<NodeAttribute> Read(OpDefinition op, MappingNode mapping, string path, GraphSections section, bool isConditional)
    {
        var result = new List<NodeAttribute>();
        foreach (var group in op.Attributes.GroupBy(attribute => attribute.Group))
        {
            var (source, inner) = (mapping, path);
            if (group.Key is { } outer)
            {
                if (Nested(mapping, outer, $"{path}.{outer}", [.. group]) is not { } nested)
                {
                    continue;
                }

                (source, inner) = (nested, $"{path}.{outer}");
            }

            foreach (var attribute in group)
            {
                if (source.Find(attribute.Name) is { } value && ReadValue(attribute, value, $"{inner}.{attribute.Name}", section, isConditional) is { } text)
                {
                    result.Add(new(attribute.Key, text));
                }
            }
        }

        return result;
    }

    /// <summary>The mapping of a group, or null where it is absent or wrong.</summary>
    private MappingNode? Nested(MappingNode mapping, string key, string path, IReadOnlyList<OpAttribute> group)
    {
        if (mapping.Find(key) is not { } value)
        {
            return null;
        }

        var known = group.Select(attribute => attribute.Name).ToList();
        if (value is not MappingNode nested)
        {
            report.Add(Rules.WrongType, value.Place, $"'{path}' must be a mapping with the keys {string.Join(", ", known)}, found {value.Found}");
            return null;
        }

        foreach (var entry in nested.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            SectionDefinition.ReportUnknown(entry, path, known, report);
        }

        foreach (var missing in group.Where(attribute => attribute.IsRequired && nested.Find(attribute.Name) is null))
        {
            report.Add(Rules.MissingKey, nested.Place, $"'{path}' needs the key '{missing.Name}'");
        }

        return nested;
    }

    /// <summary>The value as the model keeps it, or null where it is wrong or says nothing.</summary>
    private string? ReadValue(OpAttribute attribute, SpecNode value, string path, GraphSections section, bool isConditional)
    {
        switch (attribute.Kind)
        {
            case AttributeKind.Number or AttributeKind.Literal when value is ScalarNode { Kind: ScalarKind.Integer or ScalarKind.Number } or BadNode:
            case AttributeKind.Literal:
                return attribute.Range!.TryRead(value, path, report, out var number) ? number.ToString("R", CultureInfo.InvariantCulture) : null;
            case AttributeKind.Number or AttributeKind.WordConstant when attribute.MayBeNull && value is ScalarNode { Kind: ScalarKind.Null }:
                return attribute.IsRequired ? "null" : null;
            case AttributeKind.Flag or AttributeKind.Condition when value is ScalarNode { Kind: ScalarKind.Flag } flag:
                return flag.Flag ? "true" : "false";
            case AttributeKind.Word:
                return new WordType([.. attribute.Choices]).TryRead(value, path, report, out var word) ? word : null;
            default:
                return Name.TryRead(value, path, report, out var name) && Fits(attribute, name, value.Place, path, section, isConditional) ? name : null;
        }
    }

    private bool Fits(OpAttribute attribute, string name, Place at, string path, GraphSections section, bool isConditional) => attribute.Kind switch
    {
        AttributeKind.Dimension => names.IsDimension(name, at, path),
        AttributeKind.Number => names.CheckNumber(name, at, path, attribute.Range ?? ConstantUse.Anything, attribute.MayBeNull),
        AttributeKind.Flag => names.CheckFlag(name, at, path),
        AttributeKind.Condition => names.CheckCondition(name, at, path),
        AttributeKind.WordConstant => (attribute.Choices.Contains(name) && !names.IsConstant(name)) || names.CheckWord(name, at, path, attribute),
        AttributeKind.EmbeddingWeight => weights.IsOfEmbedding(name, at, path, section),
        AttributeKind.Weight => weights.Add(name, at, path, section, isConditional),
        _ => throw new InvalidOperationException($"an attribute that is {attribute.Kind} is no name"),
    };
}
