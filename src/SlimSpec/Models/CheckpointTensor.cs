namespace SlimSpec;

/// <summary>
/// One tensor of a checkpoint and its place in a model: a whole <see cref="WeightLeaf"/>, or the rows of one part of it.
/// </summary>
public sealed class CheckpointTensor
{
    private readonly long _firstRow;
    private readonly CheckpointLayout _layout;

    /// <summary>Notes where the tensor lies.</summary>
    /// <param name="weight">Its name in the checkpoint, and the model's rows, <c>[out, in]</c> or <c>[out]</c>.</param>
    /// <param name="firstRow">Number of the first of them in its leaf.</param>
    /// <param name="layout">How the checkpoint stores them.</param>
    /// <param name="parts">The weights that are stored together, in the order of their rows.</param>
    internal CheckpointTensor(NamedWeight weight, long firstRow, CheckpointLayout layout, IReadOnlyList<NamedWeight> parts)
    {
        (_firstRow, _layout, Parts) = (firstRow, weight.Value.dim() == 1 ? layout with { Transposed = false } : layout, parts);
        Weight = weight;
    }

    /// <summary>Name in the checkpoint, for example <c>transformer.h.0.attn.c_attn.weight</c>.</summary>
    public string Name => Weight.Name;

    /// <summary>Whether a checkpoint may lack it; then it is zero.</summary>
    public bool MayBeAbsent { get; internal set; }

    /// <summary>The weights that are stored together, in the order of their rows.</summary>
    public IReadOnlyList<NamedWeight> Parts { get; }

    /// <summary>The model's rows as one weight <c>[out, in]</c> or <c>[out]</c>, the parts one behind the other.</summary>
    public NamedWeight Weight { get; }

    /// <summary>Sizes in the checkpoint, for example <c>[in, out]</c>.</summary>
    public long[] Shape => _layout.Transposed ? [Weight.Value.size(1), Weight.Value.size(0)] : Weight.Value.shape;

    /// <summary>Whether the checkpoint stores <c>[in, out]</c>.</summary>
    public bool IsTransposed => _layout.Transposed;

    /// <summary>Whether the checkpoint stores exactly what the model keeps.</summary>
    public bool IsPlain => !_layout.Transposed && _layout.InOrder;

    /// <summary>The values as the checkpoint stores them: a view where rows are in order, else a copy that is the caller's to free.</summary>
    public torch.Tensor Value => Stored(Weight.Value);

    /// <summary>This tensor's share of something shaped like its leaf (a gradient, say), as the checkpoint stores it.</summary>
    /// <param name="likeLeaf">A tensor with the leaf's rows, <c>[rows, in]</c> or <c>[rows]</c>.</param>
    public torch.Tensor Pack(torch.Tensor likeLeaf) =>
        Stored(likeLeaf.size(0) == Weight.Value.size(0) ? likeLeaf : likeLeaf.narrow(0, _firstRow, Weight.Value.size(0)));

    /// <summary>Copies values as the checkpoint stores them into the model, converting to its dtype on its device.</summary>
    /// <param name="stored">A tensor of <see cref="Shape"/>.</param>
    public void Load(torch.Tensor stored)
    {
        using var scope = torch.NewDisposeScope();
        CopyRows(_layout.Transposed ? stored.t() : stored, Weight.Value);
    }

    /// <summary>Rows in the model's order, <c>[out, ...]</c>, put into the checkpoint's order; the caller's scope takes what is made.</summary>
    internal torch.Tensor PackRows(torch.Tensor rows)
    {
        if (_layout.InOrder)
        {
            return rows;
        }

        var units = Parts.Select((_, part) => Units(PartRows(rows, part)));
        return torch.cat([.. units], 1).flatten(0, 1);
    }

    /// <summary>Copies rows in the checkpoint's order, <c>[out, ...]</c>, to rows in the model's.</summary>
    internal void CopyRows(torch.Tensor stored, torch.Tensor rows)
    {
        using var noGradients = torch.no_grad();
        if (_layout.InOrder)
        {
            rows.copy_(stored);
            return;
        }

        using var scope = torch.NewDisposeScope();
        var turns = Units(stored);
        long row = 0;
        for (var part = 0; part < Parts.Count; part++)
        {
            var target = Units(PartRows(rows, part));
            target.copy_(turns.narrow(1, row, target.size(1)));
            row += target.size(1);
        }
    }

    private torch.Tensor Stored(torch.Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        var packed = PackRows(rows.detach());
        return (_layout.Transposed ? packed.t() : packed).MoveToOuterDisposeScope();
    }

    private torch.Tensor PartRows(torch.Tensor rows, int part) =>
        rows.narrow(0, Parts.Take(part).Sum(before => before.Value.size(0)), Parts[part].Value.size(0));

    // [units, rows of each, ...]
    private torch.Tensor Units(torch.Tensor rows) => rows.unflatten(0, _layout.InterleavedUnits, -1);
}
