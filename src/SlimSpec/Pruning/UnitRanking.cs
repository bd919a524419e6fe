namespace SlimSpec;

/// <summary>The highest of some scores.</summary>
internal static class UnitRanking
{
    /// <summary>The positions of the <paramref name="count"/> highest scores, ascending; of equal scores the first stays.</summary>
    public static int[] Highest(IReadOnlyList<float> scores, int count) =>
        [.. Enumerable.Range(0, scores.Count).OrderByDescending(unit => scores[unit]).Take(count).Order()];

    /// <summary>The positions of the highest scores of each of several groups of equal length, ascending.</summary>
    public static int[] HighestOfEach(float[] scores, int groups, int count)
    {
        var size = scores.Length / groups;
        return [.. Enumerable.Range(0, groups).SelectMany(group => Highest(new ArraySegment<float>(scores, group * size, size), count).Select(unit => (group * size) + unit))];
    }
}
