using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// Which nodes keep the same units of the dimensions they share. Every operation but a linear ties what it reads and puts out;
/// a layer's output is the next one's input.
/// </summary>
internal sealed class NodeTies
{
    private const string StreamClass = "";
    private readonly List<(GraphNode Node, string Class)> _sources = [];
    private readonly Dictionary<string, string> _classes = [];

    public NodeTies(IReadOnlyList<GraphNode> embedding, IReadOnlyList<GraphNode> layer, IReadOnlyList<GraphNode> head)
    {
        Visit(embedding, "embedding", endsInStream: true);
        Visit(layer, "layer", endsInStream: true);
        Visit(head, "head", endsInStream: false);
    }

    /// <summary>Two nodes that put out a dimension and need not keep the same units of it, if there are such.</summary>
    public (string One, string Other)? FirstUntied(string dimension)
    {
        var sources = _sources.Where(source => source.Node.Out.Contains(dimension)).ToList();
        return sources.Skip(1).Where(other => Root(other.Class) != Root(sources[0].Class)).Select(other => other.Node.Name).FirstOrDefault() is { } found
            ? (sources[0].Node.Name, found)
            : null;
    }

    private void Visit(IReadOnlyList<GraphNode> nodes, string section, bool endsInStream)
    {
        string Class(string node) => node == GraphAxes.Stream && section != "embedding" ? StreamClass : $"{section}.{node}";
        foreach (var node in nodes)
        {
            if (node.Op is "linear" or "embedding")
            {
                _sources.Add((node, Class(node.Name)));
                continue;
            }

            foreach (var input in node.Inputs)
            {
                Tie(Class(input.Node), Class(node.Name));
            }
        }

        if (endsInStream && nodes.Count > 0)
        {
            Tie(Class(nodes[nodes.Count - 1].Name), StreamClass);
        }
    }

    private void Tie(string one, string other)
    {
        if (Root(one) != Root(other))
        {
            _classes[Root(one)] = Root(other);
        }
    }

    private string Root(string name)
    {
        while (_classes.TryGetValue(name, out var other))
        {
            name = other;
        }

        return name;
    }
}
