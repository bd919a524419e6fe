namespace SlimSpec;

/// <summary>
/// Calibration samples on their way through a model, in micro batches: all of them go through a layer before the next one is needed.
/// Whoever advances them holds the layer.
/// </summary>
internal sealed class LayerSweep : IDisposable
{
    private readonly torch.Tensor[] _ids;
    private readonly torch.Tensor[] _hidden;
    private readonly PassJournal _journal;

    /// <summary>Embeds the samples, or takes them from where a journal says that they were left.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">Token ids <c>[samples, tokens]</c>, int64.</param>
    /// <param name="journal">The journal, if any.</param>
    public LayerSweep(CausalLM model, torch.Tensor samples, ScoringJournal? journal = null)
    {
        using var noGradients = torch.no_grad();
        _journal = new(journal, "sweep", model.Device);
        _ids = MicroBatch.Of(model, samples);
        First = Math.Max(0, _journal.LastInput([.. Enumerable.Range(0, model.Layers.Count)]));
        _hidden = First == 0 ? LayerSteps.Embed(model, _ids) : _journal.Recall(PassJournal.Input(First));
        foreach (var tensor in _ids.Concat(_hidden))
        {
            tensor.DetachFromDisposeScope();
        }
    }

    /// <summary>The layer that they are in front of at first.</summary>
    public int First { get; }

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

    /// <summary>Keeps the states in the journal.</summary>
    /// <param name="layer">The layer that they are in front of now.</param>
    public void Keep(int layer)
    {
        _journal.Keep(PassJournal.Input(layer), _hidden);
        _journal.Drop(PassJournal.Input(layer - 1));
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
