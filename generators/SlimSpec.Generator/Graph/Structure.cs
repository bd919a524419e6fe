using System.Collections.Generic;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>What of a node is stored.</summary>
internal enum Stored
{
    /// <summary>A matrix, a table or a norm's scale: <c>NAME.weight</c>.</summary>
    Weight,

    /// <summary>A bias: <c>NAME.bias</c>.</summary>
    Bias,

    /// <summary>One ALiBi slope a head, which follows from the number of heads until heads are cut.</summary>
    Slopes,
}

/// <summary>One axis of something stored.</summary>
/// <param name="Section">The section of the node.</param>
/// <param name="Node">The node that owns it.</param>
/// <param name="Stored">What of the node.</param>
/// <param name="Axis">0: rows, the output side; 1: columns, the input side.</param>
/// <param name="Factors">The axis's factors, outermost first.</param>
internal sealed record StoredAxis(GraphSections Section, GraphNode Node, Stored Stored, int Axis, IReadOnlyList<AxisFactor> Factors);

/// <summary>A stored axis that belongs to a coupled structure.</summary>
/// <param name="Of">The axis.</param>
/// <param name="Grouped">Dimension whose units are grouped under the structure's (<c>heads</c> under <c>kv_heads</c>), or null.</param>
/// <param name="Inner">Dimensions that follow inside a unit, for example <c>head_dim</c>.</param>
internal sealed record Member(StoredAxis Of, string? Grouped, IReadOnlyList<string> Inner)
{
    public GraphNode Node => Of.Node;

    /// <summary>Whether its weight has a say in the unit's importance: biases and slopes go along.</summary>
    public bool IsScored => Of.Stored == Stored.Weight;
}

/// <summary>Axes of weights that can only be cut together.</summary>
/// <param name="Unit">What is cut, for example <c>mlp</c>.</param>
/// <param name="Dimension">The dimension that counts the units.</param>
/// <param name="Within">The dimension in each unit of which equally many stay (query heads within <c>kv_heads</c>), or null.</param>
/// <param name="IsWholeModel">Whether it runs through all layers, embedding and head: the residual stream's channels.</param>
/// <param name="Members">The axes, in the order of the graph.</param>
internal sealed record Structure(string Unit, string Dimension, string? Within, bool IsWholeModel, IReadOnlyList<Member> Members);
