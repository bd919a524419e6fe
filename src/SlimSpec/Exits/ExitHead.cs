namespace SlimSpec;

/// <summary>How checks read the residual stream: what the model would say if it ended there. One serves one sequence at a time.</summary>
public abstract class ExitHead : IDisposable
{
    /// <summary>Times that the whole head was run, confirmations included.</summary>
    public long FullHeads { get; protected set; }

    /// <summary>Logits of the last <see cref="Read"/>, by place in <see cref="LastIds"/>; by token id where that is empty.</summary>
    public abstract ReadOnlySpan<float> LastLogits { get; }

    /// <summary>The tokens that the last <see cref="Read"/> looked at; empty: all.</summary>
    public abstract ReadOnlySpan<int> LastIds { get; }

    /// <summary>Forgets what it knows of the token before.</summary>
    public abstract void BeginToken();

    /// <summary>Reads the residual stream behind some layer.</summary>
    /// <param name="row">The stream of one token, <c>[hidden]</c>.</param>
    public abstract LogitReading Read(torch.Tensor row);

    /// <summary>The token that the whole head finds likeliest for the row that was read last; no second pass where that was the whole head.</summary>
    /// <param name="row">The same row.</param>
    public abstract int Confirm(torch.Tensor row);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees its tensors.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
