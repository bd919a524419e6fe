namespace SlimSpec;

/// <summary>
/// Weights that can only be cut together, as the generator found them by unifying axes through the layer's graph
/// (LLM-Pruner's dependency rule at the granularity of axes).
/// </summary>
/// <param name="Unit">What is cut: <c>mlp</c> (one channel) or <c>attention</c> (one KV group with its query heads).</param>
/// <param name="Dimension">The layer dimension that counts the units, for example <c>ffn</c> or <c>kv_heads</c>.</param>
/// <param name="Members">The weights' axes that are tied, in the order of the graph.</param>
public sealed record CoupledStructure(string Unit, string Dimension, IReadOnlyList<CoupledMember> Members);

/// <summary>One tied axis of one weight.</summary>
/// <param name="Weight">Name inside the layer, for example <c>mlp.gate_proj.weight</c>.</param>
/// <param name="Axis">0: rows, the output side; 1: columns, the input side.</param>
/// <param name="ChannelsPerUnit">How the axis is laid out: elements that belong to one unit, for example <c>head_dim</c>, or query heads per KV group times head_dim.</param>
public sealed record CoupledMember(string Weight, int Axis, string ChannelsPerUnit);
