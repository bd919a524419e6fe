using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads the further keys of a node: names of dimensions, of constants and of the embedding's weights.</summary>
/// <param name="dimensions">Known dimensions.</param>
/// <param name="constants">Known constants.</param>
/// <param name="embeddingWeights">Known weights of the embedding, with their nodes.</param>
/// <param name="report">Where problems go.</param>
internal sealed class AttributeReader(
    IReadOnlyList<DimensionDefinition> dimensions,
    IReadOnlyList<ConstantDefinition> constants,
    IReadOnlyDictionary<string, GraphNode> embeddingWeights,
    Reporter report)
{
    private static readonly TextType Name = new("a name");

    /// <summary>Reads the attributes of one node.</summary>
    public List<NodeAttribute> Read(OpDefinition op, MappingNode mapping, string path, bool allowsTies)
    {
        var result = new List<NodeAttribute>();
        foreach (var group in op.Attributes.GroupBy(attribute => attribute.Group))
        {
            var source = mapping;
            var inner = path;
            if (group.Key is { } outer)
            {
                if (mapping.Find(outer) is not { } value)
                {
                    continue;
                }

                inner = $"{path}.{outer}";
                if (value is not MappingNode nested)
                {
                    report.Add(Rules.WrongType, value.Place, $"'{inner}' must be a mapping with the keys {string.Join(", ", group.Select(Last))}, found {value.Found}");
                    continue;
                }

                source = nested;
                CheckGroup(group.Select(Last).ToList(), nested, inner);
            }

            result.AddRange(group.Select(attribute => ReadAttribute(attribute, source, inner, allowsTies)).OfType<NodeAttribute>());
        }

        return result;
    }

    private void CheckGroup(List<string> known, MappingNode nested, string path)
    {
        foreach (var entry in nested.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            SectionDefinition.ReportUnknown(entry, path, known, report);
        }

        foreach (var key in known.Where(key => nested.Find(key) is null))
        {
            report.Add(Rules.MissingKey, nested.Place, $"'{path}' needs the key '{key}'");
        }
    }

    private NodeAttribute? ReadAttribute(OpAttribute attribute, MappingNode source, string path, bool allowsTies)
    {
        var key = Last(attribute);
        if (source.Find(key) is not { } value || !Name.TryRead(value, $"{path}.{key}", report, out var name))
        {
            return null;
        }

        var isGood = attribute.Kind switch
        {
            AttributeKind.Dimension => IsDimension(name, value.Place, $"{path}.{key}"),
            AttributeKind.EmbeddingWeight => IsEmbeddingWeight(name, value.Place, $"{path}.{key}", allowsTies),
            _ => IsConstant(attribute, name, value.Place, $"{path}.{key}"),
        };
        return isGood ? new(attribute.Key, name) : null;
    }

    private bool IsEmbeddingWeight(string name, Place at, string path, bool allowsTies)
    {
        if (allowsTies && embeddingWeights.ContainsKey(name))
        {
            return true;
        }

        report.Add(Rules.UnknownName, at, allowsTies
            ? $"'{path}' names {Words.Quote(name)}, which is no weight of the embedding{Words.Hint(name, embeddingWeights.Keys)}"
            : $"'{path}' can be in the head only");
        return false;
    }

    private bool IsConstant(OpAttribute attribute, string name, Place at, string path)
    {
        if (constants.FirstOrDefault(constant => constant.Name == name) is not { } found)
        {
            report.Add(Rules.UnknownName, at, $"'{path}' names the unknown constant {Words.Quote(name)}{Words.Hint(name, constants.Select(constant => constant.Name))}");
            return false;
        }

        var wantsFlag = attribute.Kind == AttributeKind.Flag;
        if (found.Default is not { } standard || standard is { Number: null, Flag: null })
        {
            return true;
        }

        if (wantsFlag ? standard.Flag is null : standard.Number is null)
        {
            report.Add(Rules.WrongType, at, $"'{path}' must name a constant that is {(wantsFlag ? "a flag" : "a number")}, but the default of '{name}' is not");
        }
        else if (attribute.Range is { } range && !range.IsInside(standard.Number!.Value))
        {
            report.Add(Rules.OutOfRange, at, $"'{path}' must be {range.Expected}, but the default of '{name}' is not");
        }

        return true;
    }

    /// <summary>Whether a name is a dimension; reports it if not.</summary>
    public bool IsDimension(string name, Place at, string path)
    {
        if (dimensions.Any(dimension => dimension.Name == name))
        {
            return true;
        }

        report.Add(Rules.UnknownName, at, $"'{path}' names the unknown dimension {Words.Quote(name)}{Words.Hint(name, dimensions.Select(dimension => dimension.Name))}");
        return false;
    }

    private static string Last(OpAttribute attribute) => attribute.Group is { } group ? attribute.Key.Substring(group.Length + 1) : attribute.Key;
}
