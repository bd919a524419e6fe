namespace SlimSpec;

/// <summary>
/// Fits, orders and certifies a recipe's exits by what the dense model itself says after prompts. Documents are divided once: one part trains the
/// classifier (and a head of low rank), one maps scores to probabilities and orders policies from strict to liberal, one certifies the whole policy.
/// </summary>
public sealed class ExitCalibration
{
    // A closed loop runs the model over the certify part for each policy.
    private const int MostClosedLoops = 12;

    private readonly Recipe _recipe;
    private readonly int _depth;
    private readonly ExitSettings _settings;
    private readonly DocumentParts<ExitDocument> _parts;
    private readonly ClassifierFit _fit;
    private readonly List<string> _notes = [];

    private ExitCalibration(Recipe recipe, int depth, DocumentParts<ExitDocument> parts)
    {
        (_recipe, _depth, _parts, _settings) = (recipe, depth, parts, recipe.Settings.Exits!);
        _fit = new(_settings, parts.Fit);
    }

    private ExitCalibrationSettings Calibrate => _settings.Calibrate!;

    /// <summary>The whole calibration.</summary>
    /// <param name="recipe">A recipe whose exits have a classifier.</param>
    /// <param name="model">Its model, cut and recovered; adapters merged.</param>
    /// <param name="prompts">The prompts (<see cref="ExitPrompts"/>), at least five.</param>
    /// <param name="weightsHash">The weights' fingerprint (<see cref="CheckpointFingerprint"/>).</param>
    /// <param name="stopIds">Tokens that end a text; null: none.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <returns>The fitted exits. In the verified modes and when simulating also without a certificate, which a note then says.</returns>
    /// <exception cref="SlimException">There are too few prompts; or the mode is <c>adaptive</c> and nothing can be certified.</exception>
    public static ExitsFile Run(
        Recipe recipe,
        CausalLM model,
        IReadOnlyList<int[]> prompts,
        string weightsHash,
        IReadOnlyCollection<int>? stopIds = null,
        Action<ProgressUpdate>? progress = null)
    {
        var settings = recipe.Settings.Exits;
        if (settings?.Calibrate is null)
        {
            throw new SlimException($"{recipe.SpecFile}: exits: there is nothing to calibrate{(settings is null ? "; the spec has no exits" : $" in mode {SpecWords.Of(settings.Mode)}")}");
        }

        if (prompts.Count < DocumentParts.Fewest)
        {
            throw new SlimException($"{recipe.SpecFile}: exits: calibrate: {prompts.Count} prompts are too few to fit, tune and certify with; it takes at least {DocumentParts.Fewest}");
        }

        var divided = DocumentParts.Divide(prompts, settings.Calibrate.Seed);
        var passes = new CalibrationPasses(recipe, model, stopIds ?? [], progress);
        var factors = settings.Head.Policy == ExitHeadPolicy.Lowrank ? passes.FitHead(divided.Fit) : null;
        try
        {
            var documents = passes.Record([.. divided.Fit, .. divided.Tune, .. divided.Certify], factors);
            var parts = new DocumentParts<ExitDocument>(
                documents[..divided.Fit.Count],
                documents[divided.Fit.Count..(divided.Fit.Count + divided.Tune.Count)],
                documents[(divided.Fit.Count + divided.Tune.Count)..]);
            Func<FittedClassifier, PolicyOutcome>? closed = IsClosedLoop(settings) ? classifier => passes.CloseLoop(parts.Certify, classifier, factors) : null;
            return Run(recipe, model.Layers.Count, parts, weightsHash, compares: true, closed, progress) with { Factors = factors };
        }
        catch
        {
            factors?.Dispose();
            throw;
        }
    }

    /// <summary>Everything behind the recording.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="depth">Layers of the model.</param>
    /// <param name="parts">The recorded documents.</param>
    /// <param name="weightsHash">The weights' fingerprint.</param>
    /// <param name="compares">Whether the other kinds of classifier are fitted too, for the report.</param>
    /// <param name="closedLoop">Runs a policy on the model over the certify part, where its exits change what later tokens see; null: the recording tells.</param>
    /// <param name="progress">Is told how far it is.</param>
    internal static ExitsFile Run(
        Recipe recipe,
        int depth,
        DocumentParts<ExitDocument> parts,
        string weightsHash,
        bool compares,
        Func<FittedClassifier, PolicyOutcome>? closedLoop = null,
        Action<ProgressUpdate>? progress = null) => new ExitCalibration(recipe, depth, parts).Run(weightsHash, compares, closedLoop, progress);

