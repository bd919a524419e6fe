namespace SlimSpec.Tests.Pruning;

/// <summary>Which units go first when all compete: scores given, sizes of a LLaMA with hidden 64 and heads of 16.</summary>
public class UnitPoolTests
{
    private const long Channel = 3 * 64;
    private const long Head = 4 * 16 * 64;

    private static readonly ModelShape Plain = new LlamaMha.Shape([new(64, 4, 4, 8), new(64, 4, 4, 8)]);

    [Theory]
    [InlineData("mlp", Channel)]
    [InlineData("attention", Head)]
    public void A_unit_costs_the_parameters_that_go_with_it(string unit, long parameters)
    {
        UnitPool.Cost(LlamaMha.Instance.Pruner, Plain, (0, unit)).ShouldBe(parameters);
        var one = LlamaMha.Instance.Pruner.Shrink(Plain, unit, 0, 1);
        UnitPool.Cost(LlamaMha.Instance.Pruner, one, (0, unit)).ShouldBe(parameters, "the last one too");
    }

    [Fact]
    public void A_KV_group_costs_its_query_heads_too()
    {
        var grouped = new LlamaMha.Shape([new(64, 8, 2, 8)]);
        UnitPool.Cost(LlamaMha.Instance.Pruner, grouped, (0, "attention")).ShouldBe((2 + (2 * 4)) * 16 * 64);
    }

    [Fact]
    public void The_lowest_go_until_the_parameters_are_nearest_to_what_was_asked()
    {
        var pool = Pool(Cut(ScoreNormalization.None), (0, "mlp", [5, 1, 6, 3]), (0, "attention", [9, 2]), (1, "mlp", [4, 7]));

        pool.Count.ShouldBe(3 + 1 + 1, "the last unit of each stays");
        pool.Nearest(Channel + (Head / 2)).ShouldBe(1, "as near as with the head: the fewer");
        pool.Nearest(Channel + (Head / 2) + 1).ShouldBe(2);
        var kept = pool.Without(2);
        kept[(0, "mlp")].ShouldBe([0, 2, 3]);
        kept[(0, "attention")].ShouldBe([0]);
        kept[(1, "mlp")].ShouldBe([0, 1]);
        pool.Parameters(2).ShouldBe(Channel + Head);
    }

    [Theory]
    [InlineData(ScoreNormalization.None, "mlp")]
    [InlineData(ScoreNormalization.Parameters, "attention")] // 80 / 4096 is less than 4 / 192
    [InlineData(ScoreNormalization.Mean, "attention")] // 80 of 90 on average, 4 of 4
    [InlineData(ScoreNormalization.Max, "attention")] // 80 of 100, 4 of 4.1
    [InlineData(ScoreNormalization.Standard, "mlp")] // -0.71 deviations, -1.15
    public void Scores_are_made_comparable_as_asked(ScoreNormalization normalize, string first)
    {
        var pool = Pool(Cut(normalize), (0, "mlp", [4, 4, 4, 4]), (0, "attention", [80, 100]));
        var uneven = Pool(Cut(normalize), (0, "mlp", [4, 4.1f, 4.1f]), (0, "attention", [80, 100]));
        var kept = (normalize == ScoreNormalization.Mean ? pool : uneven).Without(1);

        kept[(0, first)].Length.ShouldBe(first == "mlp" ? 2 : 1);
    }

    [Fact]
    public void Scores_that_do_not_differ_are_average() =>
        Pool(Cut(ScoreNormalization.Standard), (0, "mlp", [0, 0]), (1, "mlp", [1, 3])).Without(1)[(1, "mlp")].ShouldBe([1]);

    [Fact]
    public void Widths_stay_multiples()
    {
        var pool = Pool(Cut(ScoreNormalization.None) with { RoundTo = 4 }, (0, "mlp", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), (0, "attention", [0, 11]));

        Enumerable.Range(0, pool.Count + 1).Select(portions => pool.Without(portions)[(0, "mlp")].Length).ShouldBe([10, 10, 8, 4]);
        pool.Without(0 + 2)[(0, "mlp")].ShouldBe([2, 3, 4, 5, 6, 7, 8, 9]);
        pool.Without(1)[(0, "attention")].ShouldBe([1], "heads are not rounded");
    }

    [Fact]
    public void Of_equal_scores_the_first_stay()
    {
        var pool = Pool(Cut(ScoreNormalization.None), (0, "mlp", [1, 1, 1]), (1, "mlp", [1, 1, 1]));

        pool.Without(1)[(0, "mlp")].ShouldBe([0, 1]);
        pool.Without(3)[(1, "mlp")].ShouldBe([0, 1]);
    }

    private static WidthCut Cut(ScoreNormalization normalize) =>
        new() { Targets = ["mlp", "attention"], Sparsity = 0.5, Layers = [0, 1], Scope = RankingScope.Global, Normalize = normalize };

    private static UnitPool Pool(WidthCut cut, params (int Layer, string Unit, float[] Scores)[] scores)
    {
        var shape = scores.Aggregate(Plain, (sizes, place) => LlamaMha.Instance.Pruner.Shrink(sizes, place.Unit, place.Layer, place.Scores.Length));
        return UnitPool.Of(LlamaMha.Instance.Pruner, shape, cut, scores.ToDictionary(place => (place.Layer, place.Unit), place => place.Scores));
    }
}
