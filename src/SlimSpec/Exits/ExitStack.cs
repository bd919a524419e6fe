namespace SlimSpec;

/// <summary>
/// Takes the tokens of one sequence through the layers of a model, each until a check lets it out. Generated code derives one class per recipe with
/// exits: its loop has the recipe's checks and nothing else.
/// </summary>
/// <remarks>
/// With <c>kv: deferred</c> each layer has stored the keys and values of the first so many tokens, never fewer than the layer behind it. A token that
/// leaves waits, as a row, before the layer that it did not enter; the next one that goes deeper takes all who wait there along, one product for all
/// of them. So a layer that runs has seen the whole past, and no key or value is ever made up.
/// </remarks>
public abstract partial class ExitStack : IDisposable
{
    /// <summary>No check comes behind a layer.</summary>
    protected const int NoCheck = -1;

    private readonly torch.Tensor _input;
    private readonly long[] _reached;
    private readonly WaitingRows[] _waiting;
    private readonly bool _defers;
    private readonly bool _verifies;
    private DraftVerifier _choice = null!;
    private IReadOnlyCollection<int> _stopIds = [];
    private SequencePass? _pass;

    /// <summary>Makes a stack with an empty cache.</summary>
    /// <param name="model">The model; adapters must be merged.</param>
    /// <param name="settings">The recipe's exits.</param>
    /// <param name="head">How checks read the residual stream; the caller disposes of it.</param>
    /// <param name="policy">What decides; not asked in <c>truncate</c> and <c>self_speculative</c>.</param>
    /// <exception cref="SlimException">The model has too few layers for the recipe's exits.</exception>
    protected ExitStack(CausalLM model, ExitSettings settings, ExitHead head, ExitPolicy policy)
    {
        (Model, Settings, Head, Policy, Depth) = (model, settings, head, policy, model.Layers.Count);
        if (settings.Layers[^1] >= Depth)
        {
            throw new SlimException($"exits: layers: {settings.Layers[^1]} is not possible in a model of {Depth} layers; a token may leave after 1 to {Depth - 1} of them.");
        }

        Simulates = settings.Mode == ExitMode.Simulate;
        Statistics = new(Depth);
        Cache = model.CreateCache();
        _verifies = settings.Mode.Verifies();
        _defers = settings.Scope == ExitScope.Decode && settings.Mode != ExitMode.Truncate && settings.Cache.Policy == ExitCachePolicy.Deferred;
        _input = torch.zeros(1, dtype: torch.ScalarType.Int64, device: model.Device).DetachFromDisposeScope();
        _reached = new long[Depth];
        _waiting = RowsOfChecks();
        _features = new float[settings.Mode.IsFitted() ? settings.Features.Count : 0];
        _looksAtResidual = settings.Features.Contains(ExitFeature.CosPrev);
        _drafting = settings.Mode == ExitMode.SelfSpeculative ? new(settings.Layers, Depth, HeadCost(settings, model), settings.Cache.MaxPending) : null;
        _shadows = RowsOfChecks();
    }

    /// <summary>The model.</summary>
    public CausalLM Model { get; }

    /// <summary>The recipe's exits.</summary>
    public ExitSettings Settings { get; }

    /// <summary>How checks read the residual stream.</summary>
    public ExitHead Head { get; }

    /// <summary>What decides.</summary>
    public ExitPolicy Policy { get; }

    /// <summary>What was done since the last sequence began.</summary>
    public ExitStatistics Statistics { get; private set; }

    /// <summary>Keys and values of the sequence.</summary>
    public KeyValueCache Cache { get; }

    /// <summary>Sees the checks, if set.</summary>
    public ExitRecorder? Recorder { get; set; }

    /// <summary>
    /// Whether tokens run through every layer and every check, and the dense model's tokens come out, whatever the checks say: so in mode
    /// <c>simulate</c>, and in the others when set, for calibration.
    /// </summary>
    public bool Simulates { get; set; }

