namespace SlimSpec.ExitBenchmark;

/// <summary>
/// Lets tokens leave at random, so many of them, as many at one check as at any other: what the mechanism costs, whatever the model.
/// </summary>
internal sealed class ForcedExits : ExitPolicy
{
    private const int Stay = -1;

    private readonly int _checks;
    private readonly double _chance;
    private readonly SeededRandom _random;
    private int _target;

    /// <summary>Exits for a share of layers to be skipped.</summary>
    /// <param name="settings">The checks, and how many tokens may wait.</param>
    /// <param name="depth">Layers of the model.</param>
    /// <param name="skipped">Share of layers that tokens shall not run.</param>
    /// <param name="seed">Seed of the choice.</param>
    public ForcedExits(ExitSettings settings, int depth, double skipped, int seed)
    {
        (_checks, _random) = (settings.Layers.Count, new(seed));
        _chance = Chance(skipped / (1 - (settings.Layers.Average() / depth)), settings.Cache.MaxPending);
    }

    public override void BeginToken() => _target = _random.NextDouble() < _chance ? (int)_random.NextIndex(_checks) : Stay;

    public override bool Leaves(int check, ReadOnlySpan<float> features) => check == _target;

    // Chance of leaving such that so many do though after so many in a row one has to stay: runs of p + p^2 + ... + p^m tokens on average, then one.
    private static double Chance(double share, int pending)
    {
        var (low, high) = (0.0, 1.0);
        for (var step = 0; step < 50; step++)
        {
            var middle = (low + high) / 2;
            var run = Enumerable.Range(1, pending).Sum(power => Math.Pow(middle, power));
            (low, high) = run / (run + 1) < share ? (middle, high) : (low, middle);
        }

        return low;
    }
}
