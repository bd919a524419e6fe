namespace SlimSpec;

/// <summary>Cross-entropy of next-token prediction, in nats.</summary>
public static class Loss
{
    /// <summary>A target that is not scored.</summary>
    public const long Ignored = -100;

    /// <summary>Negative log-likelihood of each target, <c>[rows]</c>, in float32 or wider.</summary>
    /// <param name="logits"><c>[rows, vocab]</c>.</param>
    /// <param name="targets">Token ids <c>[rows]</c>, int64.</param>
    public static torch.Tensor PerToken(torch.Tensor logits, torch.Tensor targets) =>
        torch.nn.functional.cross_entropy(Wide(logits), targets, reduction: torch.nn.Reduction.None);

    /// <summary>Log-probabilities of every token, <c>[rows, vocab]</c>, in float32 or wider.</summary>
    /// <param name="logits"><c>[rows, vocab]</c>.</param>
    public static torch.Tensor LogProbabilities(torch.Tensor logits) => torch.nn.functional.log_softmax(Wide(logits), -1);

    /// <summary>Mean over all targets that are not <see cref="Ignored"/>: a scalar.</summary>
    /// <param name="logits"><c>[batch, tokens, vocab]</c> or <c>[rows, vocab]</c>.</param>
    /// <param name="targets">Token ids of the same leading shape, int64.</param>
    public static torch.Tensor Mean(torch.Tensor logits, torch.Tensor targets) =>
        torch.nn.functional.cross_entropy(Wide(logits).reshape(-1, logits.size(-1)), targets.reshape(-1), ignore_index: Ignored);

    /// <summary>Sum over all targets: a scalar.</summary>
    /// <param name="logits"><c>[rows, answers]</c>.</param>
    /// <param name="targets">The right answers <c>[rows]</c>, int64.</param>
    public static torch.Tensor Sum(torch.Tensor logits, torch.Tensor targets) =>
        torch.nn.functional.cross_entropy(Wide(logits), targets, reduction: torch.nn.Reduction.Sum);

    /// <summary>
    /// Kullback-Leibler divergence <c>sum p (log p - log q)</c> of what one model says from what another says, summed over the rows: a
    /// scalar. Gradients flow into <paramref name="logits"/>.
    /// </summary>
    /// <param name="reference">Logits of the first, <c>[rows, answers]</c>: p.</param>
    /// <param name="logits">Logits of the second, <c>[rows, answers]</c>: q.</param>
    /// <param name="temperature">What both are divided by.</param>
    public static torch.Tensor Divergence(torch.Tensor reference, torch.Tensor logits, double temperature = 1)
    {
        var logQ = torch.nn.functional.log_softmax(Wide(logits) / temperature, -1);
        var logP = torch.nn.functional.log_softmax(reference.to(logQ.dtype) / temperature, -1);
        return (logP.exp() * (logP - logQ)).sum();
    }

    /// <summary>The logits in float32 or wider: sixteen bits are too few for a sum over the vocabulary.</summary>
    private static torch.Tensor Wide(torch.Tensor logits) =>
        logits.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16 ? logits.to(torch.ScalarType.Float32) : logits;
}
