using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Shapes as the comments write them: dimension names of the spec, <c>[batch, tokens, heads * head_dim]</c>.</summary>
internal static class Shapes
{
    /// <summary>Shape of a node's weight, rows first.</summary>
    public static string Weight(RecipeGraph graph, GraphSections section, GraphNode node) => node.Op switch
    {
        "embedding" => $"[{RecipeGraph.TableRows(node, dimension => dimension)}, {Product(node.Out)}]",
        "linear" => $"[{Product(node.Out)}, {Product(graph.Axis(section, node.Input()))}]",
        _ => Bias(graph, section, node),
    };

    /// <summary>Shape of a node's bias.</summary>
    public static string Bias(RecipeGraph graph, GraphSections section, GraphNode node) => $"[{Product(graph.Axis(section, node.Name))}]";

    /// <summary>Shape of an activation with this last axis.</summary>
    public static string Activation(string lastAxis, bool rows) => rows ? $"[tokens, {lastAxis}]" : $"[batch, tokens, {lastAxis}]";

    /// <summary>The summed width of sibling linears: <c>(heads + 2 * kv_heads) * head_dim</c>.</summary>
    public static string Siblings(IReadOnlyList<GraphNode> nodes)
    {
        var tail = string.Join(" * ", nodes[0].Out.Skip(1));
        if (nodes.Any(node => string.Join(" * ", node.Out.Skip(1)) != tail))
        {
            return string.Join(" + ", nodes.Select(node => Product(node.Out)));
        }

        var heads = nodes.GroupBy(node => node.Out[0]).Select(group => group.Count() == 1 ? group.Key : $"{group.Count()} * {group.Key}").ToList();
        var sum = string.Join(" + ", heads);
        return tail.Length == 0 ? sum : $"{(heads.Count > 1 ? $"({sum})" : sum)} * {tail}";
    }

    /// <summary>A product of dimensions.</summary>
    public static string Product(IEnumerable<string> dimensions) => string.Join(" * ", dimensions);
}
