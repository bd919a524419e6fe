namespace SlimSpec;

/// <summary>
/// The calibration loss without a unit of one layer, for one layer after the other (Shortened LLaMA: Kim et al. 2024; a round of SLEB: Song et al.
/// 2024). All that the models without a layer have in common is computed once: below the layer they are the whole model. That takes half of the
/// layer runs that removing each by itself would, with the same result, and each layer's weights are needed once.
/// </summary>
internal sealed class RemovalLoss
{
    private readonly CausalLM _model;
    private readonly DepthUnit _unit;
    private readonly int[] _candidates;
    private readonly double[] _nll;

    private RemovalLoss(CausalLM model, DepthUnit unit, IEnumerable<int> candidates)
    {
        (_model, _unit, _candidates) = (model, unit, [.. candidates.Order()]);
        _nll = new double[model.Layers.Count];
    }

    /// <summary>Mean cross-entropy in nats without the unit of each candidate, by layer; NaN for the others.</summary>
    /// <param name="model">The model.</param>
    /// <param name="unit">What goes, and what is gone.</param>
    /// <param name="candidates">Layers to try it on.</param>
    /// <param name="samples">Token ids <c>[samples, tokens]</c>, int64; every token but the first of a row is predicted.</param>
    /// <param name="progress">Called after each layer of each chunk of samples.</param>
    public static double[] Take(CausalLM model, DepthUnit unit, IEnumerable<int> candidates, torch.Tensor samples, Action<ProgressUpdate>? progress)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var losses = new RemovalLoss(model, unit, candidates);
        var batches = MicroBatch.Of(model, samples);
        var states = batches[0].numel() * model.Shape.HiddenSize * (losses._candidates.Length + 1);
        var chunks = batches.Chunk(LayerSteps.BatchesTogether(model, states)).ToArray();
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            losses.TakeChunk(chunks[chunk], layer => progress?.Invoke(new("scoring", ((long)chunk * model.Layers.Count) + layer + 1, (long)chunks.Length * model.Layers.Count)));
        }

        var predictions = samples.size(0) * (samples.size(1) - 1);
        return [.. losses._nll.Select((nll, layer) => losses._candidates.Contains(layer) ? nll / predictions : double.NaN)];
    }

    private void TakeChunk(torch.Tensor[] batches, Action<int> report)
    {
        using var scope = torch.NewDisposeScope();
        var whole = LayerSteps.Embed(_model, batches);
        var without = new Dictionary<int, torch.Tensor[]>();
        for (var layer = 0; layer < _model.Layers.Count; layer++)
        {
            if (_unit.MissingLayers.Contains(layer))
            {
                continue;
            }

            using var held = _model.Use(layer);
            foreach (var states in without.Values)
            {
                Advance(states, batches, layer);
            }

            if (_candidates.Contains(layer))
            {
                without[layer] = [.. batches.Select((ids, batch) => _unit.Without(layer, ids, whole[batch]))];
            }

            if (layer < _candidates[^1])
            {
                Advance(whole, batches, layer);
            }

            report(layer);
        }

        using var head = _model.UseHead();
        foreach (var (layer, states) in without)
        {
            _nll[layer] += batches.Select((ids, batch) => Perplexity.WindowNll(_model, states[batch], ids).Sum()).Sum();
        }
    }

    private void Advance(torch.Tensor[] states, torch.Tensor[] batches, int layer)
    {
        for (var batch = 0; batch < states.Length; batch++)
        {
            using var before = states[batch];
            states[batch] = _unit.Run(layer, batches[batch], before);
        }
    }
}
