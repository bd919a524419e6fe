using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks that the axes of a node's inputs fit its operation.</summary>
internal sealed class AxisChecker(IReadOnlyDictionary<string, EquatableArray<string>> axes, Reporter report)
{
    /// <summary>Checks one node. What it reads and cannot be known has been reported already.</summary>
    public void Check(OpDefinition op, GraphNode node, MappingNode mapping, string path, Place at)
    {
        var input = node.Inputs.FirstOrDefault(read => read.Node is GraphAxes.Ids or GraphAxes.Positions && axes.TryGetValue(read.Node, out var axis) && axis.Count == 0);
        if (input is null == (op.Name == "embedding") && node.Inputs.Count > 0)
        {
            report.Add(Rules.Axes, Written(mapping, node.Inputs[0].Role, at), input is null
                ? $"'{path}' must read '{GraphAxes.Ids}', the token ids, or '{GraphAxes.Positions}'"
                : $"'{path}' reads '{input.Node}', which only an embedding can");
        }
        else if (op.Name is "add" or "mul" or "choose")
        {
            CheckEqual(node, mapping, path, at);
        }
        else if (op.Name == "attention")
        {
            CheckAttention(node, mapping, path, at);
        }
    }

    private void CheckEqual(GraphNode node, MappingNode mapping, string path, Place at)
    {
        var known = node.Inputs.Where(input => axes.ContainsKey(input.Node)).ToList();
        if (known.FirstOrDefault(input => axes[input.Node] != axes[known[0].Node]) is { } other)
        {
            report.Add(Rules.Axes, Written(mapping, "in", at), $"'{path}' must read equal axes, but '{known[0].Node}' has {Text(axes[known[0].Node])} and '{other.Node}' has {Text(axes[other.Node])}");
        }
    }

    private void CheckAttention(GraphNode node, MappingNode mapping, string path, Place at)
    {
        var (q, k, v) = (Axis(node, "q"), Axis(node, "k"), Axis(node, "v"));
        foreach (var (role, axis) in new[] { ("q", q), ("k", k), ("v", v) })
        {
            if (axis is { Count: not 2 } wrong)
            {
                report.Add(Rules.Axes, Written(mapping, role, at), $"'{path}.{role}' must have an axis [heads, head_dim], but '{node.Input(role)}' has {Text(wrong)}");
            }
        }

        if (k is { Count: 2 } keys && v is { Count: 2 } values && keys != values)
        {
            report.Add(Rules.Axes, Written(mapping, "v", at), $"'{path}' must read keys and values of equal axes, but '{node.Input("k")}' has {Text(keys)} and '{node.Input("v")}' has {Text(values)}");
        }

        if (q is { Count: 2 } queries && k is { Count: 2 } other && queries[1] != other[1])
        {
            report.Add(Rules.Axes, Written(mapping, "k", at), $"'{path}' must read queries and keys of one head size, but '{node.Input("q")}' has {Text(queries)} and '{node.Input("k")}' has {Text(other)}");
        }
    }

    private EquatableArray<string>? Axis(GraphNode node, string role) =>
        node.Inputs.FirstOrDefault(input => input.Role == role) is { } found && axes.TryGetValue(found.Node, out var axis) ? axis : null;

    private static Place Written(MappingNode mapping, string key, Place otherwise) => mapping.Find(key)?.Place ?? otherwise;

    /// <summary>For messages: <c>[heads, head_dim]</c>.</summary>
    public static string Text(EquatableArray<string> axis) => $"[{string.Join(", ", axis)}]";
}
