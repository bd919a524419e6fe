namespace SlimSpec;

/// <summary>Which layers a depth cut takes its unit from.</summary>
internal static class LayerRanking
{
    /// <summary>The layers with the lowest scores, ascending; NaN: not to be cut. Of equal scores the first stays.</summary>
    public static int[] Lowest(IReadOnlyList<float> scores, int count) =>
        [.. Enumerable.Range(0, scores.Count).Where(layer => !float.IsNaN(scores[layer])).OrderBy(layer => scores[layer]).ThenByDescending(layer => layer).Take(count).Order()];
}
