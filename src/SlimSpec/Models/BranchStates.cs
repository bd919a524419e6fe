namespace SlimSpec;

/// <summary>What the branches of the layer that ran last gave for the last token, where an exit compares them (<c>cos_attn</c>, <c>cos_mlp</c>).</summary>
public sealed class BranchStates : IDisposable
{
    /// <summary>Whether the next layers' branches are looked at.</summary>
    public bool Watching { get; set; }

    /// <summary>The attention's output <c>[hidden]</c>, float32; null where the layer has none. Replaced by the next.</summary>
    public torch.Tensor? Attention { get; private set; }

    /// <summary>The MLP's output <c>[hidden]</c>, float32; null where the layer has none. Replaced by the next.</summary>
    public torch.Tensor? Mlp { get; private set; }

    /// <summary>Shows the attention's output, <c>[tokens, hidden]</c>.</summary>
    public void ShowAttention(torch.Tensor? rows) => Attention = Show(Attention, rows);

    /// <summary>Shows the MLP's output, <c>[tokens, hidden]</c>.</summary>
    public void ShowMlp(torch.Tensor? rows) => Mlp = Show(Mlp, rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        Attention?.Dispose();
        Mlp?.Dispose();
    }

    private torch.Tensor? Show(torch.Tensor? before, torch.Tensor? rows)
    {
        if (!Watching)
        {
            return before;
        }

        before?.Dispose();
        if (rows is null)
        {
            return null;
        }

        using var scope = torch.NewDisposeScope();
        return rows.select(0, rows.size(0) - 1).to(torch.ScalarType.Float32).clone().DetachFromDisposeScope();
    }
}
