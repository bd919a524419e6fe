namespace SlimSpec;

/// <summary>
/// Scores of one layer's weights by channel, for generated code to align and sum over the members of a coupled
/// structure. A channel score is what the method makes of one row (output side) or one column (input side).
/// </summary>
public abstract class LayerScores
{
    /// <summary>Score of each row of a weight, <c>[out]</c>.</summary>
    /// <param name="weight">The weight's full name.</param>
    public abstract torch.Tensor Rows(NamedWeight weight);

    /// <summary>Score of each column of a weight, <c>[in]</c>.</summary>
    /// <param name="weight">The weight's full name.</param>
    public abstract torch.Tensor Columns(NamedWeight weight);

    /// <summary>Score of each element of a vector, a norm's scale: <c>[size]</c>.</summary>
    /// <param name="weight">The vector.</param>
    public abstract torch.Tensor Vector(NamedWeight weight);

    /// <summary>
    /// Reduces member scores to one score a unit, <c>[units]</c>. Members come in the order of the graph, aligned: each is
    /// <c>[units, channels]</c>, or <c>[units]</c> where a unit is one channel.
    /// </summary>
    public abstract torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members);
}
