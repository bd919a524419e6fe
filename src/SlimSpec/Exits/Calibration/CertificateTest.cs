namespace SlimSpec;

/// <summary>
/// Fixed-sequence testing (Bauer 1991; as Learn-then-Test uses it, Angelopoulos et al. 2021): policies are tested in an order that was fixed before the
/// data was seen, each at the full confidence, up to the first that fails. The chance that any policy that passed errs more often than the target allows
/// is at most one minus the confidence.
/// </summary>
internal static class CertificateTest
{
    private const int Resamples = 1000;

    /// <summary>The last policy that passed, and the last that was tested; no later one was looked at.</summary>
    /// <param name="outcomes">What each policy did on the certify part, taken one by one.</param>
    /// <param name="settings">Target and confidence.</param>
    /// <returns>The number and outcome of the last that passed, and the outcome that ended the sequence; null: none.</returns>
    public static (int Passed, PolicyOutcome? Outcome, PolicyOutcome? Failed) Run(IEnumerable<PolicyOutcome> outcomes, ExitCalibrationSettings settings)
    {
        var (passed, last) = (-1, (PolicyOutcome?)null);
        foreach (var outcome in outcomes)
        {
            if (!Binomial.IsBelow(outcome.Errors, outcome.Exits, 1 - settings.TargetAgreement, settings.Confidence))
            {
                return (passed, last, outcome);
            }

            (passed, last) = (passed + 1, outcome);
        }

        return (passed, last, null);
    }

    /// <summary>
    /// How many times more the error rate varies between documents than it would if tokens were independent: by resampling documents
    /// (Efron and Tibshirani 1993). 1 where nothing erred.
    /// </summary>
    public static double DesignEffect(IReadOnlyList<(long Exits, long Errors)> documents, int seed)
    {
        var (exits, errors) = (documents.Sum(document => document.Exits), documents.Sum(document => document.Errors));
        if (errors == 0 || errors == exits)
        {
            return 1;
        }

        var random = new SeededRandom(seed, stream: 6);
        var (sum, squares, count) = (0.0, 0.0, 0);
        for (var resample = 0; resample < Resamples; resample++)
        {
            var (drawnExits, drawnErrors) = (0L, 0L);
            for (var i = 0; i < documents.Count; i++)
            {
                var document = documents[(int)random.NextIndex(documents.Count)];
                (drawnExits, drawnErrors) = (drawnExits + document.Exits, drawnErrors + document.Errors);
            }

            if (drawnExits > 0)
            {
                var rate = (double)drawnErrors / drawnExits;
                (sum, squares, count) = (sum + rate, squares + (rate * rate), count + 1);
            }
        }

        var share = (double)errors / exits;
        return ((squares / count) - (sum / count * (sum / count))) / (share * (1 - share) / exits);
    }
}
