namespace SlimSpec;

/// <summary>
/// What a stack of layers has done. The prompt's pass, and the first new token that it gives, are left out: they cost the same with exits as without;
/// with <c>scope: prompt_last</c> they are all there is, and are in.
/// </summary>
public sealed class ExitStatistics
{
    private readonly long[] _exitsAfter;
    private long _pendingSum;

    /// <summary>Starts at nothing.</summary>
    /// <param name="depth">Layers of the model.</param>
    public ExitStatistics(int depth) => _exitsAfter = new long[depth + 1];

    /// <summary>Tokens that were emitted.</summary>
    public long Tokens { get; internal set; }

    /// <summary>Layers that were called, counted where each is; one call takes all rows that are at the layer.</summary>
    public long LayerCalls { get; internal set; }

    /// <summary>
    /// Passes by how many layers they ran, from 0 to all; a draft whose pass goes on later counts once, with the whole. Of a stack that simulates: by where
    /// they would have left.
    /// </summary>
    public IReadOnlyList<long> ExitsAfter => _exitsAfter;

    /// <summary>Passes of a token through layers: emitted tokens, and in the verified modes also rejected drafts.</summary>
    public long Passes => _exitsAfter.Sum();

    /// <summary>Checks that were made.</summary>
    public long Checks { get; internal set; }

    /// <summary>Times that checks ran the whole head, the one that names a leaving token included.</summary>
    public long FullHeads { get; internal set; }

    /// <summary>Seconds that checks took; without the whole head that names a leaving token, which stands for the one at the end of the model.</summary>
    public double CheckSeconds { get; internal set; }

    /// <summary>Passes that no check could end, because as many tokens waited as may.</summary>
    public long ForcedPasses { get; internal set; }

    /// <summary>The most tokens that waited before deeper layers.</summary>
    public long PendingMax { get; private set; }

    /// <summary>Tokens that waited after a pass, on average.</summary>
    public double PendingMean => Passes == 0 ? 0 : (double)_pendingSum / Passes;

    /// <summary>Drafts that the remaining layers looked at (verified modes).</summary>
    public long Drafted { get; internal set; }

    /// <summary>Drafts among them that stayed.</summary>
    public long Accepted { get; internal set; }

    /// <summary>Average activated layers: layer calls for each emitted token.</summary>
    public double AverageLayers => Tokens == 0 ? 0 : (double)LayerCalls / Tokens;

    /// <summary>Layers for each pass by <see cref="ExitsAfter"/>: what a stack that simulates would have run.</summary>
    public double AverageExit => Passes == 0 ? 0 : (double)_exitsAfter.Select((count, layers) => count * layers).Sum() / Passes;

    /// <summary>Adds another generation of the same model.</summary>
    /// <param name="other">What it did.</param>
    public void Add(ExitStatistics other)
    {
        for (var layers = 0; layers < _exitsAfter.Length; layers++)
        {
            _exitsAfter[layers] += other._exitsAfter[layers];
        }

        Tokens += other.Tokens;
        LayerCalls += other.LayerCalls;
        Checks += other.Checks;
        FullHeads += other.FullHeads;
        CheckSeconds += other.CheckSeconds;
        ForcedPasses += other.ForcedPasses;
        PendingMax = Math.Max(PendingMax, other.PendingMax);
        _pendingSum += other._pendingSum;
        Drafted += other.Drafted;
        Accepted += other.Accepted;
    }

    /// <summary>Counts a pass.</summary>
    /// <param name="layers">Layers that it ran, or would have run.</param>
    /// <param name="pending">Tokens that wait now.</param>
    internal void CountPass(int layers, long pending)
    {
        _exitsAfter[layers]++;
        _pendingSum += pending;
        PendingMax = Math.Max(PendingMax, pending);
    }

    /// <summary>Moves a pass that has gone on.</summary>
    /// <param name="from">Layers that it had run.</param>
    /// <param name="to">Layers that it has run now.</param>
    internal void MovePass(int from, int to)
    {
        _exitsAfter[from]--;
        _exitsAfter[to]++;
    }
}
