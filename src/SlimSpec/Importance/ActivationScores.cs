namespace SlimSpec;

/// <summary>
/// Mean absolute activation (Minitron: Muralidharan et al. 2024, section 2.2, as ModelOpt computes it): the mean of <c>|x_j|</c> over the tokens
/// of a sample, by the L2 norm over samples. A head's score is the L2 norm over its channels. A channel of the residual stream has the sum over
/// all distinct inputs that layers read it as, which are the outputs of their norms.
/// </summary>
/// <param name="statistics">Statistics of the layer's inputs.</param>
/// <param name="wholeModel">Whether the units run through the whole model.</param>
public sealed class ActivationScores(ActivationStatistics statistics, bool wholeModel) : InputScores(statistics)
{
    /// <inheritdoc/>
    public override torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members) => wholeModel ? base.Reduce(members) : base.Reduce(members).sqrt();

    /// <inheritdoc/>
    protected override torch.Tensor Channels(NamedWeight weight, InputStatistics input) =>
        !wholeModel ? input.MeanAbsolute.square()
        : Statistics.IsFirst(weight) ? input.MeanAbsolute
        : input.MeanAbsolute.zeros_like();
}
