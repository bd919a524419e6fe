namespace SlimSpec.Tests.Exits;

/// <summary>Readings of logits against a slow reference in float64.</summary>
public class LogitReaderTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(64)]
    [InlineData(1001)]
    [InlineData(50257)]
    public void Readings_equal_the_slow_reference_on_the_host_and_by_tensors(int size)
    {
        using var scope = torch.NewDisposeScope();
        for (var seed = 0; seed < 8; seed++)
        {
            var logits = Random(size, seed, spread: seed + 0.5);
            var expected = Slow(logits);

            ShouldBeLike(LogitReader.Read(logits), expected);
            ShouldBeLike(LogitReader.Read(torch.tensor(logits)), expected);
            ShouldBeLike(LogitReader.Read(torch.tensor(logits).to(torch.ScalarType.Float64)), expected);
        }
    }

    [Fact]
    public void Of_equal_logits_the_lowest_id_is_the_likeliest()
    {
        using var scope = torch.NewDisposeScope();
        for (var first = 0; first < 40; first++)
        {
            var logits = Random(41, first, spread: 1);
            (logits[first], logits[40]) = (9, 9);

            foreach (var reading in new[] { LogitReader.Read(logits), LogitReader.Read(torch.tensor(logits)) })
            {
                reading.TopId.ShouldBe(first);
                reading.MarginLogit.ShouldBe(0);
                reading.Gap.ShouldBe(0);
            }
        }
    }

    [Fact]
    public void Places_of_a_shortlist_are_given_as_their_tokens()
    {
        float[] logits = [0.5f, 3, 3, -1];
        int[] ids = [4, 11, 70_000, 70_001];
        using var scope = torch.NewDisposeScope();

        LogitReader.Read(logits, ids).TopId.ShouldBe(11);
        LogitReader.Read(torch.tensor(logits), torch.tensor(ids.Select(id => (long)id).ToArray())).TopId.ShouldBe(11);
    }

    [Fact]
    public void A_NaN_or_infinity_at_any_place_leaves_nothing_to_read()
    {
        using var scope = torch.NewDisposeScope();
        foreach (var size in new[] { 2, 8, 21 })
        {
            for (var place = 0; place < size; place++)
            {
                foreach (var bad in new[] { float.NaN, float.PositiveInfinity })
                {
                    var logits = Random(size, place, spread: 1);
                    logits[place] = bad;

                    foreach (var reading in new[] { LogitReader.Read(logits), LogitReader.Read(torch.tensor(logits)) })
                    {
                        reading.TopId.ShouldBe(-1);
                        new[] { reading.TopProb, reading.Gap, reading.MarginLogit, reading.Entropy }.ShouldAllBe(number => float.IsNaN(number));
                    }
                }
            }
        }
    }

    [Fact]
    public void Masked_tokens_are_impossible_and_nothing_but_them_is_undefined()
    {
        const float Masked = float.NegativeInfinity;
        using var scope = torch.NewDisposeScope();
        foreach (var masked in new float[][] { [Masked, 1, 0, Masked, Masked, Masked, Masked, Masked, Masked], [1, Masked, 0] })
        {
            var expected = Slow([1, 0]) with { TopId = masked.IndexOf(1) };
            ShouldBeLike(LogitReader.Read(masked), expected);
            ShouldBeLike(LogitReader.Read(torch.tensor(masked)), expected);
        }

        foreach (var reading in new[] { LogitReader.Read([Masked, 3]), LogitReader.Read(torch.tensor(new[] { Masked, 3 })) })
        {
            (reading.TopId, reading.TopProb, reading.Gap, reading.Entropy).ShouldBe((1, 1, 1, 0));
            reading.MarginLogit.ShouldBe(float.PositiveInfinity);
        }

        LogitReader.Read([Masked, Masked, Masked]).ShouldBe(LogitReader.Undefined);
        LogitReader.Read(torch.full([3], Masked)).ShouldBe(LogitReader.Undefined);
    }

    [Fact]
    public void The_likeliest_tokens_are_those_that_sorting_finds()
    {
        foreach (var (size, count) in new[] { (5, 5), (64, 1), (1003, 64), (4096, 17) })
        {
            var find = new Likeliest(count);
            for (var seed = 0; seed < 4; seed++)
            {
                var logits = Random(size, seed, spread: 1).Select(logit => MathF.Round(logit, 2)).ToArray(); // many are equal
                var expected = Enumerable.Range(0, size).OrderByDescending(id => logits[id]).ThenBy(id => id).Take(count).Order();

                find.Find(logits).ToArray().ShouldBe(expected);
            }
        }
    }

    private static LogitReading Slow(float[] logits)
    {
        var largest = (double)logits.Max();
        var weights = logits.Select(logit => Math.Exp(logit - largest)).ToArray();
        var sum = weights.Sum();
        var p = weights.Select(weight => weight / sum).OrderDescending().ToArray();
        var sorted = logits.Order().ToArray();
        return new(
            Array.IndexOf(logits, logits.Max()),
            (float)p[0],
            (float)(p[0] - p[1]),
            (float)((double)sorted[^1] - sorted[^2]),
            (float)-p.Where(share => share > 0).Sum(share => share * Math.Log(share)));
    }

    private static void ShouldBeLike(LogitReading reading, LogitReading expected)
    {
        reading.TopId.ShouldBe(expected.TopId);
        reading.TopProb.ShouldBe(expected.TopProb, 2e-6f);
        reading.Gap.ShouldBe(expected.Gap, 2e-6f);
        reading.MarginLogit.ShouldBe(expected.MarginLogit, 1e-6f * (1 + expected.MarginLogit));
        reading.Entropy.ShouldBe(expected.Entropy, 2e-5f);
    }

    private static float[] Random(int size, int seed, double spread)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, size).Select(_ => (float)(random.NextNormal() * spread))];
    }
}
