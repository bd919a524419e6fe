namespace SlimSpec;

/// <summary>Writes down what checks see while every layer runs. Makes one <see cref="ExitDocument"/> of each generation.</summary>
/// <param name="head">The head of the stack that is recorded.</param>
/// <param name="checks">Checks of a token.</param>
/// <param name="width">Features of a check.</param>
internal sealed class DocumentRecorder(RecordedHead head, int checks, int width) : ExitRecorder
{
    private readonly List<float> _features = [];
    private readonly List<int> _said = [];
    private readonly List<int> _final = [];
    private int _listed;

    /// <inheritdoc/>
    public override void Check(int check, ReadOnlySpan<float> features, in LogitReading reading, bool leaves)
    {
        if (_said.Count != (_final.Count * checks) + check || features.Length != width)
        {
            throw new InvalidOperationException($"check {check} of {features.Length} features came where {_said.Count - (_final.Count * checks)} of {width} was due");
        }

        foreach (var feature in features)
        {
            _features.Add(feature);
        }

        _said.Add(head.Said);
    }

    /// <inheritdoc/>
    public override void Token(int finalId, int layers)
    {
        _final.Add(finalId);
        _listed += head.LastIds.IsEmpty || head.LastIds.Contains(finalId) ? 1 : 0;
    }

    /// <summary>What was recorded since the last call.</summary>
    /// <param name="prompt">The prompt of it.</param>
    /// <param name="fed">What was fed behind it.</param>
    public ExitDocument Take(int[] prompt, int[] fed)
    {
        var document = new ExitDocument(prompt, fed, checks, width, [.. _features], [.. _said], [.. _final], _listed);
        _features.Clear();
        _said.Clear();
        _final.Clear();
        _listed = 0;
        return document;
    }
}

/// <summary>A head that also finds out what its checks would say if the token left.</summary>
/// <param name="inner">The head; this one owns it.</param>
/// <param name="confirms">Whether the whole head names the token that leaves.</param>
internal sealed class RecordedHead(ExitHead inner, bool confirms) : ExitHead
{
    /// <summary>What the check that was read last would say.</summary>
    public int Said { get; private set; }

    /// <inheritdoc/>
    public override ReadOnlySpan<float> LastLogits => inner.LastLogits;

    /// <inheritdoc/>
    public override ReadOnlySpan<int> LastIds => inner.LastIds;

    /// <inheritdoc/>
    public override void BeginToken() => inner.BeginToken();

    /// <inheritdoc/>
    public override LogitReading Read(torch.Tensor row)
    {
        var reading = inner.Read(row);
        Said = confirms && reading.TopId >= 0 ? inner.Confirm(row) : reading.TopId;
        return reading;
    }

    /// <inheritdoc/>
    public override int Confirm(torch.Tensor row) => Said;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>Collects what the head reads at tokens' first checks, for a head of low rank.</summary>
/// <param name="source">The head.</param>
/// <param name="most">States to keep; further ones are passed over.</param>
internal sealed class StateCollector(HeadSource source, int most) : ExitHead
{
    private readonly List<torch.Tensor> _states = [];
    private bool _isFirst;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> LastLogits => [];

    /// <inheritdoc/>
    public override ReadOnlySpan<int> LastIds => [];

    /// <inheritdoc/>
    public override void BeginToken() => _isFirst = true;

    /// <inheritdoc/>
    public override LogitReading Read(torch.Tensor row)
    {
        if (_isFirst && _states.Count < most)
        {
            using var scope = torch.NewDisposeScope();
            _states.Add(source.Input(row.unsqueeze(0)).select(0, 0).clone().DetachFromDisposeScope());
        }

        _isFirst = false;
        return LogitReader.Undefined;
    }

    /// <inheritdoc/>
    public override int Confirm(torch.Tensor row) => -1;

    /// <summary>The states, <c>[states, width]</c>.</summary>
    public torch.Tensor Stack() => torch.stack(_states);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (var state in _states)
        {
            state.Dispose();
        }

        base.Dispose(disposing);
    }
}
