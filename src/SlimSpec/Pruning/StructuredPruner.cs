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

    /// <summary>Copies what stays of one layer into a slim one.</summary>
    /// <param name="dense">The layer to cut.</param>
    /// <param name="slim">A layer of the sizes that stay.</param>
    /// <param name="layer">Number of the layer in the model to cut.</param>
    /// <param name="selection">What stays.</param>
    public abstract void Slice(DecoderLayer dense, DecoderLayer slim, int layer, Selection selection);

    /// <summary>Copies what stays of embedding and head into a slim model.</summary>
    /// <param name="dense">The model to cut.</param>
    /// <param name="slim">A model of the sizes that stay.</param>
    /// <param name="selection">What stays.</param>
    /// <exception cref="NotSupportedException">No unit of this recipe runs through them.</exception>
    public virtual void Slice(CausalLM dense, CausalLM slim, Selection selection) => throw new NotSupportedException("No unit of this recipe runs through embedding and head.");

    /// <summary>The shape after a cut: units first, then layers.</summary>
    /// <param name="shape">The shape before it.</param>
    /// <param name="selection">What stays.</param>
    public ModelShape Shrink(ModelShape shape, Selection selection)
    {
        var narrow = selection.Units.Aggregate(shape, (before, group) => group.Value.Length == 0
            ? before.WithoutBranch(group.Key.Unit, group.Key.Layer)
            : Shrink(before, group.Key.Unit, group.Key.Layer, group.Value.Length));
        return selection.Layers is { } layers ? narrow.KeepLayers(layers) : narrow;
    }
}
