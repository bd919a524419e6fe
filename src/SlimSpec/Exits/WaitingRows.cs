namespace SlimSpec;

/// <summary>Rows <c>[hidden]</c> in the order of their tokens, in a buffer that is filled and emptied again and again.</summary>
/// <param name="capacity">Rows that it holds at most.</param>
internal sealed class WaitingRows(int capacity) : IDisposable
{
    private torch.Tensor? _rows;

    /// <summary>Rows held.</summary>
    public int Count { get; private set; }

    /// <summary>Puts rows behind those that wait.</summary>
    /// <param name="rows">The rows, <c>[tokens, hidden]</c>.</param>
    public void Add(torch.Tensor rows)
    {
        _rows ??= torch.empty([capacity, rows.size(1)], dtype: rows.dtype, device: rows.device).DetachFromDisposeScope();
        var tokens = rows.size(0);
        using var place = _rows.narrow(0, Count, tokens);
        place.copy_(rows);
        Count += (int)tokens;
    }

    /// <summary>Gives the rows, <c>[tokens, hidden]</c>, as a view that holds until the next <see cref="Add"/>; none waits any more.</summary>
    public torch.Tensor Take()
    {
        var rows = _rows!.narrow(0, 0, Count);
        Count = 0;
        return rows;
    }

    /// <summary>Forgets the rows.</summary>
    public void Clear() => Count = 0;

    /// <inheritdoc/>
    public void Dispose() => _rows?.Dispose();
}
