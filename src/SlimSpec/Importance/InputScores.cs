namespace SlimSpec;

/// <summary>
/// Channel scores that come from what flows through a channel. A channel counts where a linear reads it, so that of a structure the input
/// sides count alone, and of those what the layer was observed to read; rows, norms, embedding and head add nothing. Scores are float64.
/// </summary>
/// <param name="statistics">Statistics of the layer's inputs.</param>
public abstract class InputScores(ActivationStatistics statistics) : LayerScores
{
    /// <summary>Statistics of the layer's inputs.</summary>
    protected ActivationStatistics Statistics => statistics;

    /// <inheritdoc/>
    public sealed override torch.Tensor Rows(NamedWeight weight) => Nothing(weight.Value.size(0));

    /// <inheritdoc/>
    public sealed override torch.Tensor Vector(NamedWeight weight) => Nothing(weight.Value.size(0));

    /// <inheritdoc/>
    public sealed override torch.Tensor Columns(NamedWeight weight)
    {
        using var noGradients = torch.no_grad();
        return statistics.Find(weight) is { } input ? Channels(weight, input) : Nothing(weight.Value.size(1));
    }

    /// <summary>The sum over members and over the channels of a unit.</summary>
    public override torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members)
    {
        var channels = GroupReduction.Sum.Apply(members);
        return channels.dim() == 1 ? channels : channels.sum([1]);
    }

    /// <summary>Score of each channel that a linear reads, <c>[in]</c>, float64.</summary>
    /// <param name="weight">The linear's weight <c>[out, in]</c>.</param>
    /// <param name="input">Statistics of what it reads.</param>
    protected abstract torch.Tensor Channels(NamedWeight weight, InputStatistics input);

    private torch.Tensor Nothing(long channels) => torch.zeros(channels, dtype: torch.ScalarType.Float64, device: statistics.Device);
}
