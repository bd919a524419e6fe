using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The dimensions of every node's last axis, outermost first: <c>q</c> has <c>[heads, head_dim]</c>.</summary>
public static class GraphAxes
{
    /// <summary>Name of the embedding section's input: token ids, which have no named axis.</summary>
    public const string Ids = "ids";

    /// <summary>Name of the embedding section's other input: the places of the tokens, which have no named axis.</summary>
    public const string Positions = "positions";

    /// <summary>Name of the input of a layer and of the head: the residual stream.</summary>
    public const string Stream = "x";

    /// <summary>Axes of the nodes of one layer and of its input.</summary>
    public static IReadOnlyDictionary<string, EquatableArray<string>> OfLayer(ArchitectureModel architecture) =>
        Of(architecture.Layer, [Stream], new([DimensionNames.Hidden]));

    /// <summary>Axes of the head's nodes and of its input.</summary>
    public static IReadOnlyDictionary<string, EquatableArray<string>> OfHead(ArchitectureModel architecture) =>
        Of(architecture.Head, [Stream], new([DimensionNames.Hidden]));

    /// <summary>Axes of the embedding's nodes and of its inputs.</summary>
    public static IReadOnlyDictionary<string, EquatableArray<string>> OfEmbedding(ArchitectureModel architecture) =>
        Of(architecture.Embedding, [Ids, Positions], default);

    /// <summary>The last axis of a node, given those of the nodes before it; null where what it depends on is unknown.</summary>
    internal static EquatableArray<string>? OutputOf(OpDefinition op, GraphNode node, IReadOnlyDictionary<string, EquatableArray<string>> before)
    {
        if (op.OutputOf is not { } role)
        {
            return node.Out.Count > 0 ? node.Out : null;
        }

        var source = node.Inputs.FirstOrDefault(input => input.Role == role);
        return source is not null && before.TryGetValue(source.Node, out var axis) ? axis : null;
    }

    private static Dictionary<string, EquatableArray<string>> Of(EquatableArray<GraphNode> nodes, IReadOnlyList<string> inputs, EquatableArray<string> inputAxis)
    {
        var axes = inputs.ToDictionary(input => input, _ => inputAxis);
        foreach (var node in nodes)
        {
            if (GraphOps.Find(node.Op) is { } op && OutputOf(op, node, axes) is { } axis)
            {
                axes[node.Name] = axis;
            }
        }

        return axes;
    }
}

/// <summary>Dimensions that every architecture has, because the library asks for them.</summary>
public static class DimensionNames
{
    /// <summary>Number of token ids.</summary>
    public const string Vocabulary = "vocab";

    /// <summary>Width of the residual stream.</summary>
    public const string Hidden = "hidden";

    /// <summary>Number of layers.</summary>
    public const string Layers = "layers";

    /// <summary>Longest sequence.</summary>
    public const string Positions = "positions";

    /// <summary>All four.</summary>
    public static IReadOnlyList<string> Required { get; } = [Vocabulary, Hidden, Layers, Positions];
}
