namespace SlimSpec.Tales;

/// <summary>xoshiro256** seeded by SplitMix64 (Blackman and Vigna, 2018): the same numbers on every machine and runtime.</summary>
public sealed class Rng
{
    private Xoshiro256 _bits;

    /// <summary>The generator of one stream of one seed; streams of the same seed are independent.</summary>
    public Rng(ulong seed, ulong stream) => _bits = new(Xoshiro256.SplitMix(ref seed) ^ (stream * 0xD1342543DE82EF95UL));

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => _bits.Next();

    /// <summary>A whole number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>True in <paramref name="percent"/> of 100 cases.</summary>
    public bool Chance(int percent) => Below(100) < percent;

    /// <summary>One of the items, each as likely as any other.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>The items in random order.</summary>
    public List<T> Shuffled<T>(IEnumerable<T> items)
    {
        List<T> list = [.. items];
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = Below(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }

        return list;
    }
}
