namespace SlimSpec;

/// <summary>The layers of the lowest scores.</summary>
internal static class LayerRanking
{
    /// <summary>The candidates with the lowest scores; of equal scores the first stays.</summary>
    public static IEnumerable<int> Lowest(IReadOnlyList<float> scores, IEnumerable<int> candidates, int count) =>
        candidates.OrderBy(layer => scores[layer]).ThenByDescending(layer => layer).Take(count);
}
