namespace SlimSpec;

/// <summary>What a policy did with the tokens of some documents.</summary>
/// <param name="layers">The layers of its checks.</param>
/// <param name="depth">Layers of the model.</param>
internal sealed class PolicyOutcome(IReadOnlyList<int> layers, int depth)
{
    private readonly List<(long Exits, long Errors)> _documents = [];

    /// <summary>Tokens, whether they left early or not.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens that left at each check.</summary>
    public long[] ExitsAt { get; } = new long[layers.Count];

    /// <summary>Of those, the ones that said something else than the dense model.</summary>
    public long[] ErrorsAt { get; } = new long[layers.Count];

    /// <summary>Tokens that left early.</summary>
    public long Exits => ExitsAt.Sum();

    /// <summary>Of those, the ones that said something else than the dense model.</summary>
    public long Errors => ErrorsAt.Sum();

    /// <summary>
    /// Tokens that ran every layer and yet said something else than the dense model: none, but where exits change what later tokens see.
    /// </summary>
    public long LateErrors { get; private set; }

    /// <summary>Mean number of layers that a token ran through.</summary>
    public double AverageLayers => Tokens == 0 ? depth : ((ExitsAt.Zip(layers, (exits, count) => exits * count).Sum() + ((Tokens - Exits) * depth)) / (double)Tokens);

    /// <summary>Exits and errors of each document: tokens of one are not independent.</summary>
    public IReadOnlyList<(long Exits, long Errors)> Documents => _documents;

    /// <summary>Begins the next document.</summary>
    public void BeginDocument() => _documents.Add((0, 0));

    /// <summary>Counts a token.</summary>
    /// <param name="check">Where it left; -1: nowhere.</param>
    /// <param name="isError">Whether it said something else than the dense model.</param>
    public void Count(int check, bool isError)
    {
        Tokens++;
        if (check < 0)
        {
            LateErrors += isError ? 1 : 0;
            return;
        }

        ExitsAt[check]++;
        ErrorsAt[check] += isError ? 1 : 0;
        var (exits, errors) = _documents[^1];
        _documents[^1] = (exits + 1, errors + (isError ? 1 : 0));
    }
}

/// <summary>
/// Recorded documents with a classifier's scores: policies are tried on them without the model. Where tokens wait for deeper layers, the pass that finds as
/// many waiting as may wait is not checked, and any pass through all layers takes them all along.
/// </summary>
internal sealed class ScoredDocuments
{
    private readonly IReadOnlyList<ExitDocument> _documents;
    private readonly double[][] _scores; // [document][token, check]
    private readonly IReadOnlyList<int> _layers;
    private readonly int _depth;
    private readonly int _mostWaiting;

    /// <summary>Scores every check by the arithmetic that decides at run time.</summary>
    public ScoredDocuments(IReadOnlyList<ExitDocument> documents, FittedClassifier classifier, ExitSettings settings, int depth)
    {
        _mostWaiting = settings is { Scope: ExitScope.Decode, Cache.Policy: ExitCachePolicy.Deferred } ? settings.Cache.MaxPending : int.MaxValue;
        _documents = documents;
        _layers = [.. classifier.Checks.Select(check => check.Layers)];
        _depth = depth;
        var policy = new FittedExits(classifier);
        _scores = [.. documents.Select(document => Scores(document, policy))];
    }

    /// <summary>Scores of a check, with whether the token may leave there; without those that are no number.</summary>
    public List<(double Score, bool Label)> At(int check, ExitLabel label)
    {
        var scored = new List<(double, bool)>();
        for (var document = 0; document < _documents.Count; document++)
        {
            for (var token = 0; token < _documents[document].Tokens; token++)
            {
                if (_scores[document][(token * _layers.Count) + check] is var score && !double.IsNaN(score))
                {
                    scored.Add((score, _documents[document].IsLabelled(token, check, label)));
                }
            }
        }

        return scored;
    }

    /// <summary>What thresholds do with the tokens; null: no token leaves at that check.</summary>
    public PolicyOutcome Try(IReadOnlyList<double?> thresholds)
    {
        var outcome = new PolicyOutcome(_layers, _depth);
        for (var document = 0; document < _documents.Count; document++)
        {
            outcome.BeginDocument();
            var checks = Exits(document, thresholds);
            for (var token = 0; token < checks.Length; token++)
            {
                outcome.Count(checks[token], checks[token] >= 0 && !_documents[document].Agrees(token, checks[token]));
            }
        }

        return outcome;
    }

    /// <summary>Layers that each token runs.</summary>
    public IEnumerable<int> Depths(IReadOnlyList<double?> thresholds) =>
        Enumerable.Range(0, _documents.Count).SelectMany(document => Exits(document, thresholds)).Select(check => check < 0 ? _depth : _layers[check]);

    // Where each token of a document leaves; -1: nowhere.
    private int[] Exits(int document, IReadOnlyList<double?> thresholds)
    {
        double[] levels = [.. thresholds.Select(threshold => threshold ?? double.NaN)];
        var checks = new int[_documents[document].Tokens];
        var waiting = 0;
        for (var token = 0; token < checks.Length; token++)
        {
            checks[token] = waiting == _mostWaiting ? -1 : FirstExit(_scores[document].AsSpan(token * levels.Length, levels.Length), levels);
            waiting = checks[token] >= 0 ? waiting + 1 : 0;
        }

        return checks;
    }

    private static int FirstExit(ReadOnlySpan<double> scores, double[] levels)
    {
        for (var check = 0; check < levels.Length; check++)
        {
            if (scores[check] >= levels[check])
            {
                return check;
            }
        }

        return -1;
    }

    private static double[] Scores(ExitDocument document, FittedExits policy)
    {
        var scores = new double[document.Tokens * document.Checks];
        for (var token = 0; token < document.Tokens; token++)
        {
            for (var check = 0; check < document.Checks; check++)
            {
                var score = policy.Score(check, document.At(token, check));
                var place = (token * document.Checks) + check;
                scores[place] = document.Said[place] < 0 ? double.NaN : score; // what cannot be read does not leave
            }
        }

        return scores;
    }
}
