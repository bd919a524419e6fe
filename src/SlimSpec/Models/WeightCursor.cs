namespace SlimSpec;

/// <summary>Keeps those weights of a model in memory that were asked for last: a layer, or one tensor outside the layers.</summary>
internal sealed class WeightCursor(CausalLM model) : IDisposable
{
    private readonly Dictionary<string, (int Layer, IReadOnlyList<WeightLeaf> Leaves)> _places = Places(model);
    private IReadOnlyList<WeightLeaf>? _at;
    private WeightLease _lease;

    /// <summary>Brings a tensor of the model into memory, with the layer that it is in; what was asked for before goes.</summary>
    /// <param name="tensor">The tensor's name, or the name of a weight in it.</param>
    public void MoveTo(string tensor)
    {
        if (model.Stream is not { } stream || _places[tensor].Leaves == _at)
        {
            return;
        }

        _lease.Dispose();
        _at = _places[tensor].Leaves;
        _lease = stream.Use(model, _places[tensor].Layer, _at);
    }

    /// <summary>The values of a tensor as a checkpoint stores them.</summary>
    public torch.Tensor Value(CheckpointTensor tensor)
    {
        MoveTo(tensor.Name);
        return tensor.Value;
    }

    /// <inheritdoc/>
    public void Dispose() => _lease.Dispose();

    private static Dictionary<string, (int Layer, IReadOnlyList<WeightLeaf> Leaves)> Places(CausalLM model)
    {
        var places = new Dictionary<string, (int, IReadOnlyList<WeightLeaf>)>(StringComparer.Ordinal);
        foreach (var leaf in model.OuterLeaves)
        {
            Add(leaf, WeightStream.Outer, [leaf]);
        }

        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            var leaves = model.Layers[layer].Leaves;
            foreach (var leaf in leaves)
            {
                Add(leaf, layer, leaves);
            }
        }

        return places;

        void Add(WeightLeaf leaf, int layer, IReadOnlyList<WeightLeaf> leaves)
        {
            foreach (var name in leaf.Tensors.Select(tensor => tensor.Name).Concat(leaf.Parts.Select(part => part.Name)))
            {
                places[name] = (layer, leaves);
            }
        }
    }
}
