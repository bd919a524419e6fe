namespace SlimSpec;

/// <summary>
/// Chooses online after how many layers tokens are drafted (as DEL does, arXiv 2504.05598): in some rounds what every candidate would have
/// drafted is compared with what the last layer said, and drafts are made where they bring the most tokens for their cost, or nowhere.
/// </summary>
internal sealed class DraftDepth
{
    /// <summary>No depth: tokens run through every layer.</summary>
    public const int None = -1;

    private const int FirstShadows = 4;
    private const int ShadowInterval = 16;
    private const double Memory = 0.9;

    private readonly IReadOnlyList<int> _layers;
    private readonly int _depth;
    private readonly double _headCost;
    private readonly int _maxDrafts;
    private readonly double[] _seen;
    private readonly double[] _confident;
    private readonly double[] _agreeing;
    private long _round;

    /// <summary>Starts with every candidate as likely right as wrong.</summary>
    /// <param name="layers">The candidates, in layers run; one alone is always chosen.</param>
    /// <param name="depth">Layers of the model.</param>
    /// <param name="headCost">Cost of the head, in layers.</param>
    /// <param name="maxDrafts">Drafts of a round at most.</param>
    public DraftDepth(IReadOnlyList<int> layers, int depth, double headCost, int maxDrafts)
    {
        (_layers, _depth, _headCost, _maxDrafts) = (layers, depth, headCost, maxDrafts);
        (_seen, _confident, _agreeing) = (new double[layers.Count], new double[layers.Count], new double[layers.Count]);
        Choose();
    }

    /// <summary>The candidate that drafts are made at, or <see cref="None"/>.</summary>
    public int Check { get; private set; }

    /// <summary>Whether every candidate is read in this round.</summary>
    public bool Shadows { get; private set; }

    /// <summary>Begins a round: the drafts up to one pass through all layers.</summary>
    public void BeginRound()
    {
        Shadows = _layers.Count > 1 && (_round < FirstShadows || _round % ShadowInterval == 0);
        _round++;
    }

    /// <summary>Tells what a candidate would have drafted.</summary>
    /// <param name="check">The candidate.</param>
    /// <param name="confident">Whether it was sure enough to.</param>
    /// <param name="agrees">Whether the last layer said the same.</param>
    public void Saw(int check, bool confident, bool agrees)
    {
        _seen[check]++;
        _confident[check] += confident ? 1 : 0;
        _agreeing[check] += confident && agrees ? 1 : 0;
    }

    /// <summary>Ends a round in which candidates were read: what was seen weighs less from now on, and the choice is made anew.</summary>
    public void EndShadows()
    {
        Choose();
        for (var check = 0; check < _layers.Count; check++)
        {
            _seen[check] *= Memory;
            _confident[check] *= Memory;
            _agreeing[check] *= Memory;
        }
    }

    /// <summary>Tokens for each layer's cost where tokens are drafted after some layers, a share of them is confident and a share of those right.</summary>
    /// <param name="layers">Layers before the draft.</param>
    /// <param name="confident">Share of tokens that are drafted.</param>
    /// <param name="accepted">Share of drafts that stay.</param>
    internal double TokensForCost(int layers, double confident, double accepted)
    {
        var (drafts, tokens, reached, right) = (0.0, 1.0, 1.0, 1.0);
        for (var i = 0; i < _maxDrafts; i++)
        {
            reached *= confident;
            right *= confident * accepted;
            drafts += reached;
            tokens += right;
        }

        var vainChecks = 1 - reached; // the round ends at a token that was read and not drafted, unless it is full
        return tokens / ((drafts * (layers + _headCost)) + _depth + _headCost + (vainChecks * _headCost));
    }

    private void Choose()
    {
        var best = _layers.Count == 1 ? 0 : 1 / (_depth + _headCost);
        Check = _layers.Count == 1 ? 0 : None;
        for (var check = 0; check < _layers.Count; check++)
        {
            var value = TokensForCost(_layers[check], (_confident[check] + 1) / (_seen[check] + 2), (_agreeing[check] + 1) / (_confident[check] + 2));
            if (value > best)
            {
                (best, Check) = (value, check);
            }
        }
    }
}
