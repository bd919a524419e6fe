namespace SlimSpec;

/// <summary>One cut of a recipe tried on every layer by itself, protected ones too: what is left of each.</summary>
internal static class SensitivityCuts
{
    /// <summary>What stays of the model when one layer alone is cut, by layer; null where the cut takes nothing from it.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="model">Its dense model.</param>
    /// <param name="cut">The cut.</param>
    /// <param name="inputs">Calibration data and the rest.</param>
    /// <exception cref="SlimException">The cut is not of layers, or does not say how much it cuts.</exception>
    public static IReadOnlyList<Selection?> Of(Recipe recipe, CausalLM model, PruneCut cut, PruningInputs inputs) => cut switch
    {
        WidthCut width => Of(recipe, model, width, inputs),
        DepthCut { Unit: DepthCut.Block } => [.. Layers(model).Select(layer => new Selection { Layers = [.. Layers(model).Where(other => other != layer)] })],
        DepthCut depth => [.. Layers(model).Select(layer => recipe.Pruner.Units(model.Shape, depth.Unit, layer) > 0 ? Without(depth.Unit, layer) : null)],
        _ => throw new ArgumentOutOfRangeException(nameof(cut), cut, "No such cut."),
    };

    private static Selection?[] Of(Recipe recipe, CausalLM model, WidthCut cut, PruningInputs inputs)
    {
        if (cut.Targets.FirstOrDefault(unit => UnitScores.Structure(recipe.Pruner, unit).IsWholeModel) is { } whole)
        {
            throw new SlimException($"{recipe.SpecFile}: '{whole}' is cut in the whole model at once, so no layer can be cut by itself");
        }

        if (cut.Sparsity is null)
        {
            throw new SlimException($"{recipe.SpecFile}: the cut has no sparsity, which the constraints decide for the whole model: give one with --set prune[0].sparsity=0.2");
        }

        var everywhere = cut with { Layers = [.. Layers(model)], LayerSparsity = null, Scope = RankingScope.Layer, Normalize = ScoreNormalization.None, Steps = 1 };
        var scores = Score(recipe, model, everywhere, inputs);
        var kept = new LocalCut(recipe.Pruner, everywhere, model.Shape).Select(model.Shape, scores.Scores, step: 1);
        var changed = kept.Where(place => place.Value.Length < scores.Scores[place.Key].Length).ToLookup(place => place.Key.Layer);
        return
        [
            .. Layers(model).Select(layer => !changed.Contains(layer) ? null : new Selection
            {
                Units = changed[layer].ToDictionary(),
                Means = scores.Means.Where(place => place.Key.Layer == layer && kept[place.Key].Length < scores.Scores[place.Key].Length).ToDictionary(),
            }),
        ];
    }

    private static ScoredUnits Score(Recipe recipe, CausalLM model, WidthCut cut, PruningInputs inputs)
    {
        var places = CutPlaces.Of(recipe.Pruner, model.Shape, cut);
        var samples = UnitScores.NeedsData(cut) ? inputs.Samples?.Invoke(0) : null;
        var whole = new PlanBuilder(recipe.Pruner, model.Shape);
        return inputs.Cache is { } cache
            ? cache.Get(new ScoreOrigin(recipe, inputs.CheckpointHash).Of(cut, model, whole.Remains(), samples, places), Take)
            : Take();

        ScoredUnits Take() => UnitScores.Take(recipe.Pruner, model, cut, places, samples, whole.Numbers, inputs.Progress);
    }

    private static IEnumerable<int> Layers(CausalLM model) => Enumerable.Range(0, model.Layers.Count);

    private static Selection Without(string unit, int layer) => new() { Units = new Dictionary<(int, string), int[]> { [(layer, unit)] = [] } };
}
