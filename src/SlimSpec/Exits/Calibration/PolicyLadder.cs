namespace SlimSpec;

/// <summary>Thresholds of a whole policy, and what they did on the tune part.</summary>
/// <param name="Thresholds">One a check; null: no token leaves there.</param>
/// <param name="Tuned">On the tune part.</param>
internal sealed record LadderStep(IReadOnlyList<double?> Thresholds, PolicyOutcome Tuned);

/// <summary>
/// Policies of one classifier from the strictest to the most liberal, as the tune part orders them. Each lets go where the probability to agree,
/// mapped back to a score at each check, is at least the policy's.
/// </summary>
internal static class PolicyLadder
{
    // Enough that neighbours differ by little; every one is tried on the whole tune part.
    private const int MostSteps = 256;

    // Errors that the tune part has not shown yet: those of a Jeffreys prior.
    private const double UnseenErrors = 0.5;

    /// <summary>Makes the policies of a classifier; a policy that lets go of no more tokens than the one before is left out.</summary>
    public static List<LadderStep> Build(FittedClassifier classifier, ScoredDocuments tune, ExitSettings settings)
    {
        var maps = Maps(classifier.Kind, tune, settings);
        double[] grid = [.. Grid(settings.Calibrate!.TargetAgreement)];
        var strictness = classifier.Kind == ExitClassifierKind.Patience
            ? Enumerable.Range(1, maps.Length).Reverse().Select(run => (double)run)
            : Thin([.. maps.SelectMany(map => map.Steps).Concat(grid).Where(step => step >= grid.Min()).Distinct().OrderDescending()]);
        var steps = new List<LadderStep>();
        foreach (var degree in strictness)
        {
            double?[] thresholds = [.. maps.Select(map => map.LevelFor(degree))];
            if (thresholds.Any(threshold => threshold is not null) && (steps.Count == 0 || !thresholds.SequenceEqual(steps[^1].Thresholds)))
            {
                var outcome = tune.Try(thresholds);
                if (outcome.Exits > (steps.Count == 0 ? 0 : steps[^1].Tuned.Exits))
                {
                    steps.Add(new(thresholds, outcome));
                }
            }
        }

        return steps;
    }

    /// <summary>
    /// Where the sequence of tests begins: the policy that passes with the highest probability, judged by its errors on the tune part and the exits
    /// to be expected on the certify part. One that is too strict has too few exits to prove anything, and its failure would end the sequence.
    /// </summary>
    /// <param name="steps">The policies.</param>
    /// <param name="certifyTokens">Tokens of the certify part.</param>
    /// <param name="settings">Target and confidence.</param>
    public static int Start(IReadOnlyList<LadderStep> steps, long certifyTokens, ExitCalibrationSettings settings)
    {
        var (start, best) = (0, -1.0);
        for (var step = 0; step < steps.Count; step++)
        {
            var tuned = steps[step].Tuned;
            var exits = (long)((double)tuned.Exits / tuned.Tokens * certifyTokens);
            var most = Binomial.MostErrors(exits, 1 - settings.TargetAgreement, settings.Confidence);
            var chance = most < 0 ? exits * 1e-12 : Binomial.Cumulative(most, exits, (tuned.Errors + UnseenErrors) / (tuned.Exits + (2 * UnseenErrors)));
            (start, best) = chance > best ? (step, chance) : (start, best);
        }

        return start;
    }

    private static ScoreMap[] Maps(ExitClassifierKind kind, ScoredDocuments tune, ExitSettings settings)
    {
        var label = settings.Classifier.Label;
        var checks = Enumerable.Range(0, settings.Layers.Count);
        Func<IReadOnlyList<(double, bool)>, ScoreMap> map = kind switch
        {
            ExitClassifierKind.Threshold => ScoreMap.OfShare,
            ExitClassifierKind.Patience => _ => ScoreMap.OfScore,
            _ => ScoreMap.OfProbability,
        };
        if (settings.Classifier.PerLayer)
        {
            return [.. checks.Select(check => map(tune.At(check, label)))];
        }

        var shared = map([.. checks.SelectMany(check => tune.At(check, label))]);
        return [.. checks.Select(_ => shared)];
    }

    // Probabilities from nearly 1 to far below the target: for maps without steps of their own.
    private static IEnumerable<double> Grid(double target) => Enumerable.Range(0, 61).Select(i => 1 - ((1 - target) * Math.Pow(10, (i - 30) / 20.0))).Where(p => p is > 0 and < 1);

    private static IEnumerable<double> Thin(List<double> steps) =>
        steps.Count <= MostSteps ? steps : Enumerable.Range(0, MostSteps).Select(i => steps[(int)((long)i * (steps.Count - 1) / (MostSteps - 1))]);
}