    // Copied keys and values change what later tokens see; a simulation, and drafts that are verified, change nothing.
    private static bool IsClosedLoop(ExitSettings settings) => settings is { Mode: ExitMode.Adaptive, Scope: ExitScope.Decode, Cache.Policy: ExitCachePolicy.Propagate };

    private ExitsFile Run(string weightsHash, bool compares, Func<FittedClassifier, PolicyOutcome>? closedLoop, Action<ProgressUpdate>? progress)
    {
        progress?.Invoke(new("fitting", 0, 0, SpecWords.Of(_settings.Classifier.Kind)));
        var (classifier, steps) = Ladder(_settings.Classifier.Kind);
        var certify = new ScoredDocuments(_parts.Certify, classifier, _settings, _depth);
        var start = PolicyLadder.Start(steps, _parts.Certify.Sum(document => (long)document.Tokens), Calibrate);
        List<LadderStep> tested = [.. steps.Skip(start)];
        if (closedLoop is not null && tested.Count > MostClosedLoops)
        {
            tested = [.. Enumerable.Range(0, MostClosedLoops).Select(i => tested[i * (tested.Count - 1) / (MostClosedLoops - 1)])];
        }

        PolicyOutcome Outcome(LadderStep step) => closedLoop is null ? certify.Try(step.Thresholds) : closedLoop(classifier.WithThresholds(step.Thresholds));
        var (passed, outcome, failed) = CertificateTest.Run(tested.Select(Outcome), Calibrate);
        if (outcome is null)
        {
            RefuseLossy(failed);
        }

        // Without a certificate the tune part's own count decides: drafts are verified anyway, and a simulation changes nothing.
        double?[] never = [.. classifier.Checks.Select(_ => (double?)null)];
        var step = passed >= 0 ? tested[passed] : Tuned(steps);
        outcome ??= certify.Try(step?.Thresholds ?? never);
        classifier = classifier.WithThresholds(step?.Thresholds ?? never);
        return new()
        {
            Recipe = _recipe.Name,
            RecipeHash = _recipe.Hash,
            Weights = weightsHash,
            Depth = _depth,
            Features = _settings.Features,
            Head = _settings.Head,
            Classifier = classifier,
            Certificate = Certificate(outcome, passed >= 0),
            Report = Report(classifier, outcome, closedLoop is not null, compares ? Compare(steps, progress) : []),
        };
    }

    private (FittedClassifier Classifier, List<LadderStep> Steps) Ladder(ExitClassifierKind kind)
    {
        var classifier = _fit.Fit(kind);
        return (classifier, PolicyLadder.Build(classifier, new(_parts.Tune, classifier, _settings, _depth), _settings));
    }

    // The most liberal policy whose exits are within the target on the tune part.
    private LadderStep? Tuned(List<LadderStep> steps) => steps.LastOrDefault(step => step.Tuned.Errors <= step.Tuned.Exits * (1 - Calibrate.TargetAgreement));

    private void RefuseLossy(PolicyOutcome? failed)
    {
        var (target, confidence) = (Calibrate.TargetAgreement, Calibrate.Confidence);
        var fewest = Binomial.FewestTrials(1 - target, confidence);
        var exits = failed?.Exits ?? 0;
        var found = failed is null
            ? "no policy lets any token leave"
            : FormattableString.Invariant($"of {failed.Exits} exits of the most promising policy {failed.Errors} said something else, so that the error rate is at most {Binomial.UpperBound(failed.Errors, failed.Exits, confidence):0.##%}");
        var help = exits < fewest
            ? FormattableString.Invariant($"it takes at least {fewest} exits without an error: raise calibrate: num_prompts or max_new_tokens (now {Calibrate.NumPrompts} and {Calibrate.MaxNewTokens})")
            : "lower target_agreement, check at deeper layers, add features, or take the mode adaptive_verified, whose output needs no certificate";
        var what = FormattableString.Invariant($"an agreement of {target:0.###%} cannot be certified at {confidence:0.###%} confidence: {found}; {help}");
        if (_settings.Mode == ExitMode.Adaptive)
        {
            throw new SlimException($"{_recipe.SpecFile}: exits: {what}");
        }

        _notes.Add(what);
    }

    private ExitCertificate Certificate(PolicyOutcome outcome, bool isCertified) => new()
    {
        TargetAgreement = Calibrate.TargetAgreement,
        Confidence = Calibrate.Confidence,
        Certified = isCertified,
        Exits = outcome.Exits,
        Errors = outcome.Errors,
        UpperBound = Binomial.UpperBound(outcome.Errors, outcome.Exits, Calibrate.Confidence),
        Documents = _parts.Certify.Count,
        DesignEffect = CertificateTest.DesignEffect(outcome.Documents, Calibrate.Seed),
        AverageLayers = outcome.AverageLayers,
        Tokens = outcome.Tokens,
    };

