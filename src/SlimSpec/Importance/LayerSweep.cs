namespace SlimSpec;

/// <summary>
/// Calibration samples on their way through a model, in micro batches: all of them go through a layer before the next one is needed.
/// Whoever advances them holds the layer.
/// </summary>
internal sealed class LayerSweep : IDisposable
{
    private readonly torch.Tensor[] _ids;
    private readonly torch.Tensor[] _hidden;

    /// <summary>Embeds the samples.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">Token ids <c>[samples, tokens]</c>, int64.</param>
    public LayerSweep(CausalLM model, torch.Tensor samples)
    {
        using var noGradients = torch.no_grad();
        _ids = MicroBatch.Of(model, samples);
        _hidden = LayerSteps.Embed(model, _ids);
        foreach (var tensor in _ids.Concat(_hidden))
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>The micro batches' states, <c>[rows, tokens, hidden]</c> each.</summary>
    public IReadOnlyList<torch.Tensor> Hidden => _hidden;

    /// <summary>Replaces the states by what follows from them.</summary>
    /// <param name="step">Takes a micro batch's token ids and states.</param>
    public void Advance(Func<torch.Tensor, torch.Tensor, torch.Tensor> step)
    {
        using var noGradients = torch.no_grad();
        for (var batch = 0; batch < _hidden.Length; batch++)
        {
            using var before = _hidden[batch];
            _hidden[batch] = step(_ids[batch], before).DetachFromDisposeScope();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _hidden.Concat(_ids))
        {
            tensor.Dispose();
        }
    }
}
