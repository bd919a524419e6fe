namespace SlimSpec;

/// <summary>
/// Weight magnitude: a channel's score is the sum of <c>|w|</c> (L1) or of <c>w^2</c> (L2) over its elements, without a
/// root. The reduction over members is honoured; LLM-Pruner ignores its option here and always takes the mean.
/// </summary>
/// <param name="squared">L2 rather than L1.</param>
/// <param name="reduction">How the members of a coupled structure become one score.</param>
public sealed class MagnitudeScores(bool squared, GroupReduction reduction) : ElementScores(reduction)
{
    /// <inheritdoc/>
    protected override torch.Tensor Elements(NamedWeight weight, torch.Tensor rows, long start) => squared ? rows.square() : rows.abs();
}