    private ExitReport Report(FittedClassifier classifier, PolicyOutcome outcome, bool isClosedLoop, IEnumerable<ExitComparison> comparison)
    {
        var oracle = OracleDepths().ToList();
        var tokens = _parts.Certify.Sum(document => (long)document.Tokens);
        return new()
        {
            Documents = [_parts.Fit.Count, _parts.Tune.Count, _parts.Certify.Count],
            Tokens = [.. new[] { _parts.Fit, _parts.Tune, _parts.Certify }.Select(part => part.Sum(document => (long)document.Tokens))],
            Agreement = tokens == 0 ? 1 : 1 - ((double)(outcome.Errors + outcome.LateErrors) / tokens),
            Histogram = Histogram(outcome),
            Checks = Checks(outcome, tokens),
            OracleLayers = oracle.Count == 0 ? _depth : oracle.Average(),
            MissedExits = Missed(classifier, oracle),
            ShortlistRecall = _settings.Head.Policy == ExitHeadPolicy.Full ? null : (double)_parts.Certify.Sum(document => document.Listed) / Math.Max(1, tokens),
            Labelled = [.. Enumerable.Range(0, _settings.Layers.Count).Select(check =>
                _parts.Fit.Sum(document => (long)Enumerable.Range(0, document.Tokens).Count(token => document.IsLabelled(token, check, _settings.Classifier.Label))))],
            ClosedLoop = isClosedLoop,
            Comparison = [.. comparison],
            Notes = [.. _notes, .. _fit.Notes],
        };
    }

    private long[] Histogram(PolicyOutcome outcome)
    {
        var histogram = new long[_depth + 1];
        for (var check = 0; check < _settings.Layers.Count; check++)
        {
            histogram[_settings.Layers[check]] = outcome.ExitsAt[check];
        }

        histogram[_depth] = outcome.Tokens - outcome.Exits;
        return histogram;
    }

    private IReadOnlyList<ExitCheckReport> Checks(PolicyOutcome outcome, long tokens)
    {
        var reached = tokens;
        var checks = new List<ExitCheckReport>();
        for (var check = 0; check < _settings.Layers.Count; check++)
        {
            checks.Add(new()
            {
                Layers = _settings.Layers[check],
                Agreeing = _parts.Certify.Sum(document => Enumerable.Range(0, document.Tokens).Count(token => document.Agrees(token, check))) / (double)Math.Max(1, tokens),
                Reached = reached,
                Exits = outcome.ExitsAt[check],
                Errors = outcome.ErrorsAt[check],
            });
            reached -= outcome.ExitsAt[check];
        }

        return checks;
    }

    // Layers up to the first check that agrees, of each token of the certify part.
    private IEnumerable<int> OracleDepths() => _parts.Certify.SelectMany(document => Enumerable.Range(0, document.Tokens).Select(token =>
        Enumerable.Range(0, document.Checks).Where(check => document.Agrees(token, check)).Select(check => _settings.Layers[check]).FirstOrDefault(_depth)));

    private double Missed(FittedClassifier classifier, List<int> oracle)
    {
        var depths = new ScoredDocuments(_parts.Certify, classifier, _settings, _depth).Depths([.. classifier.Checks.Select(check => check.Threshold)]);
        return oracle.Count == 0 ? 0 : (double)depths.Zip(oracle).Count(token => token.First > token.Second) / oracle.Count;
    }

    // On the tune part, so that whoever chooses a kind by it has not looked at what certifies.
    private IEnumerable<ExitComparison> Compare(List<LadderStep> chosen, Action<ProgressUpdate>? progress)
    {
        ExitClassifierKind[] kinds = [.. Enum.GetValues<ExitClassifierKind>().Where(kind => kind != ExitClassifierKind.Patience || _settings.Features.Contains(ExitFeature.SameArgmaxRun))];
        for (var done = 0; done < kinds.Length; done++)
        {
            progress?.Invoke(new("comparing", done, kinds.Length, SpecWords.Of(kinds[done])));
            var steps = kinds[done] == _settings.Classifier.Kind ? chosen : Ladder(kinds[done]).Steps;
            if (Tuned(steps)?.Tuned is { } tuned)
            {
                yield return new()
                {
                    Kind = kinds[done],
                    Agreement = 1 - ((double)tuned.Errors / tuned.Tokens),
                    ExitShare = (double)tuned.Exits / tuned.Tokens,
                    AverageLayers = tuned.AverageLayers,
                };
            }
        }
    }
}
