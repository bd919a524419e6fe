using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads <c>out</c>: a dimension, several, or a mapping of nodes to either, which makes a node of each.</summary>
internal sealed class OutputReader(GraphNames names, Reporter report)
{
    internal const int MostParts = 8;
    internal static readonly ListType<string> NameList = new(new TextType("a name"), "a name or a list of names", mayBeScalar: true);

    /// <summary>The node with its outputs, or one node an output.</summary>
    public IReadOnlyList<GraphNode> Read(GraphNode node, MappingNode mapping, string path)
    {
        var attributes = new EquatableArray<NodeAttribute>(node.Attributes.Where(attribute => attribute.Key != "interleaved"));
        if (mapping.Find("out") is not MappingNode parts)
        {
            if (mapping.Find("interleaved") is { } needless)
            {
                report.Add(Rules.Conflict, needless.Place, $"'{path}.interleaved' is for a linear with several outputs");
            }

            return [node with { Out = new(mapping.Find("out") is { } value ? ReadAxis(value, $"{path}.out") : []), Attributes = attributes }];
        }

        if (node.Op != "linear" || parts.Entries.Count < 2 || parts.Entries.Count > MostParts)
        {
            report.Add(Rules.WrongType, parts.Place, node.Op == "linear"
                ? $"'{path}.out' must be a dimension, a list of them, or a mapping of 2 to {MostParts} nodes to either, found a mapping of {parts.Entries.Count}"
                : $"'{path}.out' must be a name or a list of names, found {parts.Found}");
            return [];
        }

        CheckWhole(mapping, path);
        var pack = new PackPart(node.Name, new(parts.Entries.Select(part => part.Key)), node.Attribute("interleaved"));
        var nodes = parts.Entries
            .Select(part => node with { Name = part.Key, Out = new(ReadAxis(part.Value, $"{path}.out.{Words.Shorten(part.Key)}")), Attributes = attributes, Pack = pack })
            .ToList();
        CheckInterleaved(nodes, mapping, path);
        return nodes;
    }

    /// <summary>Where an output of a linear with several is named.</summary>
    public static Place PlaceOf(MappingNode mapping, string part) =>
        ((MappingNode)mapping.Find("out")!).Entries.First(entry => entry.Key == part).KeyPlace;

    private List<string> ReadAxis(SpecNode value, string path)
    {
        var result = new List<string>();
        if (NameList.TryRead(value, path, report, out var read))
        {
            result.AddRange(read.Where(name => names.IsDimension(name.Value, name.Place, path)).Select(name => name.Value));
            return result.Count == read.Count ? result : [];
        }

        return result;
    }

    private void CheckWhole(MappingNode mapping, string path)
    {
        foreach (var key in new[] { "when", "tied" })
        {
            if (mapping.Find(key) is { } value)
            {
                report.Add(Rules.Conflict, value.Place, $"'{path}' has several outputs and cannot have '{key}'");
            }
        }
    }

    /// <summary>Units take turns only where each has its rows of every part: they are the outermost dimension of a part, or group it.</summary>
    private void CheckInterleaved(List<GraphNode> nodes, MappingNode mapping, string path)
    {
        if (nodes[0].Pack!.Interleaved is not { } interleaved || nodes.Any(node => node.Out.Count == 0))
        {
            return;
        }

        var others = nodes.Where(node => node.Out[0] != interleaved).ToList();
        var at = mapping.Find("interleaved")!.Place;
        if (others.Count == nodes.Count)
        {
            var outermost = nodes.Select(node => node.Out[0]).Distinct();
            report.Add(Rules.Axes, at, $"'{path}.interleaved' must be the outermost dimension of its outputs, or group it as kv_heads does heads, found '{interleaved}'{Words.Hint(interleaved, outermost)}");
        }
        else if (others.FirstOrDefault(node => node.Out.Count < 2) is { } other)
        {
            report.Add(Rules.Axes, at, $"'{path}.interleaved' is '{interleaved}', which does not group '{other.Name}': it has {AxisChecker.Text(other.Out)}");
        }
    }
}
