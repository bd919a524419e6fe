using System.Globalization;

namespace SlimSpec;

/// <summary>Holds examples out for validation.</summary>
internal static class ValidationSplit
{
    /// <summary>How many examples <c>val_set_size</c> holds out.</summary>
    /// <param name="size">Below 1 a share, from 1 a number; 0: none.</param>
    /// <param name="examples">How many there are.</param>
    /// <exception cref="SlimException">None would be left to train on.</exception>
    public static int Count(double size, int examples)
    {
        var count = size <= 0 ? 0 : size < 1 ? Math.Max(1, (int)Math.Round(size * examples)) : (int)size;
        return count < examples
            ? count
            : throw new SlimException($"val_set_size: {size.ToString(CultureInfo.InvariantCulture)} holds out {count} of {examples} examples, which leaves none to train on");
    }

    /// <summary>Draws the examples to hold out by a seed; both parts stay in order.</summary>
    public static (List<T> Training, List<T> Validation) Draw<T>(IReadOnlyList<T> examples, double size, int seed)
    {
        int[] order = [.. Enumerable.Range(0, examples.Count)];
        new SeededRandom(seed, DataStreams.Split).Shuffle<int>(order);
        var held = order[..Count(size, examples.Count)].ToHashSet();
        return ([.. examples.Where((_, i) => !held.Contains(i))], [.. examples.Where((_, i) => held.Contains(i))]);
    }
}
