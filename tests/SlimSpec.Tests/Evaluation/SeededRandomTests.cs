namespace SlimSpec.Tests.Evaluation;

public class SeededRandomTests
{
    [Fact]
    public void The_sequence_of_a_seed_never_changes()
    {
        var random = new SeededRandom(42);
        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits()];
        bits.ShouldBe(Reference(42, 3));
    }

    [Fact]
    public void Seeds_and_streams_differ()
    {
        ulong[] first = [new SeededRandom(0).NextBits(), new SeededRandom(1).NextBits(), new SeededRandom(0, 1).NextBits(), new SeededRandom(0, -1).NextBits()];
        first.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Uniform_and_normal_numbers_have_their_moments()
    {
        var random = new SeededRandom(1);
        var uniform = Enumerable.Range(0, 20_000).Select(_ => random.NextDouble()).ToArray();
        var normal = Enumerable.Range(0, 20_000).Select(_ => random.NextNormal()).ToArray();
        uniform.ShouldAllBe(value => value >= 0 && value < 1);
        uniform.Average().ShouldBe(0.5, 0.01);
        normal.Average().ShouldBe(0, 0.03);
        normal.Average(value => value * value).ShouldBe(1, 0.03);
    }

    [Fact]
    public void Indices_are_spread_evenly()
    {
        var random = new SeededRandom(2);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.NextIndex(7)]++;
        }

        counts.ShouldAllBe(count => Math.Abs(count - 10_000) < 400);
    }

    [Fact]
    public void A_shuffle_keeps_every_item()
    {
        var items = Enumerable.Range(0, 100).ToArray();
        new SeededRandom(3).Shuffle<int>(items);
        items.ShouldNotBe(Enumerable.Range(0, 100));
        items.Order().ShouldBe(Enumerable.Range(0, 100));
    }

    // xoshiro256** written out from its authors' definition, on state made by SplitMix64.
    private static ulong[] Reference(ulong seed, int count)
    {
        var state = Mix(seed);
        var s = new ulong[4];
        for (var i = 0; i < 4; i++)
        {
            state += 0x9E3779B97F4A7C15;
            s[i] = Mix(state);
        }

        var values = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Rotate(s[1] * 5, 7) * 9;
            var t = s[1] << 17;
            s[2] ^= s[0];
            s[3] ^= s[1];
            s[1] ^= s[2];
            s[0] ^= s[3];
            s[2] ^= t;
            s[3] = Rotate(s[3], 45);
        }

        return values;

        static ulong Rotate(ulong x, int by) => (x << by) | (x >> (64 - by));

        static ulong Mix(ulong z)
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
