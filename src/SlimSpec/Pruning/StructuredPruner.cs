namespace SlimSpec;

/// <summary>
/// Scoring and slicing of one recipe's coupled structures. Generated code derives from it and has, beside these
/// overrides, one typed score and one typed slice method per structure.
/// </summary>
public abstract class StructuredPruner
{
    /// <summary>What can be cut, per layer.</summary>
    public abstract IReadOnlyList<CoupledStructure> Structures { get; }

    /// <summary>Number of units of <paramref name="unit"/> in one layer.</summary>
    public abstract int Units(ModelShape shape, string unit, int layer);

    /// <summary>The shape after <paramref name="kept"/> units of <paramref name="unit"/> remain in one layer.</summary>
    public abstract ModelShape Shrink(ModelShape shape, string unit, int layer, int kept);

    /// <summary>Importance of each unit of one layer, <c>[units]</c>.</summary>
    /// <param name="layer">A layer of this recipe's model.</param>
    /// <param name="unit">Which structure.</param>
    /// <param name="scores">Scores of the layer's weights, and how they are reduced over a structure's members.</param>
    public abstract torch.Tensor Score(DecoderLayer layer, string unit, LayerScores scores);

    /// <summary>
    /// Cuts a model to the kept units. Consumes <paramref name="dense"/>: each layer is freed as soon as its slim one is
    /// made, so that memory grows by one layer at most.
    /// </summary>
    /// <param name="dense">The model to cut; not usable afterwards.</param>
    /// <param name="kept">Kept unit numbers, ascending, by layer and unit; what is absent stays whole.</param>
    public abstract CausalLM Slice(CausalLM dense, IReadOnlyDictionary<(int Layer, string Unit), int[]> kept);
}
