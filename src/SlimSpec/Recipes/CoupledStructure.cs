namespace SlimSpec;

/// <summary>
/// Weights that can only be cut together, as the generator found them by unifying axes through the model's graph
/// (LLM-Pruner's dependency rule at the granularity of axes).
/// </summary>
/// <param name="Unit">What is cut: <c>mlp</c> (one channel), <c>attention</c> (one head, or one KV group with its query heads), <c>hidden</c> (one channel of the residual stream).</param>
/// <param name="Dimension">The dimension that counts the units, for example <c>ffn</c> or <c>kv_heads</c>.</param>
/// <param name="Members">The weights' axes that are tied, in the order of the graph.</param>
public sealed record CoupledStructure(string Unit, string Dimension, IReadOnlyList<CoupledMember> Members)
{
    /// <summary>Channels that a unit has, as LLM-Pruner counts them: <c>head_dim</c> for heads and KV groups, 1 for channels.</summary>
    public int ChannelsPerUnit { get; init; } = 1;

    /// <summary>The dimension in each unit of which equally many stay: <c>kv_heads</c> for query heads that are cut within their groups; else null.</summary>
    public string? Within { get; init; }

    /// <summary>Whether the structure runs through embedding, all layers and head, so that one cut is the same everywhere.</summary>
    public bool IsWholeModel { get; init; }
}

/// <summary>One tied axis of one weight.</summary>
/// <param name="Weight">Name inside the layer, for example <c>mlp.gate_proj.weight</c>; the whole name outside the layers.</param>
/// <param name="Axis">0: rows, the output side; 1: columns, the input side.</param>
/// <param name="ChannelsPerUnit">How the axis is laid out: elements that belong to one unit, for example <c>head_dim</c>, or query heads per KV group times head_dim.</param>
/// <param name="InLayer">Whether every layer has it.</param>
public sealed record CoupledMember(string Weight, int Axis, string ChannelsPerUnit, bool InLayer = true);
