namespace SlimSpec.CommandLine.Tests;

public class ChartAxisTests
{
    [Theory]
    [InlineData(0, 0.37, "0 0.1 0.2 0.3 0.4")]
    [InlineData(-3, 11, "-5 0 5 10 15")]
    public void TicksAreRoundAndReachFromBelowTheLowestToAboveTheHighest(double low, double high, string ticks) => Text(new ChartAxis(low, high)).ShouldBe(ticks);

    [Theory]
    [InlineData(9.4, 550, "5 10 20 50 100 200 500 1000")]
    [InlineData(2, 30_000, "1 10 100 1000 10000 100000")]
    [InlineData(6, 50, "6 50 linear")]
    [InlineData(0, 50, "0 50 linear")]
    public void RatiosOverADecadeOrMoreAreALogarithmsScale(double low, double high, string expected)
    {
        var axis = ChartAxis.OfRatios(low, high);

        axis.IsLogarithmic.ShouldBe(!expected.EndsWith("linear", StringComparison.Ordinal));
        Text(axis).ShouldBe(axis.IsLogarithmic ? expected : Text(new ChartAxis(low, high)));
    }

    [Fact]
    public void EqualRatiosAreEqualDistancesOnALogarithmicAxis()
    {
        var axis = ChartAxis.OfRatios(1.5, 80);

        (axis.Share(1), axis.Share(100)).ShouldBe((0, 1));
        axis.Share(10).ShouldBe(0.5, 1e-12);
        (axis.Share(40) - axis.Share(20)).ShouldBe(axis.Share(4) - axis.Share(2), 1e-12);
    }

    private static string Text(ChartAxis axis) => string.Join(' ', axis.Ticks.Select(tick => tick.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture)));
}