    /// <summary>Layers of the model.</summary>
    protected int Depth { get; }

    /// <summary>Positions of the rows that are in the loop now.</summary>
    protected SequencePass Pass => _pass!;

    /// <summary>Tokens that each layer has stored; with deferred keys and values never more than the layer before.</summary>
    internal IReadOnlyList<long> Reached => _reached;

    /// <summary>Tokens that wait before deeper layers.</summary>
    internal int Pending => _defers ? (int)(Cache.Length - _reached[^1]) : 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Takes rows from a layer on, until a check lets the last of them out or no layer is left.</summary>
    /// <param name="layer">The first layer to run.</param>
    /// <param name="rows">Its input <c>[tokens, hidden]</c>.</param>
    /// <returns>The last layer's output, shaped like its input, or with those rows in front that waited on the way; null where the last row left.</returns>
    protected abstract torch.Tensor? Climb(int layer, torch.Tensor rows);

    /// <summary>Counts a layer call, and frees what went into it.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="before">What went in.</param>
    /// <param name="after">What came out.</param>
    /// <returns><paramref name="after"/>.</returns>
    protected torch.Tensor Ran(int layer, torch.Tensor before, torch.Tensor after)
    {
        Statistics.LayerCalls++;
        _reached[layer] = Pass.Start + Pass.Tokens;
        before.Dispose();
        return after;
    }

    /// <summary>Starts a sequence with its prompt.</summary>
    /// <param name="prompt">Token ids, at least one.</param>
    /// <param name="settings">How tokens are chosen.</param>
    /// <returns>The first new token.</returns>
    internal int Begin(IReadOnlyList<int> prompt, GenerationSettings settings)
    {
        Reset();
        _choice = new(settings, Model.Shape.VocabularySize, Settings.Cache.MaxPending);
        _stopIds = settings.StopIds;
        using var scope = torch.NewDisposeScope();
        var ids = torch.tensor(prompt.Select(id => (long)id).ToArray(), [1, prompt.Count], device: Model.Device);
        if (Settings.Scope == ExitScope.PromptLast)
        {
            return Finish(ClimbPrompt(ids) is { } rows ? Choose(rows) : _said);
        }

        var logits = Settings.Mode == ExitMode.Truncate ? Logits(LastRow(ClimbPrompt(ids)!)) : Model.Prefill(ids, Cache);
        Array.Fill(_reached, Cache.Length);
        Statistics = new(Depth);
        return _choice.Verify(logits).Tokens[0];
    }

    /// <summary>Feeds a token, and takes what a check or the last layer says for the next; nothing is verified.</summary>
    /// <param name="id">The token.</param>
    internal int Next(int id)
    {
        using var scope = torch.NewDisposeScope();
        return Finish(Feed(id, mayLeave: true) is { } rows ? Choose(rows) : _said);
    }

    /// <summary>Feeds a token and then drafts, until the last layer has looked at them: a round of the verified modes. Others feed the token alone.</summary>
    /// <param name="id">The token that came last.</param>
    /// <param name="remaining">Tokens that may follow, at least one.</param>
    /// <returns>The tokens that follow: at least one, at most <paramref name="remaining"/>; they hold until the next round.</returns>
    internal ArraySegment<int> Round(int id, int remaining)
    {
        if (!_verifies || Simulates)
        {
            return new([Next(id)]);
        }

        using var scope = torch.NewDisposeScope();
        _drafting?.BeginRound();
        while (true)
        {
            if (Feed(id, mayLeave: _choice.Count < remaining - 1) is { } rows)
            {
                return Verify(rows);
            }

            id = Finish(_choice.Draft(Head, _said));
            if (_stopIds.Contains(id))
            {
                return Verify(Drain()!); // nothing is to follow it
            }
        }
    }

