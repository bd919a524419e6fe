namespace SlimSpec;

/// <summary>
/// Fluctuation (FLAP, its metric WIFV: An et al. 2024, section 3.2): a channel's score is <c>Var(x_j) * sum_i W_ij^2</c>, with the
/// unbiased variance over all tokens. Where units are heads the channels' scores are squared, and a head's is their sum. FLAP's own code updates its
/// running mean in place, so that what it calls a variance is something else.
/// </summary>
/// <param name="statistics">Statistics of the layer's inputs.</param>
/// <param name="heads">Whether the units are heads, of several channels each.</param>
/// <param name="standardized">
/// Whether channels become z-scores within the layer, and a head's score their mean, so that layers and structures can be ranked together (FLAP's AL-AM).
/// </param>
public sealed class FlapScores(ActivationStatistics statistics, bool heads, bool standardized) : InputScores(statistics)
{
    private readonly MagnitudeScores _weights = new(squared: true, GroupReduction.Sum);
    private long _channels;

    /// <inheritdoc/>
    public override torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members)
    {
        var sums = base.Reduce(members);
        return standardized ? sums * ((double)sums.size(0) / _channels) : sums;
    }

    /// <inheritdoc/>
    protected override torch.Tensor Channels(NamedWeight weight, InputStatistics input)
    {
        var scores = input.Variance * _weights.Columns(weight).to(torch.ScalarType.Float64);
        scores = heads ? scores.square() : scores;
        _channels = scores.size(0);
        return standardized ? Standard(scores) : scores;
    }

    private static torch.Tensor Standard(torch.Tensor scores)
    {
        var spread = scores.size(0) > 1 ? scores.std().item<double>() : 0;
        return (scores - scores.mean()) / (spread > 0 ? spread : 1); // equal scores are all average
    }
}
