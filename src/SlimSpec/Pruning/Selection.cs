namespace SlimSpec;

/// <summary>What surgery leaves of a model. Layers and units are numbers of the model to cut.</summary>
public sealed record Selection
{
    /// <summary>
    /// Kept unit numbers, ascending, by layer (<see cref="StructuredPruner.WholeModel"/> for a unit of the whole model) and unit; what is absent
    /// stays whole. None at all of <c>attention</c> or <c>mlp</c>: the layer loses that branch.
    /// </summary>
    public IReadOnlyDictionary<(int Layer, string Unit), int[]> Units { get; init; } = new Dictionary<(int, string), int[]>();

    /// <summary>Kept layers, ascending; null: all. They are renumbered from 0, and with them whatever goes by layer: names, cache, sizes.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>
    /// By layer and unit, the mean of each channel of the unit (of the model to cut) that the linear behind it reads: what the channels that go
    /// added to its output on average goes into its bias (FLAP: An et al. 2024, section 3.4).
    /// </summary>
    public IReadOnlyDictionary<(int Layer, string Unit), float[]> Means { get; init; } = new Dictionary<(int, string), float[]>();

    /// <summary>Whether a unit of the whole model is cut, and with it embedding, every layer and head.</summary>
    public bool CutsWholeModel => Units.Keys.Any(group => group.Layer == StructuredPruner.WholeModel);

    /// <summary>Whether anything of a layer that stays is cut.</summary>
    /// <param name="layer">Its number in the model to cut.</param>
    public bool Cuts(int layer) => CutsWholeModel || Units.Keys.Any(group => group.Layer == layer);
}