    /// <summary>Takes all tokens that wait through the remaining layers.</summary>
    /// <returns>What came out of the last, <c>[tokens, hidden]</c>; null where none waited.</returns>
    internal torch.Tensor? Drain()
    {
        var check = Array.FindIndex(_waiting, rows => rows.Count > 0);
        if (check < 0)
        {
            return null;
        }

        // The token that left last waits before the shallowest layer: it goes on, and takes the others along.
        _mayLeave = false;
        Statistics.MovePass(_leftAfter, Depth);
        var rows = _waiting[check].Take();
        Enter(Model.Resume(Cache.Length - rows.size(0), rows.size(0), Cache));
        return Climb(Settings.Layers[check], rows);
    }

    /// <summary>Frees the tensors.</summary>
    /// <param name="disposing">Whether other objects may be reached.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing)
        {
            return;
        }

        _pass?.Dispose();
        _input.Dispose();
        Cache.Dispose();
        Branches?.Dispose();
        foreach (var part in _waiting.Concat<IDisposable>(_shadows).Concat([_residual, _attention, _mlp]))
        {
            part.Dispose();
        }
    }

    private WaitingRows[] RowsOfChecks() => [.. Settings.Layers.Select(_ => new WaitingRows(Settings.Cache.MaxPending + 1))];

    private void Reset()
    {
        Statistics = new(Depth);
        Cache.Truncate(0);
        Array.Clear(_reached);
        _headsBefore = Head.FullHeads;
        foreach (var rows in _waiting.Concat(_shadows))
        {
            rows.Clear();
        }
    }

    private torch.Tensor? ClimbPrompt(torch.Tensor ids)
    {
        BeginToken(mayLeave: true);
        Enter(Model.Begin(ids, Cache));
        var top = Climb(0, Model.Embed(ids, Pass).select(0, 0));
        Cache.Advance(ids.size(1));
        Statistics.CountPass(_leftAfter, 0);
        return top;
    }

    // The last layer's output of the token and those it took along, or null where it left.
    private torch.Tensor? Feed(int id, bool mayLeave)
    {
        using var scope = torch.NewDisposeScope();
        var isFull = Pending == Settings.Cache.MaxPending;
        Statistics.ForcedPasses += isFull ? 1 : 0;
        BeginToken(mayLeave && !isFull);
        _input.fill_(id);
        Enter(Model.Begin(_input, Cache));
        var top = Climb(0, Model.Embed(_input, Pass));
        Cache.Advance(1);
        Statistics.CountPass(_leftAfter, Pending);
        return top?.MoveToOuterDisposeScope();
    }

    private void Enter(SequencePass pass)
    {
        _pass?.Dispose();
        _pass = pass;
    }

    private int Finish(int id)
    {
        Recorder?.Token(id, _leftAfter);
        return id;
    }

    private ArraySegment<int> Verify(torch.Tensor rows)
    {
        var drafts = _choice.Count;
        var logits = Logits(rows);
        var (tokens, accepted) = _choice.Verify(logits);
        Statistics.Drafted += drafts;
        Statistics.Accepted += accepted;
        if (_drafting is { Shadows: true })
        {
            CompareShadows(logits, tokens.Count);
        }

        Truncate(Cache.Length - rows.size(0) + tokens.Count);
        Finish(tokens[^1]);
        return tokens;
    }

    // Behind a pass through all layers nothing waits.
    private void Truncate(long length)
    {
        Cache.Truncate(length);
        Array.Fill(_reached, length);
    }

    private int Choose(torch.Tensor rows) => _choice.Verify(Logits(LastRow(rows))).Tokens[0];

    // Behind the last layer that a token may run.
    private torch.Tensor Logits(torch.Tensor rows) =>
        Settings is { Mode: ExitMode.Truncate, FinalNorm: false } ? EarlyLogits(rows) : Model.HeadRows(rows);

    // As [1, hidden].
    private static torch.Tensor LastRow(torch.Tensor rows) => rows.narrow(0, rows.size(0) - 1, 1);
}
