namespace SlimSpec.Tests;

/// <summary>Token ids for models with 256 of them.</summary>
internal static class RandomIds
{
    public static int[][] Rows(int rows, int length, long seed = 0)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, length).Select(_ => (int)random.NextIndex(256)).ToArray())];
    }
}
