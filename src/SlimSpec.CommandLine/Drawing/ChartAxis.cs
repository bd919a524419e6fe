namespace SlimSpec.CommandLine;

/// <summary>A value axis in round steps, from the tick at or below the lowest value to the one at or above the highest.</summary>
internal sealed class ChartAxis
{
    private const int MostTicks = 7;
    private const int MostRatioTicks = 10;
    private const double Decade = 10;
    private static readonly decimal[] Steps = [1, 2, 5];

    private readonly Func<double, double> _place;

    /// <summary>An axis for values in a range.</summary>
    /// <param name="low">The lowest.</param>
    /// <param name="high">The highest, above it.</param>
    public ChartAxis(double low, double high)
    {
        var step = Candidates().First(step => (high - low) / (double)step <= MostTicks - 1);
        var (first, last) = ((int)Math.Floor(low / (double)step), (int)Math.Ceiling(high / (double)step));
        Ticks = [.. Enumerable.Range(first, last - first + 1).Select(tick => (double)(tick * step))];
        _place = value => value;
    }

    private ChartAxis(IReadOnlyList<double> ticks) => (Ticks, _place, IsLogarithmic) = (ticks, Math.Log, true);

    /// <summary>Values to mark.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>An axis for values that are compared by their ratio, such as perplexities: logarithmic where they span a decade or more.</summary>
    /// <inheritdoc cref="ChartAxis(double, double)" path="/param"/>
    public static ChartAxis OfRatios(double low, double high)
    {
        if (low <= 0 || high / low < Decade)
        {
            return new(low, high);
        }

        var ticks = Around(low, high, [1, 2, 5]);
        return new(ticks.Count <= MostRatioTicks ? ticks : Around(low, high, [1]));
    }

    /// <summary>Where a value lies, from 0 at the axis's lower end to 1 at its upper one.</summary>
    public double Share(double value) => (_place(value) - _place(Ticks[0])) / (_place(Ticks[^1]) - _place(Ticks[0]));

    // From the last one below all values, so that there is room for names, to the first one that none is above.
    private static List<double> Around(double low, double high, double[] steps)
    {
        var (first, last) = ((int)Math.Floor(Math.Log10(low)) - 1, (int)Math.Ceiling(Math.Log10(high)));
        var all = Enumerable.Range(first, last - first + 1).SelectMany(power => steps.Select(step => step * Math.Pow(Decade, power))).ToList();
        return all[all.FindLastIndex(tick => tick < low)..(all.FindIndex(tick => tick >= high) + 1)];
    }

    private static IEnumerable<decimal> Candidates()
    {
        for (var power = 0.001m; ; power *= 10)
        {
            foreach (var step in Steps)
            {
                yield return step * power;
            }
        }
    }
}
