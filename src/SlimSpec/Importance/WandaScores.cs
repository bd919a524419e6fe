namespace SlimSpec;

/// <summary>
/// Wanda for structures (Wanda-sp: An et al. 2024, section 4.1, after Sun et al. 2024): a channel's score is
/// <c>mean_i |W_ij| * sqrt(sum over tokens of x_j^2 / samples)</c>, a head's the sum over its channels.
/// </summary>
/// <param name="statistics">Statistics of the layer's inputs.</param>
public sealed class WandaScores(ActivationStatistics statistics) : InputScores(statistics)
{
    private readonly MagnitudeScores _weights = new(squared: false, GroupReduction.Sum);

    /// <inheritdoc/>
    protected override torch.Tensor Channels(NamedWeight weight, InputStatistics input) =>
        _weights.Columns(weight).to(torch.ScalarType.Float64) / weight.Value.size(0) * input.SquaresPerSample.sqrt();
}
