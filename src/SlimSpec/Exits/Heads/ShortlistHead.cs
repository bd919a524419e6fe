namespace SlimSpec;

/// <summary>
/// Finds a token's likeliest at its first check, by the whole head or by one of low rank, and gives the exact logits of those alone at all its
/// checks. Every reading is a softmax over the shortlist, so that readings of different checks compare.
/// </summary>
/// <param name="source">The head.</param>
/// <param name="count">Tokens of the shortlist.</param>
/// <param name="factors">The head of low rank, which this one owns; null: the whole head.</param>
internal sealed class ShortlistHead(HeadSource source, int count, LowRankFactors? factors) : ExitHead
{
    private readonly bool _inPlace = FewRows.Fits(source.Weight) && (source.Bias is null || FewRows.Fits(source.Bias));
    private readonly Likeliest _likeliest = new(count);
    private readonly HeldLogits _logits = new();
    private readonly int[] _ids = new int[count];
    private readonly float[] _exact = new float[count];
    private torch.Tensor? _deviceIds;
    private bool _idsAreHere;
    private bool _hasList;
    private int _top = -1;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> LastLogits => _inPlace ? _exact : _logits.Span;

    /// <inheritdoc/>
    public override ReadOnlySpan<int> LastIds
    {
        get
        {
            if (!_idsAreHere && _deviceIds is not null)
            {
                using var onHost = _deviceIds.cpu();
                onHost.data<long>().Select(id => (int)id).ToArray().CopyTo(_ids, 0);
                _idsAreHere = true;
            }

            return _ids;
        }
    }

    /// <inheritdoc/>
    public override void BeginToken() => _hasList = false;

    /// <inheritdoc/>
    public override LogitReading Read(torch.Tensor row)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        _top = -1;
        if (!_hasList && factors is null)
        {
            return ReadWhole(row);
        }

        var input = source.Input(row.unsqueeze(0)).contiguous();
        if (!_hasList)
        {
            Choose(factors!.Logits(input));
        }

        if (_inPlace)
        {
            FewRows.SomeOutputs(input, source.Weight, source.Bias, _ids, _exact);
            return LogitReader.Read(_exact, _ids);
        }

        _logits.Hold(source.LogitsOf(input, _deviceIds!));
        return ReadHeld();
    }

    /// <inheritdoc/>
    public override int Confirm(torch.Tensor row)
    {
        if (_top < 0)
        {
            using var noGradients = torch.no_grad();
            using var scope = torch.NewDisposeScope();
            using var logits = new HeldLogits();
            logits.Hold(WholeHead(row));
            _top = logits.Read().TopId;
        }

        return _top;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _logits.Dispose();
        _deviceIds?.Dispose();
        factors?.Dispose();
        base.Dispose(disposing);
    }

    private torch.Tensor WholeHead(torch.Tensor row)
    {
        FullHeads++;
        return source.Logits(row.unsqueeze(0)).select(0, 0);
    }

    // The whole head's own logits: they say what it would say, and its likeliest is the list's.
    private LogitReading ReadWhole(torch.Tensor row)
    {
        var whole = WholeHead(row);
        Choose(whole);
        LogitReading reading;
        if (_inPlace)
        {
            var logits = FewRows.Floats(whole);
            for (var place = 0; place < count; place++)
            {
                _exact[place] = logits[_ids[place]];
            }

            reading = LogitReader.Read(_exact, _ids);
        }
        else
        {
            _logits.Hold(whole.index_select(0, _deviceIds!));
            reading = ReadHeld();
        }

        _top = reading.TopId;
        return reading;
    }

    private LogitReading ReadHeld() => HeldLogits.IsOnHost(source.Weight) ? _logits.Read(LastIds) : _logits.Read([], _deviceIds);

    private void Choose(torch.Tensor logits)
    {
        _hasList = true;
        if (_inPlace)
        {
            _likeliest.Find(FewRows.Floats(logits)).CopyTo(_ids);
            return;
        }

        var (_, ids) = logits.topk(count, sorted: false);
        _deviceIds?.Dispose();
        _deviceIds = torch.sort(ids).values.DetachFromDisposeScope();
        _idsAreHere = false;
    }
}
