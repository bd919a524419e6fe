namespace SlimSpec.CommandLine.Tests;

/// <summary>What the cost model makes of pieces that were timed, against sums by hand for a model of three layers.</summary>
public sealed class ExitForecastTests(Workplace place) : IClassFixture<Workplace>
{
    private const string Calibrate = "calibrate: { dataset: text.txt, prompt_tokens: 6, max_new_tokens: 12 }";

    // A layer is 1, the head 2, a first check 0.5, a later one 0.25; a dense token 5.
    private static readonly ExitPieces Pieces = new(0.001, 0.002, 0.0005, 0.00025);

    [Theory]
    [InlineData("adaptive", 5 / ((1 + 0.5 + 2 + (3 + 0.5 + 0.25 + 2)) / 2))] // the whole head names both tokens
    [InlineData("adaptive_verified", 5 / ((1 + 0.5 + (3 + 0.5 + 0.25 + 2)) / 2))] // one pass of the head is for all that were drafted
    public void HalfOfTheTokensLeaveAtTheFirstCheck(string mode, double expected) =>
        Forecast($"mode: {mode}, layers: [1, 2], head: {{ policy: lowrank, rank: 4 }}, {Calibrate}").Of([0, 4, 0, 4]).ShouldBe(expected, 1e-12);

    [Fact]
    public void RefusedDraftsArePaidForAndGiveNoToken()
    {
        var forecast = Forecast($"mode: adaptive_verified, layers: [1, 2], head: {{ policy: lowrank, rank: 4 }}, {Calibrate}");
        var counted = new ExitStatistics(3) { Tokens = 6 };
        for (var pass = 0; pass < 8; pass++)
        {
            counted.CountPass(pass < 4 ? 1 : 3, pending: 0);
        }

        forecast.Of(counted).ShouldBe(forecast.Of([0, 4, 0, 4]) * 6 / 8, 1e-12);
    }

    [Fact]
    public void ATruncatedModelIsTheIdeal() =>
        Forecast("mode: truncate, layers: [2]").Of(new ExitStatistics(3)).ShouldBe(5.0 / 4, 1e-12);

    [Fact]
    public void DraftsAreConfirmedTogether()
    {
        // Four rounds of two drafts at layer 1, six of eight accepted: (1 - 0.75^3) / (1 - 0.75) tokens for 2 (1 + 0.5) + 5.
        var counted = new ExitStatistics(3) { Tokens = 10, Drafted = 8, Accepted = 6, LayerCalls = 4 * (2 + 3) };

        Forecast("mode: self_speculative, layers: [1]").Of(counted).ShouldBe((1 - Math.Pow(0.75, 3)) / 0.25 * 5 / ((2 * (1 + 0.5)) + 5), 1e-12);
    }

    private ExitForecast Forecast(string exits)
    {
        var spec = place.Write("forecast.slim.yaml", File.ReadAllText(place.Spec).Split("prune:")[0] + $"exits: {{ {exits} }}\n");
        var loaded = RecipeLoader.Load(spec, [], null);
        return new(loaded.Check(), loaded.Recipe.Settings.Exits!, Pieces);
    }
}
