namespace SlimSpec;

/// <summary>What a width cut is about in a model: each of its units in each of its layers that has some and may lose some, or once in the whole model.</summary>
internal static class CutPlaces
{
    /// <summary>The structures.</summary>
    public static IReadOnlyList<(int Layer, string Unit)> Of(StructuredPruner pruner, ModelShape shape, WidthCut cut) =>
        [.. All(pruner, cut).Where(place => Sparsity(cut, place) != 0 && pruner.Units(shape, place.Unit, place.Layer) > 0)];

    /// <summary>The sparsity in one place; null: as much as the constraints ask for.</summary>
    public static double? Sparsity(WidthCut cut, (int Layer, string Unit) place)
    {
        if (place.Layer == StructuredPruner.WholeModel || cut.LayerSparsity is not { } byUnit)
        {
            return cut.Sparsity;
        }

        for (var i = 0; i < cut.Layers.Count; i++)
        {
            if (cut.Layers[i] == place.Layer)
            {
                return byUnit.TryGetValue(place.Unit, out var sparsities) ? sparsities[i] : 0;
            }
        }

        return 0;
    }

    private static IEnumerable<(int Layer, string Unit)> All(StructuredPruner pruner, WidthCut cut)
    {
        var targets = cut.Targets.ToLookup(unit => UnitScores.Structure(pruner, unit).IsWholeModel);
        return [.. targets[true].Select(unit => (StructuredPruner.WholeModel, unit)), .. cut.Layers.SelectMany(layer => targets[false].Select(unit => (layer, unit)))];
    }
}
