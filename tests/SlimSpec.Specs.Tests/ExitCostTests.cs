using System.Globalization;

namespace SlimSpec.Specs.Tests;

/// <summary>The cost model against speed-ups computed by hand for published models: 17.8 % of the layers skipped, and 43 %.</summary>
public class ExitCostTests
{
    private const double EagerCheck = 0.13;

    [Theory]
    [InlineData("ideal", "1.21 1.73", "1.20 1.69", "1.20 1.67")]
    [InlineData("full every layer", "0.75 1.09", "0.35 0.51", "0.38 0.55")]
    [InlineData("full every 2", "0.92 1.32", "0.55 0.79", "0.58 0.83")]
    [InlineData("full every 4", "1.01 1.42", "0.75 1.06", "0.77 1.09")]
    [InlineData("full every 2 from half", "1.05 1.61", "0.80 1.42", "0.81 1.41")]
    [InlineData("shortlist from half", "1.18 1.67", "1.13 1.55", "1.10 1.49")]
    [InlineData("shortlist from half, eager", "1.13 1.65", "1.08 1.53", "1.06 1.47")]
    [InlineData("lowrank", "1.18 1.68", "1.16 1.63", "1.16 1.61")]
    [InlineData("lowrank, eager", "1.14 1.62", "1.12 1.57", "1.12 1.55")]
    [InlineData("shortlist from half, propagated", "1.14 1.50", "1.09 1.40", "1.10 1.46")]
    public void SpeedUpsByAveragesAreThoseOfTheTable(string row, string llama2, string gpt2, string llama3)
    {
        Row(row, new(32, 0.648, 0.166, 32000, 256 / 4096.0)).ShouldBe(llama2);
        Row(row, new(48, 2.62, 0.167, 50257, 256 / 1600.0)).ShouldBe(gpt2);
        Row(row, new(32, 2.41, 0.038, 128256, 512 / 4096.0)).ShouldBe(llama3);
    }

