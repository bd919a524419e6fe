namespace SlimSpec;

/// <summary>Exact binomial probabilities.</summary>
internal static class Binomial
{
    /// <summary>Probability of at most <paramref name="successes"/> successes in <paramref name="trials"/> of probability <paramref name="p"/> each.</summary>
    public static double Cumulative(long successes, long trials, double p)
    {
        if (successes >= trials || p <= 0)
        {
            return 1;
        }

        if (p >= 1)
        {
            return 0;
        }

        // Terms in log space: (1 - p)^n alone is below the smallest number long before n is large. Each follows from the one before.
        var odds = Math.Log(p) - Log1(-p);
        var term = trials * Log1(-p);
        var (largest, sum) = (term, 1.0);
        for (long k = 1; k <= successes; k++)
        {
            term += Math.Log((double)(trials - k + 1) / k) + odds;
            if (term > largest)
            {
                (sum, largest) = ((sum * Math.Exp(largest - term)) + 1, term);
            }
            else
            {
                sum += Math.Exp(term - largest);
            }
        }

        return Math.Min(1, Math.Exp(largest) * sum);
    }

    /// <summary>
    /// The upper bound of Clopper and Pearson (1934): the largest probability at which so few errors are not yet too unlikely. A rate above it would
    /// have shown more errors with at least the given confidence.
    /// </summary>
    /// <param name="errors">Errors.</param>
    /// <param name="trials">Trials; of none the bound is 1.</param>
    /// <param name="confidence">For example 0.95.</param>
    public static double UpperBound(long errors, long trials, double confidence)
    {
        if (errors >= trials)
        {
            return 1;
        }

        var (low, high) = ((double)errors / trials, 1.0);
        while (high - low > 1e-15 * high)
        {
            var middle = (low + high) / 2;
            if (middle == low || middle == high)
            {
                break;
            }

            (low, high) = Cumulative(errors, trials, middle) > 1 - confidence ? (middle, high) : (low, middle);
        }

        return high;
    }

    /// <summary>Whether <see cref="UpperBound"/> is at most <paramref name="rate"/>.</summary>
    public static bool IsBelow(long errors, long trials, double rate, double confidence) =>
        trials > 0 && errors < trials && Cumulative(errors, trials, rate) <= 1 - confidence;

    /// <summary>The most errors in so many trials with which <see cref="IsBelow"/> holds; -1: not even none.</summary>
    public static long MostErrors(long trials, double rate, double confidence)
    {
        var (low, high) = (-1L, trials);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = IsBelow(middle, trials, rate, confidence) ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Trials without an error that it takes: 299 for 99 % at 95 %.</summary>
    public static long FewestTrials(double rate, double confidence) => (long)Math.Ceiling(Math.Log(1 - confidence) / Log1(-rate));

    // log(1 + x), exact for small x (Kahan).
    private static double Log1(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) * x / (u - 1);
    }
}
