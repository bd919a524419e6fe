namespace SlimSpec;

/// <summary>Weights of a slim model, cut from those of a dense one, itself streamed, whenever they are asked for.</summary>
internal sealed class SlimStream : WeightStream
{
    private readonly StructuredPruner _pruner;
    private readonly CausalLM _dense;
    private readonly WeightStream _source;
    private readonly Selection _selection;
    private readonly IReadOnlyList<int> _layers;

    /// <summary>Takes the dense model over.</summary>
    /// <param name="pruner">The recipe's pruner.</param>
    /// <param name="dense">The model to cut.</param>
    /// <param name="slim">The slim model; its slopes, which are not streamed, are filled.</param>
    /// <param name="selection">What stays.</param>
    public SlimStream(StructuredPruner pruner, CausalLM dense, CausalLM slim, Selection selection)
    {
        (_pruner, _dense, _selection) = (pruner, dense, selection);
        _source = dense.Stream ?? throw new ArgumentException("The model is in memory.", nameof(dense));
        _layers = selection.Layers ?? [.. Enumerable.Range(0, dense.Layers.Count)];
        using var scope = torch.NewDisposeScope();
        for (var layer = 0; layer < _layers.Count; layer++)
        {
            ModelSurgery.CutSlopes(pruner, dense.Layers[_layers[layer]], slim.Layers[layer], _layers[layer], selection);
        }
    }

    /// <inheritdoc/>
    public override long BytesRead => _source.BytesRead;

    /// <inheritdoc/>
    public override void Dispose() => _dense.Dispose();

    /// <inheritdoc/>
    protected override void Load(CausalLM model, int layer, IReadOnlyList<WeightLeaf> leaves)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        if (layer == Outer)
        {
            int[] places = [.. Enumerable.Range(0, model.OuterLeaves.Count).Where(place => leaves.Contains(model.OuterLeaves[place]))];
            using var outer = _source.Use(_dense, Outer, [.. places.Select(place => _dense.OuterLeaves[place])]);
            ModelSurgery.CutOuter(_pruner, _dense, model, places, _selection);
            return;
        }

        using var held = _dense.Use(_layers[layer]);
        ModelSurgery.CutLayer(_pruner, _dense.Layers[_layers[layer]], model.Layers[layer], _layers[layer], _selection, model.Device);
    }
}
