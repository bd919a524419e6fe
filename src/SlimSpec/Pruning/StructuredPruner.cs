namespace SlimSpec;

/// <summary>
/// Scoring and slicing of one recipe's coupled structures. Generated code derives from it and has, beside these
/// overrides, one typed score and one typed slice method per structure.
/// </summary>
public abstract class StructuredPruner
{
    /// <summary>The number under which a structure of the whole model stands where others have their layer's.</summary>
    public const int WholeModel = -1;

    /// <summary>What can be cut.</summary>
    public abstract IReadOnlyList<CoupledStructure> Structures { get; }

    /// <summary>Number of units of <paramref name="unit"/> in one layer, or in the whole model.</summary>
    public abstract int Units(ModelShape shape, string unit, int layer);

    /// <summary>The shape after <paramref name="kept"/> units of <paramref name="unit"/> remain in one layer, or in the whole model.</summary>
    public abstract ModelShape Shrink(ModelShape shape, string unit, int layer, int kept);

    /// <summary>Importance of each unit of one layer, <c>[units]</c>.</summary>
    /// <param name="layer">A layer of this recipe's model.</param>
    /// <param name="unit">Which structure.</param>
    /// <param name="scores">Scores of the layer's weights, and how they are reduced over a structure's members.</param>
    public abstract torch.Tensor Score(DecoderLayer layer, string unit, LayerScores scores);

    /// <summary>Importance of each unit of a structure of the whole model, <c>[units]</c>.</summary>
    /// <param name="model">A model of this recipe.</param>
    /// <param name="unit">Which structure.</param>
    /// <param name="scores">Scores of the model's weights, and how they are reduced over a structure's members.</param>
    /// <exception cref="ArgumentException">No structure of the whole model has that unit.</exception>
    public virtual torch.Tensor Score(CausalLM model, string unit, LayerScores scores) => throw new ArgumentException($"There is no unit '{unit}' of the whole model.", nameof(unit));

    /// <summary>
    /// Cuts a model to the kept units. Consumes <paramref name="dense"/>: each layer is freed as soon as its slim one is
    /// made, so that memory grows by one layer at most.
    /// </summary>
    /// <param name="dense">The model to cut; not usable afterwards.</param>
    /// <param name="kept">Kept unit numbers, ascending, by layer and unit; what is absent stays whole.</param>
    public abstract CausalLM Slice(CausalLM dense, IReadOnlyDictionary<(int Layer, string Unit), int[]> kept);

    /// <summary>The shape after all of the cuts.</summary>
    /// <param name="shape">The shape before them.</param>
    /// <param name="kept">Kept unit numbers by layer and unit.</param>
    public ModelShape Shrink(ModelShape shape, IReadOnlyDictionary<(int Layer, string Unit), int[]> kept) =>
        kept.Aggregate(shape, (before, group) => Shrink(before, group.Key.Unit, group.Key.Layer, group.Value.Length));
}
