namespace SlimSpec;

/// <summary>
/// Random numbers that are the same on every machine and in every version of .NET and libtorch: xoshiro256**
/// (Blackman and Vigna 2018), seeded through SplitMix64.
/// </summary>
public sealed class SeededRandom
{
    private Xoshiro256 _bits;
    private double _spare = double.NaN;

    /// <summary>Starts a sequence.</summary>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Tells apart sequences that are drawn from one seed for different purposes.</param>
    public SeededRandom(long seed, long stream = 0) => _bits = new(Xoshiro256.Mix((ulong)seed) ^ (ulong)stream);

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => _bits.Next();

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="count"/>), without bias (Lemire 2019).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is not positive.</exception>
    public long NextIndex(long count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var range = (ulong)count;
        var high = Math.BigMul(NextBits(), range, out var low);
        if (low < range)
        {
            var threshold = (0 - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(NextBits(), range, out low);
            }
        }

        return (long)high;
    }

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spare))
        {
            var spare = _spare;
            _spare = double.NaN;
            return spare;
        }

        double u, v, square;
        do
        {
            u = (2 * NextDouble()) - 1;
            v = (2 * NextDouble()) - 1;
            square = (u * u) + (v * v);
        }
        while (square is >= 1 or 0);

        var scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _spare = v * scale;
        return u * scale;
    }

    /// <summary>Puts the items into random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = (int)NextIndex(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
