namespace SlimSpec;

/// <summary>
/// What a pass over tokens needs besides weights: where the tokens stand, and what follows from it. Owns its tensors.
/// </summary>
public sealed class SequencePass : IDisposable
{
    private readonly torch.Tensor? _inputIds;
    private readonly KeyValueCache? _cache;
    private readonly torch.Device _device;
    private torch.Tensor? _positions;
    private torch.Tensor? _cos;
    private torch.Tensor? _signedSin;

    /// <summary>A pass over tokens that come next.</summary>
    /// <param name="inputIds">Token ids <c>[batch, tokens]</c>, or <c>[1]</c> at decoding, int64, on the model's device.</param>
    /// <param name="cache">The cache that the tokens are appended to; null: whole sequences from position 0.</param>
    /// <param name="trees">The trees that the tokens are packed from, without a cache; null: they are sequences. The caller disposes of them.</param>
    public SequencePass(torch.Tensor inputIds, KeyValueCache? cache, TokenTrees? trees = null)
    {
        (_inputIds, _cache, _device, Trees) = (inputIds, cache, inputIds.device, trees);
        (Start, Tokens) = (cache?.Length ?? 0, inputIds.size(-1));
    }

    /// <summary>A pass over tokens that have entered the model before, and now go on.</summary>
    /// <param name="start">Position of the first.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="cache">The cache that they are appended to.</param>
    /// <param name="device">The model's device.</param>
    public SequencePass(long start, long tokens, KeyValueCache cache, torch.Device device) =>
        (Start, Tokens, _cache, _device) = (start, tokens, cache, device);

    /// <summary>Position of the first token.</summary>
    public long Start { get; }

    /// <summary>Tokens of each sequence in this pass.</summary>
    public long Tokens { get; }

    /// <summary>Positions of the tokens, <c>[tokens]</c>, int64.</summary>
    public torch.Tensor Positions =>
        _positions ??= (Trees?.Positions(_device) ?? torch.arange(Start, Start + Tokens, dtype: torch.ScalarType.Int64, device: _device)).DetachFromDisposeScope();

    /// <summary>The positions, of a model that has learned ones for the first <paramref name="limit"/> and none behind.</summary>
    /// <exception cref="SlimException">A token stands behind them.</exception>
    public torch.Tensor PositionsBelow(long limit) => End <= limit
        ? Positions
        : throw new SlimException($"{End} tokens are more than the {limit} positions that the model has learned");

    /// <summary>The trees that the tokens are packed from; null: they are sequences.</summary>
    public TokenTrees? Trees { get; }

    /// <summary>Which tokens see each other in both directions; null: none.</summary>
    public PrefixLayout? Prefix { get; private set; }

    /// <summary>Cosines by <see cref="Rotate"/>, <c>[tokens, dims]</c>; with two planes <c>[batch, 1, tokens, dims]</c>.</summary>
    public torch.Tensor Cos => _cos ?? throw NotRotated();

    /// <summary>Sines by <see cref="Rotate"/>, shaped like <see cref="Cos"/>; those of a block's first half are negated.</summary>
    public torch.Tensor SignedSin => _signedSin ?? throw NotRotated();

    /// <summary>
    /// Finds each row's prefix (<see cref="PrefixLayout.Find"/>). With a cache it is found in the tokens that come first, which
    /// therefore have to hold the whole prefix, and kept there for the passes that follow.
    /// </summary>
    public SequencePass FindPrefix(long start, params ReadOnlySpan<long> marks)
    {
        if (Start == 0 && _inputIds is not null)
        {
            using var rows = _inputIds.view(-1, Tokens);
            Prefix = PrefixLayout.Find(rows, start, marks);
            _cache?.Prefix = Prefix;
        }
        else
        {
            Prefix = _cache!.Prefix ?? throw new InvalidOperationException("The cache holds tokens whose prefix was not looked for.");
        }

        return this;
    }

    /// <summary>Takes the rows of the tokens' positions from <paramref name="table"/>; one of two planes needs <see cref="FindPrefix"/> first.</summary>
    public SequencePass Rotate(RotaryTable table)
    {
        using var normal = torch.inference_mode(false); // layers may run later, with gradients
        using var scope = torch.NewDisposeScope();
        var (cos, signedSin) = Trees is not null ? table.Rows(TreePlanes(table.Planes), End + 1)
            : table.Planes == 1 ? table.Rows(Start, Tokens)
            : table.Rows((Prefix ?? throw new InvalidOperationException("Two planes of positions need a prefix.")).Positions(Start, Tokens), Start + Tokens + 1);
        _cos = cos.DetachFromDisposeScope();
        _signedSin = signedSin.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _positions?.Dispose();
        _cos?.Dispose();
        _signedSin?.Dispose();
        if (_cache is null)
        {
            Prefix?.Dispose();
        }
    }

    // One more than the last position.
    private long End => Trees?.Depth ?? Start + Tokens;

    // [1, planes, tokens]. Plain text has its first position at 0 and counts its second one from 1 (PrefixLayout).
    private torch.Tensor TreePlanes(int planes) => planes == 1
        ? Positions.view(1, 1, -1)
        : torch.stack([torch.zeros_like(Positions), Positions + 1], 0).unsqueeze(0);

    private static InvalidOperationException NotRotated() => new("This pass took no rows of a rotary table.");
}
