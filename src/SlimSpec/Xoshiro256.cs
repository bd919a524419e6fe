using System.Numerics;

namespace SlimSpec;

/// <summary>
/// The generator xoshiro256** with SplitMix64 to fill its state (Blackman and Vigna 2018): the same numbers on every machine
/// and in every version of .NET. The story generator compiles this file too, so that it needs no tensor library.
/// </summary>
/// <param name="state">Start of the SplitMix64 sequence that fills the state.</param>
internal struct Xoshiro256(ulong state)
{
    private ulong _s0 = SplitMix(ref state);
    private ulong _s1 = SplitMix(ref state);
    private ulong _s2 = SplitMix(ref state);
    private ulong _s3 = SplitMix(ref state);

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>The next number of a SplitMix64 sequence.</summary>
    public static ulong SplitMix(ref ulong state) => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>SplitMix64's output function: a number whose bits all depend on all bits of <paramref name="z"/>.</summary>
    public static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
