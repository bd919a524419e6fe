namespace SlimSpec.CommandLine;

/// <summary>A value axis in round steps, from the tick at or below the lowest value to the one at or above the highest.</summary>
internal sealed class ChartAxis
{
    private const int MostTicks = 7;
    private static readonly decimal[] Steps = [1, 2, 5];

    private readonly decimal _step;
    private readonly int _low;
    private readonly int _high;

    /// <summary>An axis for values in a range.</summary>
    /// <param name="low">The lowest.</param>
    /// <param name="high">The highest, above it.</param>
    public ChartAxis(double low, double high)
    {
        _step = Candidates().First(step => (high - low) / (double)step <= MostTicks - 1);
        (_low, _high) = ((int)Math.Floor(low / (double)_step), (int)Math.Ceiling(high / (double)_step));
    }

    /// <summary>Values to mark.</summary>
    public IEnumerable<double> Ticks => Enumerable.Range(_low, _high - _low + 1).Select(tick => (double)(tick * _step));

    /// <summary>Where a value lies, from 0 at the axis's lower end to 1 at its upper one.</summary>
    public double Share(double value) => ((value / (double)_step) - _low) / (_high - _low);

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