    [Theory]
    [InlineData(8, "1.03 1.19 1.43 1.64 2.01")]
    [InlineData(4, "1.14 1.36 1.77 2.14 2.86")]
    [InlineData(16, "0.86 0.99 1.13 1.21 1.36")]
    public void DraftsAtTheBestLengthAreThoseOfTheTable(int layer, string expected)
    {
        var model = ExitCostModel.Full(32, 0.648);

        string.Join(' ', new[] { 0.3, 0.5, 0.7, 0.8, 0.9 }.Select(acceptance => Text(new[] { 1, 2, 3, 4, 6, 8 }.Max(drafted => model.SelfSpeculative(layer, acceptance, drafted))))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("tokens that leave at the first check of the whole head need no other", 0, 10, 0, 0, 2.5)]
    [InlineData("at the second check they have had two", 0, 0, 10, 0, 1.25)]
    [InlineData("at the end three heads", 0, 0, 0, 10, 0.7142857142857143)]
    [InlineData("their costs are added up", 0, 10, 10, 20, 1)]
    public void AHistogramCountsEachTokensChecks(string what, long none, long one, long two, long three, double expected) =>
        ExitCostModel.Full(3, 4).SpeedUp([1, 2], [none, one, two, three]).ShouldBe(Expected(one, two, three), 1e-12, $"{what} ({expected})");

    [Fact]
    public void ACheapHeadPaysForTheTokenThatItNamesByTheWholeOne()
    {
        var shortlist = ExitCostModel.Shortlist(4, 2, 0.25);

        (6 / shortlist.SpeedUp([1, 2, 3], [0, 1, 0, 0, 0])).ShouldBe(1 + 2, 1e-12, "the first check was the whole head");
        (6 / shortlist.SpeedUp([1, 2, 3], [0, 0, 0, 1, 0])).ShouldBe(3 + 2 + 0.25 + 0.25 + 2, 1e-12);
        (6 / (shortlist with { Confirms = false }).SpeedUp([1, 2, 3], [0, 0, 0, 1, 0])).ShouldBe(3 + 2 + 0.25 + 0.25, 1e-12);
        (6 / (ExitCostModel.LowRank(4, 2, 0.5, 0.25) with { Skipped = 0.1 }).SpeedUp([1, 2, 3], [0, 0, 1, 0, 0])).ShouldBe(2 + 0.5 + 0.25 + 2 + 0.2, 1e-12);
    }

    [Fact]
    public void AverageAndHistogramAgreeWhereChecksAreAtEveryLayer()
    {
        var model = ExitCostModel.Full(6, 0.5);

        model.SpeedUp([1, 2, 3, 4, 5], [0, 1, 2, 0, 3, 1, 5]).ShouldBe(model.SpeedUp([1, 2, 3, 4, 5], (1 + 4 + 12 + 5 + 30) / 12.0), 1e-12);
        model.SpeedUp([2, 4], [0, 0, 2, 0, 3, 0, 5]).ShouldBe(model.SpeedUp([2, 4], (4 + 12 + 30) / 10.0), 1e-12);
    }

    [Fact]
    public void TheBestIsThatEveryTokenLeavesAtTheFirstCheck()
    {
        var model = ExitCostModel.Full(10, 2);

        model.Best([5, 8]).ShouldBe(12.0 / 7, 1e-12);
        model.Best([5, 8], 3).ShouldBe(4 * 12 / (3 * 7.0 + 12), 1e-12);
        model.Best([5, 8], 3).ShouldBe(model.SelfSpeculative(5, 1, 3), 1e-12);
    }

    [Theory]
    [InlineData("specs/llama2-7b.slim.yaml", 32, 0.648, 0.166)]
    [InlineData("specs/gpt2-xl.slim.yaml", 48, 2.62, 0.167)]
    [InlineData("specs/llama3-8b.slim.yaml", 32, 2.41, 0.038)]
    public void AShippedModelsCostsFollowFromItsParameters(string path, int layers, double head, double projections)
    {
        var file = Repository.Read(path);
        var recipe = SpecCompiler.CompileRecipe(
            file, Repository.Architectures(), [Repository.Read("models/tales/config.json")],
            [KeyValuePair.Create("prune", "[]"), KeyValuePair.Create("exits", "{ mode: adaptive, kv: { policy: propagate }, head: { policy: lowrank, rank: 256, shortlist: 64 }, calibrate: { dataset: a.txt } }")]).Recipe!;

        var costs = ExitCostModel.Of(recipe);

        (costs.Layers, Round(costs.Head, head), Math.Round(costs.Skipped, 3)).ShouldBe((layers, head, projections));
        costs.Further.ShouldBe(ExitCostModel.CheapCheck);
        (costs.First / costs.Head).ShouldBe(256.0 / recipe.Dimensions.Single(dimension => dimension.Name == "hidden").Size, 1e-12);
    }

    [Fact]
    public void ATiedHeadAndCutLayersCountAsTheyAreRead()
    {
        const string Exits = "\nexits: { mode: adaptive, calibrate: { dataset: b.txt, max_new_tokens: 32 } }";
        var whole = ExitCostModel.Of(Samples.Compile(Samples.Small + Exits, null, ("prune", "[]")).Recipe!);
        var tied = ExitCostModel.Of(Samples.Compile(Samples.Small + Exits, null, ("prune", "[]"), ("model.tie_word_embeddings", "true")).Recipe!);
        var cut = ExitCostModel.Of(Samples.Compile(Samples.Small + Exits).Recipe!);

        // 2 norms, q and o of 64 x 64, k and v of 32 x 64, three of 160 x 64; the cut leaves 6 of 8 heads, 3 of 4 KV heads, 120 of 160 channels.
        whole.Head.ShouldBe(((256 * 64) + 64.0) / ((2 * 64) + (2 * 64 * 64) + (2 * 32 * 64) + (3 * 160 * 64)), 1e-12);
        tied.ShouldBe(whole);
        cut.Head.ShouldBe(((256 * 64) + 64.0) / ((2 * 64) + (2 * 48 * 64) + (2 * 24 * 64) + (3 * 120 * 64)), 1e-12);
    }

    private static double Expected(long one, long two, long three) => 7.0 * (one + two + three) / ((one * (1 + 4)) + (two * (2 + 8)) + (three * (3 + 12)));

    private static double Round(double number, double like) => Math.Round(number, like < 1 ? 3 : 2);

    private static string Row(string row, Published of) => string.Join(' ', new[] { 0.178, 0.43 }.Select(skipped => Text(SpeedUp(row, of, of.Layers * (1 - skipped)))));

    private static double SpeedUp(string row, Published of, double average)
    {
        var (full, half, listed) = (ExitCostModel.Full(of.Layers, of.Head), of.Layers / 2.0, of.Head * 256 / of.Vocabulary);
        var (shortlist, eager) = (ExitCostModel.Shortlist(of.Layers, of.Head, listed), ExitCostModel.Shortlist(of.Layers, of.Head, EagerCheck));
        return row switch
        {
            "ideal" => full.Ideal(average),
            "full every layer" => full.Dense / full.Spaced(average, 1, 1),
            "full every 2" => full.Dense / full.Spaced(average, 2, 2),
            "full every 4" => full.Dense / full.Spaced(average, 4, 4),
            "full every 2 from half" => full.Dense / full.Spaced(average, half, 2),
            "shortlist from half" => full.Dense / shortlist.Spaced(average, half, 1),
            "shortlist from half, eager" => full.Dense / eager.Spaced(average, half, 1),
            "lowrank" => full.Dense / ExitCostModel.LowRank(of.Layers, of.Head, of.Head * of.Rank, ExitCostModel.CheapCheck).Cost(average, average / 2),
            "lowrank, eager" => full.Dense / ExitCostModel.LowRank(of.Layers, of.Head, of.Head * of.Rank, EagerCheck).Cost(average, average / 2),
            _ => full.Dense / (shortlist with { Skipped = of.Projections }).Spaced(average, half, 1),
        };
    }

    private static string Text(double speedUp) => speedUp.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>Layers, head and projections in layers, vocabulary, and rank of a low-rank head as a share of the width.</summary>
    private sealed record Published(int Layers, double Head, double Projections, int Vocabulary, double Rank);
}
