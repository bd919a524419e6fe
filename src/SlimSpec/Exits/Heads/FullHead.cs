namespace SlimSpec;

/// <summary>The whole head at every check.</summary>
/// <param name="logits">All logits of a token, <c>[1, hidden]</c> to <c>[1, vocab]</c>.</param>
internal sealed class FullHead(Func<torch.Tensor, torch.Tensor> logits) : ExitHead
{
    private readonly HeldLogits _logits = new();
    private int _top = -1;

    /// <inheritdoc/>
    public override ReadOnlySpan<float> LastLogits => _logits.Span;

    /// <inheritdoc/>
    public override ReadOnlySpan<int> LastIds => [];

    /// <inheritdoc/>
    public override void BeginToken()
    {
    }

    /// <inheritdoc/>
    public override LogitReading Read(torch.Tensor row)
    {
        FullHeads++;
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        _logits.Hold(logits(row.unsqueeze(0)).select(0, 0));
        var reading = _logits.Read();
        _top = reading.TopId;
        return reading;
    }

    /// <inheritdoc/>
    public override int Confirm(torch.Tensor row) => _top;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _logits.Dispose();
        base.Dispose(disposing);
    }
}
