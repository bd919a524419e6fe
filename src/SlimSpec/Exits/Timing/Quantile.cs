namespace SlimSpec;

/// <summary>Order statistics of samples.</summary>
internal static class Quantile
{
    /// <summary>The smallest sample that at least a share of all do not exceed; NaN of none.</summary>
    public static double Of(IReadOnlyCollection<double> samples, double share)
    {
        if (samples.Count == 0)
        {
            return double.NaN;
        }

        var sorted = samples.Order().ToList();
        return sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Count) - 1, 0, sorted.Count - 1)];
    }
}
