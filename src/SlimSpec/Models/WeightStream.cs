namespace SlimSpec;

/// <summary>
/// Where the weights of a model come from that is not in memory whole. They are loaded when somebody takes a lease
/// (<see cref="CausalLM.Use"/>) and freed when the last lease of them ends, so that whoever goes from layer to layer holds one layer.
/// </summary>
public abstract class WeightStream : IDisposable
{
    /// <summary>Stands for the embedding and the head where others have their layer.</summary>
    public const int Outer = -1;

    private readonly Dictionary<WeightLeaf, int> _leases = [];

    /// <summary>Bytes of weights that were read from the checkpoint so far.</summary>
    public abstract long BytesRead { get; }

    /// <summary>Takes a lease of some weights, loading those that nobody holds.</summary>
    /// <param name="model">The model that they belong to.</param>
    /// <param name="layer">Their layer, or <see cref="Outer"/>.</param>
    /// <param name="leaves">All of the layer's weights, or some outside the layers.</param>
    internal WeightLease Use(CausalLM model, int layer, IReadOnlyList<WeightLeaf> leaves)
    {
        var missing = leaves.Where(leaf => !_leases.ContainsKey(leaf)).ToList();
        if (missing.Count > 0)
        {
            Load(model, layer, missing);
        }

        foreach (var leaf in leaves)
        {
            _leases[leaf] = _leases.GetValueOrDefault(leaf) + 1;
        }

        return new(() => End(leaves));
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Brings weights into memory.</summary>
    /// <param name="model">The model that they belong to.</param>
    /// <param name="layer">Their layer, or <see cref="Outer"/>.</param>
    /// <param name="leaves">The weights: all of the layer's, or some outside the layers.</param>
    protected abstract void Load(CausalLM model, int layer, IReadOnlyList<WeightLeaf> leaves);

    private void End(IReadOnlyList<WeightLeaf> leaves)
    {
        foreach (var leaf in leaves)
        {
            if (--_leases[leaf] == 0)
            {
                _leases.Remove(leaf);
                leaf.Release();
            }
        }
    }
}
