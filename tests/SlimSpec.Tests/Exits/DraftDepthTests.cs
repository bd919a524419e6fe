namespace SlimSpec.Tests.Exits;

public class DraftDepthTests
{
    [Fact]
    public void The_gain_is_leviathans_formula_where_every_token_is_drafted()
    {
        var depth = new DraftDepth([4, 8], 32, headCost: 0.65, maxDrafts: 5);
        var emitted = (1 - Math.Pow(0.8, 6)) / (1 - 0.8);
        depth.TokensForCost(8, confident: 1, accepted: 0.8).ShouldBe(emitted / ((5 * (8 + 0.65)) + 32 + 0.65), 1e-12);
        depth.TokensForCost(8, confident: 0, accepted: 0.8).ShouldBe(1 / (32 + (2 * 0.65)), 1e-12, "a check in vain");
    }

    [Fact]
    public void Drafts_are_made_where_they_pay_most_and_nowhere_where_they_never_do()
    {
        var depth = new DraftDepth([4, 16, 28], 32, headCost: 0.65, maxDrafts: 5);
        See(depth, 20, [0.3, 0.9, 0.99]);
        depth.Check.ShouldBe(1);
        See(depth, 40, [0.9, 0.95, 0.99]);
        depth.Check.ShouldBe(0, "what was seen long ago weighs less");
        See(depth, 60, [0, 0, 0.05]);
        depth.Check.ShouldBe(DraftDepth.None);
        See(depth, 60, [0, 0.9, 0.9]);
        depth.Check.ShouldBe(1, "it goes on looking");
    }

    [Fact]
    public void Candidates_are_read_on_a_schedule()
    {
        var depth = new DraftDepth([1, 2], 4, 1, 4);
        var shadowed = new List<int>();
        for (var round = 0; round < 50; round++)
        {
            depth.BeginRound();
            if (depth.Shadows)
            {
                shadowed.Add(round);
            }
        }

        shadowed.ShouldBe([0, 1, 2, 3, 16, 32, 48]);
    }

    [Fact]
    public void One_depth_alone_is_taken_and_never_compared()
    {
        var depth = new DraftDepth([3], 4, 1, 4);
        depth.BeginRound();
        depth.Shadows.ShouldBeFalse();
        depth.Check.ShouldBe(0);
    }

    private static void See(DraftDepth depth, int rounds, double[] agreement)
    {
        for (var round = 0; round < rounds; round++)
        {
            for (var check = 0; check < agreement.Length; check++)
            {
                for (var token = 0; token < 100; token++)
                {
                    depth.Saw(check, confident: true, agrees: token < 100 * agreement[check]);
                }
            }

            depth.EndShadows();
        }
    }
}
