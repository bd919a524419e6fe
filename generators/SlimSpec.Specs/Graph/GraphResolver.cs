using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// Decides every condition of an architecture by a configuration: what is left are plain nodes that are all computed. No
/// <c>when</c>, <c>choose</c> or <c>activation</c> remains, flags are <c>true</c> or absent, attributes that say the default are absent.
/// </summary>
public static class GraphResolver
{
    /// <summary>The architecture of one configuration.</summary>
    /// <param name="architecture">A checked architecture.</param>
    /// <param name="dimensions">The size of each of its dimensions.</param>
    /// <param name="constants">The value of each of its constants.</param>
    public static ArchitectureModel Resolve(ArchitectureModel architecture, IReadOnlyDictionary<string, int> dimensions, IReadOnlyList<NamedConstant> constants)
    {
        var values = constants.ToDictionary(constant => constant.Name, constant => constant.Value);
        return Resolve(architecture, new(name => dimensions.TryGetValue(name, out var size) ? size : null, values));
    }

    /// <summary>
    /// The architecture as it is without configuration: constants have their defaults, flags without one are false, dimensions
    /// of no fixed size are taken for equal where they are compared. An activation whose word has no default stays one.
    /// </summary>
    /// <param name="architecture">A checked architecture.</param>
    public static ArchitectureModel ResolveDefaults(ArchitectureModel architecture)
    {
        var values = architecture.Constants
            .Where(constant => constant.Default is not null || constant.IsPresence)
            .ToDictionary(constant => constant.Name, constant => constant.Default ?? new(null, false));
        var fixedSizes = architecture.Dimensions.Where(dimension => dimension.Key is null)
            .ToDictionary(dimension => dimension.Name, dimension => int.Parse(dimension.Default!, System.Globalization.CultureInfo.InvariantCulture));
        return Resolve(architecture, new(name => fixedSizes.TryGetValue(name, out var size) ? size : null, values));
    }

    private static ArchitectureModel Resolve(ArchitectureModel architecture, GraphValues values)
    {
        var names = new DimensionMerger(architecture, values);
        List<GraphNode> Section(EquatableArray<GraphNode> nodes) => [.. Plain(nodes, values).Select(node => NodeResolver.Resolve(node, values, names))];
        var layer = Section(architecture.Layer);
        var used = new HashSet<string>(layer.SelectMany(node => node.Out)) { names.Of(DimensionNames.Hidden) };
        return architecture with
        {
            Forms = architecture.Forms is { } forms ? forms with { BiasFlags = new(BiasFlags(architecture)) } : null,
            Dimensions = new(architecture.Dimensions.Select(dimension => names.Of(dimension.Name) is var one && one != dimension.Name ? dimension with { SameAs = one } : dimension)),
            Embedding = new(Section(architecture.Embedding)),
            Layer = new(layer),
            Head = new(Section(architecture.Head)),
            Units = new(architecture.Units.Select(unit => unit with { Dimension = names.Of(unit.Dimension) }).Where(unit => used.Contains(unit.Dimension))),
        };
    }

    // Linears whose bias a key of the configuration switches.
    private static IEnumerable<NamedText> BiasFlags(ArchitectureModel architecture) =>
        from node in architecture.Layer
        where node.Op == "linear" && node.Attribute("bias") is not null
        from constant in architecture.Constants
        where constant.Name == node.Attribute("bias")
        select new NamedText(node.Weight!, constant.Key);

    /// <summary>The nodes that are there and read, in order, reading each other.</summary>
    private static List<GraphNode> Plain(EquatableArray<GraphNode> nodes, GraphValues values)
    {
        if (nodes.Count == 0)
        {
            return [];
        }

        // What stands in for a node: itself, or what it passes on.
        var standIns = new Dictionary<string, string>();
        string StandIn(string node) => standIns.TryGetValue(node, out var other) ? other : node;
        var kept = new List<GraphNode>();
        foreach (var node in nodes)
        {
            var inputs = node.Inputs.Select(input => input with { Node = StandIn(input.Node) }).ToList();
            if (PassesOn(node, values) is { } index)
            {
                standIns[node.Name] = inputs[index].Node;
            }
            else
            {
                kept.Add(node with { Inputs = new(inputs), When = null });
            }
        }

        return Read(kept, StandIn(nodes[nodes.Count - 1].Name));
    }

    /// <summary>Which of its inputs takes the node's place, or null where the node is there.</summary>
    private static int? PassesOn(GraphNode node, GraphValues values)
    {
        var holds = node.When is not { } condition || values.Holds(condition);
        return node.Op == "choose" ? (holds ? 0 : 1)
            : !holds || (node.Op == "scale" && values.IsNull(node.Attribute("by")!)) ? 0
            : null;
    }

    private static List<GraphNode> Read(List<GraphNode> nodes, string output)
    {
        var read = new HashSet<string> { output };
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            // All parts of a weight are there if one is: they are stored together.
            if (read.Contains(nodes[i].Name) || (nodes[i].Pack?.Parts.Any(read.Contains) ?? false))
            {
                read.UnionWith(nodes[i].Inputs.Select(input => input.Node));
                read.UnionWith(nodes[i].Pack?.Parts ?? default);
            }
        }

        return [.. nodes.Where(node => read.Contains(node.Name))];
    }
}
