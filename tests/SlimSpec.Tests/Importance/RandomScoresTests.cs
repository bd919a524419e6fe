namespace SlimSpec.Tests.Importance;

public class RandomScoresTests
{
    [Fact]
    public void Scores_are_the_same_on_every_machine()
    {
        Score("mlp", 3, [0, 1, 2]).ShouldBe([0.6014359f, 0.4508314f, 0.10114014f]);
    }

    [Fact]
    public void A_unit_keeps_its_score_when_others_are_gone()
    {
        var all = Score("mlp", 3, [.. Enumerable.Range(0, 12)]);
        Score("mlp", 3, [1, 5, 11]).ShouldBe([all[1], all[5], all[11]]);
    }

    [Fact]
    public void Seed_layer_and_structure_give_scores_of_their_own()
    {
        int[] units = [0, 1, 2, 3];
        float[][] scores =
        [
            Score("attention", 0, units), Score("attention", 0, units, seed: 1), Score("attention", 1, units), Score("mlp", 0, units),
        ];
        scores.Select(each => each[0]).Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Heads_and_channels_are_uniform_alike()
    {
        foreach (var unit in new[] { "mlp", "attention" })
        {
            var scores = Score(unit, 0, [.. Enumerable.Range(0, 4000)]);
            scores.ShouldAllBe(score => score >= 0 && score < 1);
            scores.Average().ShouldBe(0.5f, 0.03f);
            scores.Count(score => score < 0.25f).ShouldBeInRange(850, 1150);
        }
    }

    private static float[] Score(string unit, int layer, int[] numbers, int seed = 0)
    {
        using var scope = torch.NewDisposeScope();
        var shape = unit == "mlp" ? new LlamaMha.LayerShape(64, 1, 1, numbers.Length) : new LlamaMha.LayerShape(64, numbers.Length, numbers.Length, 1);
        using var block = new LlamaMha.Block(layer, shape, torch.ScalarType.Float32, torch.CPU);
        return new LlamaMha.WidthPruner().Score(block, unit, new RandomScores(seed, layer, unit, numbers)).data<float>().ToArray();
    }
}
