using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Emitting;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>Weights stored as one tensor: sibling linears that read one input, or a single weight.</summary>
/// <param name="Field">Name of the field that holds the tensor, for example <c>_qkv</c>.</param>
/// <param name="Local">Name of the local that holds the product of all siblings.</param>
/// <param name="Nodes">The nodes, in graph order.</param>
internal sealed record StoredWeight(string Field, string Local, IReadOnlyList<GraphNode> Nodes)
{
    public bool IsFused => Nodes.Count > 1;
}

/// <summary>How a section's weights are stored and named.</summary>
internal sealed class SectionWeights
{
    private readonly IReadOnlyDictionary<string, string> _properties;

    public SectionWeights(IReadOnlyList<GraphNode> nodes)
    {
        var weighted = nodes.Where(node => node.Weight is not null).ToList();
        _properties = CSharpNames.Properties([.. weighted.Select(node => node.Weight!)]);
        Stored = [.. Group(weighted)];
    }

    /// <summary>The stored tensors, in the order of their first node.</summary>
    public IReadOnlyList<StoredWeight> Stored { get; }

    /// <summary>All nodes with weights, in the order they are stored.</summary>
    public IEnumerable<GraphNode> Nodes => Stored.SelectMany(stored => stored.Nodes);

    /// <summary>Property that gives a node's weight, for example <c>QProj</c>.</summary>
    public string Property(GraphNode node) => _properties[node.Weight!];

    /// <summary>Where a node's weight is stored.</summary>
    public StoredWeight Of(GraphNode node) => Stored.First(stored => stored.Nodes.Contains(node));

    private IEnumerable<StoredWeight> Group(IReadOnlyList<GraphNode> weighted)
    {
        foreach (var siblings in weighted.GroupBy(node => node.Op == "linear" ? $"linear {node.Input()}" : node.Name))
        {
            var nodes = siblings.ToList();
            var name = nodes.Count == 1 ? CSharpNames.Camel(_properties[nodes[0].Weight!]) : Joined(nodes);
            yield return new("_" + name.TrimStart('@'), name, nodes);
        }
    }

    // q, k, v to qkv; gate, up to gateUp.
    private static string Joined(IReadOnlyList<GraphNode> nodes) =>
        nodes.All(node => node.Name.Length == 1)
            ? string.Concat(nodes.Select(node => node.Name))
            : CSharpNames.Camel(string.Join("_", nodes.Select(node => node.Name)));
}
