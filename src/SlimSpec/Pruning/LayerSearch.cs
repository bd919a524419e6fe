namespace SlimSpec;

/// <summary>Finds the layers that a depth cut takes its unit from, by their scores.</summary>
/// <param name="model">The model to cut.</param>
/// <param name="cut">The cut, its candidates those that have the unit.</param>
/// <param name="samples">Calibration token ids <c>[samples, tokens]</c>, where the score needs them.</param>
/// <param name="keep">Keeps scores, or has them already: told what they are about, and how to take them.</param>
/// <param name="progress">Called after each step.</param>
internal sealed class LayerSearch(
    CausalLM model, DepthCut cut, torch.Tensor? samples, Func<string, Func<float[]>, float[]> keep, Action<ProgressUpdate>? progress)
{
    /// <summary>The layers that go, ascending.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="SlimException">Fewer may.</exception>
    public int[] Find(int count)
    {
        if (count > cut.Candidates.Count)
        {
            throw new SlimException($"the cut of unit {cut.Unit} is to remove {count}, but {cut.Candidates.Count} layers may lose it; remove fewer or protect fewer");
        }

        return count == 0 ? [] : cut.Score == DepthScore.Angular ? FindRun(count) : FindLowest(count);
    }

    private int[] FindRun(int count)
    {
        var ids = samples ?? throw new SlimException("score: angular needs calibration data, and the recipe has no 'calibration' section");
        var distances = keep($"runs of {count}", () => DepthScores.Angular(model, count, ids, progress));
        return [.. Enumerable.Range(DepthScores.BestStart(distances, count, cut), count)];
    }

    // All at once, or one after another without those that are gone.
    private int[] FindLowest(int count)
    {
        var gone = new HashSet<int>();
        var together = cut.Search == DepthSearch.Greedy ? 1 : count;
        while (gone.Count < count)
        {
            var scores = keep($"layers without {string.Join(", ", gone.Order())}", () => DepthScores.Take(model, cut, samples, gone, progress));
            gone.UnionWith(LayerRanking.Lowest(scores, cut.Candidates.Except(gone), together));
        }

        return [.. gone.Order()];
    }
}
