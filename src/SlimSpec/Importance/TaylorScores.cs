namespace SlimSpec;

/// <summary>
/// What the loss would lose by a weight, from its Taylor expansion (LLM-Pruner, Ma et al. 2023, section 3.2), with
/// <c>g</c> the gradient of the mean loss and <c>A</c> the mean over examples of each example's squared gradient. Element scores are
/// <c>w*g</c> (vector, first), <c>w*A*w</c> (second) and <c>w*g - w*A*w/2</c> (mix); a channel's score is the sum of their
/// absolute values, for vector the absolute value of their sum.
/// </summary>
/// <param name="order">Which expansion.</param>
/// <param name="reduction">How the members of a coupled structure become one score.</param>
/// <param name="gradients">Gradients of the layer's weights, by the weight's full name.</param>
public sealed class TaylorScores(TaylorOrder order, GroupReduction reduction, IReadOnlyDictionary<string, WeightGradient> gradients)
    : ElementScores(reduction)
{
    /// <inheritdoc/>
    protected override bool Signed => order == TaylorOrder.Vector;

    /// <summary>The statistics of the gradient that an order needs.</summary>
    public static GradientStatistics Needs(TaylorOrder order) => order switch
    {
        TaylorOrder.Second => GradientStatistics.MeanSquare,
        TaylorOrder.Mix => GradientStatistics.Mean | GradientStatistics.MeanSquare,
        _ => GradientStatistics.Mean,
    };

    /// <inheritdoc/>
    protected override torch.Tensor Elements(NamedWeight weight, torch.Tensor rows, long start)
    {
        var gradient = gradients[weight.Name];
        var mean = gradient.Mean?.narrow(0, start, rows.size(0));
        var square = gradient.MeanSquare?.narrow(0, start, rows.size(0));
        return order switch
        {
            TaylorOrder.Vector => rows.mul(mean!),
            TaylorOrder.First => rows.mul(mean!).abs_(),
            TaylorOrder.Second => rows.square().mul_(square!), // never negative
            TaylorOrder.Mix => mean!.addcmul(rows, square!, -0.5).mul_(rows).abs_(),
            _ => throw new ArgumentOutOfRangeException(nameof(weight), order, "No such Taylor expansion."),
        };
    }
}
