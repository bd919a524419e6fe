namespace SlimSpec;

/// <summary>
/// Statistics of one input of linears by channel, over all calibration samples. Every token counts. They run in float64 over one
/// sample at a time, so that it does not matter in which batches samples came.
/// </summary>
public sealed class InputStatistics : IDisposable
{
    // A sample is widened to float64 in pieces of so many tokens.
    private const long TokensAtATime = 256;

    private readonly torch.Tensor _mean;
    private readonly torch.Tensor _deviation;
    private readonly torch.Tensor _absolute;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="device">Where it is.</param>
    internal InputStatistics(long channels, torch.Device device)
    {
        _mean = Zeros();
        _deviation = Zeros();
        _absolute = Zeros();
        torch.Tensor Zeros() => torch.zeros(channels, dtype: torch.ScalarType.Float64, device: device).DetachFromDisposeScope();
    }

    /// <summary>Samples seen.</summary>
    public long Samples { get; private set; }

    /// <summary>Tokens seen.</summary>
    public long Tokens { get; private set; }

    /// <summary>Mean over all tokens, <c>[in]</c>, float64; not the caller's to free.</summary>
    public torch.Tensor Mean => _mean;

    /// <summary>Unbiased variance over all tokens, <c>[in]</c>, float64.</summary>
    public torch.Tensor Variance => _deviation / Math.Max(1, Tokens - 1);

    /// <summary>Sum of squares over all tokens divided by the number of samples, <c>[in]</c>, float64 (Wanda counts samples, not tokens).</summary>
    public torch.Tensor SquaresPerSample => (_deviation + (_mean.square() * Tokens)) / Samples;

    /// <summary>Mean absolute value of each sample, by the L2 norm over samples: <c>[in]</c>, float64 (Minitron).</summary>
    public torch.Tensor MeanAbsolute => _absolute.sqrt();

    /// <summary>Takes a batch in.</summary>
    /// <param name="input"><c>[batch, tokens, in]</c>.</param>
    public void Add(torch.Tensor input)
    {
        using var noGradients = torch.no_grad();
        for (long sample = 0; sample < input.size(0); sample++)
        {
            using var scope = torch.NewDisposeScope();
            AddSample(input.select(0, sample));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _mean.Dispose();
        _deviation.Dispose();
        _absolute.Dispose();
    }

    // [tokens, in]
    private void AddSample(torch.Tensor sample)
    {
        var absolute = _mean.zeros_like();
        for (long start = 0; start < sample.size(0); start += TokensAtATime)
        {
            using var scope = torch.NewDisposeScope();
            var part = sample.narrow(0, start, Math.Min(TokensAtATime, sample.size(0) - start)).to(torch.ScalarType.Float64);
            absolute.add_(part.abs().sum([0]));
            Merge(part);
        }

        _absolute.add_(absolute.div_((double)sample.size(0)).square());
        Samples++;
    }

    // Two passes over the part, and the formula of Chan et al. (1983) for the mean and the squared deviation of it and all before it.
    private void Merge(torch.Tensor part)
    {
        var (before, tokens) = (Tokens, part.size(0));
        Tokens += tokens;
        var mean = part.mean([0]);
        var apart = mean - _mean;
        _deviation.add_((part - mean).square().sum([0])).add_(apart.square() * ((double)before * tokens / Tokens));
        _mean.add_(apart * ((double)tokens / Tokens));
    }
}
