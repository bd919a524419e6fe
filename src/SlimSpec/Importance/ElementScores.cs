namespace SlimSpec;

/// <summary>
/// Channel scores that are sums of element scores: every weight element has a score of its own, a row's or column's
/// score is their sum. Sums run in float32 (float64 for float64 weights) whatever the weights are stored in, over a few
/// rows at a time, so that no second matrix of the weight's size is ever made.
/// </summary>
/// <param name="reduction">How the members of a coupled structure become one score.</param>
public abstract class ElementScores(GroupReduction reduction) : LayerScores
{
    private const long ElementsAtATime = 1 << 18;

    /// <summary>Whether elements are summed with their signs and the channel's score is the sum's absolute value.</summary>
    protected virtual bool Signed => false;

    /// <summary>Element scores <c>[rows, in]</c> of some rows of a weight, as a new tensor in <see cref="SumType"/>.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="rows">Its rows in question, <c>[rows, in]</c>, in <see cref="SumType"/>; a view where the weight has that dtype.</param>
    /// <param name="start">Number of the first row.</param>
    protected abstract torch.Tensor Elements(NamedWeight weight, torch.Tensor rows, long start);

    /// <inheritdoc/>
    public sealed override torch.Tensor Rows(NamedWeight weight)
    {
        using var noGradients = torch.no_grad();
        var sums = torch.empty(weight.Value.size(0), dtype: SumType(weight.Value.dtype), device: weight.Value.device);
        ForEachBlock(weight, (elements, start) => sums.narrow(0, start, elements.size(0)).copy_(elements.sum([1])));
        return Signed ? sums.abs_() : sums;
    }

    /// <inheritdoc/>
    public sealed override torch.Tensor Columns(NamedWeight weight)
    {
        using var noGradients = torch.no_grad();
        var sums = torch.zeros(weight.Value.size(1), dtype: SumType(weight.Value.dtype), device: weight.Value.device);
        ForEachBlock(weight, (elements, _) => sums.add_(elements.sum([0])));
        return Signed ? sums.abs_() : sums;
    }

    /// <inheritdoc/>
    public sealed override torch.Tensor Vector(NamedWeight weight)
    {
        using var noGradients = torch.no_grad();
        using var values = weight.Value.to(SumType(weight.Value.dtype)); // elements are a new tensor, even where this is the weight itself
        var scores = Elements(weight, values, 0);
        return Signed ? scores.abs_() : scores;
    }

    /// <summary>Members are reduced channel by channel, as LLM-Pruner does; a unit's score is the sum over its channels.</summary>
    public sealed override torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members)
    {
        var channels = reduction.Apply(members);
        return channels.dim() == 1 ? channels : channels.sum([1]);
    }

    /// <summary>The dtype scores of such weights are summed in.</summary>
    internal static torch.ScalarType SumType(torch.ScalarType weights) =>
        weights == torch.ScalarType.Float64 ? torch.ScalarType.Float64 : torch.ScalarType.Float32;

    private void ForEachBlock(NamedWeight weight, Action<torch.Tensor, long> add)
    {
        var (rows, columns) = (weight.Value.size(0), weight.Value.size(1));
        var step = Math.Max(1, ElementsAtATime / columns);
        for (long start = 0; start < rows; start += step)
        {
            using var scope = torch.NewDisposeScope();
            var block = weight.Value.narrow(0, start, Math.Min(step, rows - start)).to(SumType(weight.Value.dtype));
            add(Elements(weight, block, start), start);
        }
    }
}
