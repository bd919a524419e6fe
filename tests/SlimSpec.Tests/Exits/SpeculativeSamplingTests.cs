namespace SlimSpec.Tests.Exits;

/// <summary>Drafts that stay or are replaced come out as the dense model's own distribution.</summary>
public class SpeculativeSamplingTests
{
    private const int Vocabulary = 50;
    private const int Draws = 200_000;

    [Theory]
    [InlineData(1, 0, 1, 50)]
    [InlineData(0.7, 0, 1, 50)]
    [InlineData(1.3, 20, 1, 50)]
    [InlineData(1, 0, 0.9, 50)]
    [InlineData(0.9, 30, 0.8, 12)] // drafted from a shortlist
    public void Tokens_are_distributed_as_the_target_by_the_chi_square_test(double temperature, int topK, double topP, int shortlist)
    {
        var random = new SeededRandom(11);
        var target = Enumerable.Range(0, Vocabulary).Select(_ => (float)(1.5 * random.NextNormal())).ToArray();
        int[] listed = [.. Enumerable.Range(0, Vocabulary).OrderByDescending(id => target[id] + random.NextNormal()).Take(shortlist).Order()];
        var draft = listed.Select(id => target[id] + (float)(0.8 * random.NextNormal())).ToArray();
        var sampler = new Sampler(new() { Temperature = temperature, TopK = topK, TopP = topP, Seed = 4 }, Vocabulary);
        var (p, q) = (new TokenDistribution(Vocabulary), new TokenDistribution(Vocabulary));
        sampler.Weigh(target, [], p);
        sampler.Weigh(draft, listed, q);
        var rule = new SpeculativeSampling(Vocabulary);
        var counts = new double[Vocabulary];
        var accepted = 0;
        for (var i = 0; i < Draws; i++)
        {
            var id = q.Draw(sampler.Uniform());
            var stays = SpeculativeSampling.Accepts(p, q, id, sampler.Uniform());
            accepted += stays ? 1 : 0;
            counts[stays ? id : rule.DrawInstead(p, q, sampler.Uniform())]++;
        }

        var (statistic, cells) = (0.0, 0);
        for (var id = 0; id < Vocabulary; id++)
        {
            var expected = p[id] * Draws;
            if (expected == 0)
            {
                counts[id].ShouldBe(0, $"token {id} is not in the target");
                continue;
            }

            statistic += Math.Pow(counts[id] - expected, 2) / expected;
            cells++;
        }

        // Wilson and Hilferty's approximation; 3.09: one in a thousand.
        var freedom = cells - 1.0;
        statistic.ShouldBeLessThan(freedom * Math.Pow(1 - (2 / (9 * freedom)) + (3.09 * Math.Sqrt(2 / (9 * freedom))), 3));
        var overlap = Enumerable.Range(0, Vocabulary).Sum(id => Math.Min(p[id], q[id]));
        ((double)accepted / Draws).ShouldBe(overlap, 0.005, "drafts stay as often as the distributions overlap");
    }

    [Fact]
    public void A_draft_from_the_target_itself_always_stays()
    {
        var p = new TokenDistribution(4);
        (p.IdRoom[0], p.WeightRoom[0], p.IdRoom[1], p.WeightRoom[1]) = (2, 3, 0, 1);
        p.Hold(2, 4);
        SpeculativeSampling.Accepts(p, p, 2, 0.999999).ShouldBeTrue();
        p[2].ShouldBe(0.75);
        p[1].ShouldBe(0);
        new SpeculativeSampling(4).DrawInstead(p, p, 0.9).ShouldBe(0, "with nothing left, the target is drawn from");
    }

    [Fact]
    public void A_seed_repeats_a_verified_sample_and_sampling_from_one_candidate_is_greedy()
    {
        using var model = GoldenModels.Load("llama-mha");
        var greedy = TextGenerator.Generate(model, [1, 2], new() { MaxNewTokens = 40 }).NewIds;
        var settings = new GenerationSettings { MaxNewTokens = 40, Temperature = 1, Seed = 3 };

        Generate(settings).ShouldBe(Generate(settings));
        Generate(settings with { Seed = 4 }).ShouldNotBe(Generate(settings));
        Generate(settings with { TopK = 1 }).ShouldBe(greedy);

        IReadOnlyList<int> Generate(GenerationSettings sampling)
        {
            using var exits = LoopStack.Make(model, ExitMode.AdaptiveVerified, new RandomExits(0.4, seed: 8));
            var (result, statistics) = ExitGenerator.Generate(exits, [1, 2], sampling);
            statistics.Accepted.ShouldBeInRange(1, statistics.Drafted - 1);
            return result.NewIds;
        }
    }
}
