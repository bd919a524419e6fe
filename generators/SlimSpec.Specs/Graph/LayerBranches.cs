using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>What a layer loses with all units of one kind: a branch that enters a residual add.</summary>
/// <param name="Unit">The unit, for example <c>attention</c>.</param>
/// <param name="Add">The add that the branch enters.</param>
/// <param name="Input">Name of the node by which it enters.</param>
/// <param name="Nodes">Names of the branch's nodes: those from which every path to the layer's output goes through that input.</param>
public sealed record LayerBranch(string Unit, GraphNode Add, string Input, EquatableArray<string> Nodes);

/// <summary>Finds the branches of a layer: attention and MLP, whatever they are called.</summary>
public static class LayerBranches
{
    /// <summary>The units that have a branch of their own; query heads, which are within KV heads that are a unit too, have none.</summary>
    public static IReadOnlyList<LayerBranch> Of(ArchitectureModel architecture) =>
        [.. architecture.Units.Select(unit => Of(architecture, unit)).OfType<LayerBranch>()];

    /// <summary>The branch of a unit, or null if it has none.</summary>
    public static LayerBranch? Of(ArchitectureModel architecture, UnitDefinition unit)
    {
        if (unit.Dimension == DimensionNames.Hidden || (Groups(architecture, unit.Dimension) is { } groups && architecture.Units.Any(other => other.Dimension == groups)))
        {
            return null;
        }

        var ends = Readers(architecture, [unit.Dimension]).Select(linear => Entry(architecture, linear)).ToList();
        if (ends.Count == 0 || ends[0] is not { } end || ends.Any(other => other != end))
        {
            return null;
        }

        var nodes = NodesBehind(architecture, end);
        return new(unit.Name, end.Add, end.Input, new(architecture.Layer.Select(node => node.Name).Where(nodes.Contains)));
    }

    /// <summary>The linears of a layer that read the channels of some units: the last ones of their branches.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="dimensions">The dimensions that count the units; query heads are read where their KV heads are.</param>
    public static IEnumerable<GraphNode> Readers(ArchitectureModel architecture, IReadOnlyList<string> dimensions)
    {
        var axes = GraphAxes.OfLayer(architecture);
        return architecture.Layer.Where(node => node.Op == "linear"
            && axes.TryGetValue(node.Input(), out var axis) && axis.Count > 0
            && (dimensions.Contains(axis[0]) || (Groups(architecture, axis[0]) is { } groups && dimensions.Contains(groups))));
    }

    /// <summary>The architecture with a bias on every linear that reads one of some units, marked <c>bias.added</c> where it has none of its own.</summary>
    public static ArchitectureModel WithBiases(ArchitectureModel architecture, IReadOnlyList<string> units)
    {
        var dimensions = architecture.Units.Where(unit => !ModelSizes.IsOfModel(unit) && units.Contains(unit.Name)).Select(unit => unit.Dimension).ToList();
        var readers = new HashSet<string>(Readers(architecture, dimensions).Where(linear => !linear.HasBias).Select(linear => linear.Name));
        return architecture with { Layer = new(architecture.Layer.Select(node => readers.Contains(node.Name) ? WithBias(node) : node)) };
    }

    private static GraphNode WithBias(GraphNode linear) => linear with
    {
        Attributes = new(linear.Attributes.Where(attribute => attribute.Key != "bias").Concat([new("bias", "true"), new("bias.added", "true")])),
    };

    /// <summary>The dimension of the KV heads that query heads of another dimension share, or null.</summary>
    internal static string? Groups(ArchitectureModel architecture, string dimension)
    {
        var axes = GraphAxes.OfLayer(architecture);
        var attention = architecture.Layer.FirstOrDefault(node => node.Op == "attention" && axes[node.Input("q")][0] == dimension);
        return attention is not null && axes[attention.Input("k")][0] is var keys && keys != dimension ? keys : null;
    }

    /// <summary>Where what a node gives enters an add that has other inputs; null where it goes elsewhere too.</summary>
    private static Entrance? Entry(ArchitectureModel architecture, GraphNode node)
    {
        while (true)
        {
            var readers = architecture.Layer.Where(reader => reader.Inputs.Any(input => input.Node == node.Name)).ToList();
            if (readers.Count != 1)
            {
                return null;
            }

            var reader = readers[0];
            if (reader.Op == "add")
            {
                return reader.Inputs.Count(input => input.Node != node.Name) == reader.Inputs.Count - 1 ? new(reader, node.Name) : null;
            }

            if (reader.Inputs.Count > 1)
            {
                return null;
            }

            node = reader;
        }
    }

    /// <summary>Nodes that nothing would read, were the entrance not there.</summary>
    private static HashSet<string> NodesBehind(ArchitectureModel architecture, Entrance end)
    {
        var (behind, last) = (new HashSet<string>(), architecture.Layer[architecture.Layer.Count - 1]);
        foreach (var node in architecture.Layer.Reverse().Where(node => node != last))
        {
            var readers = architecture.Layer.Where(reader => reader.Inputs.Any(input => input.Node == node.Name));
            if (readers.All(reader => behind.Contains(reader.Name) || (reader == end.Add && node.Name == end.Input)))
            {
                behind.Add(node.Name);
            }
        }

        return behind;
    }

    private sealed record Entrance(GraphNode Add, string Input);
}
