namespace SlimSpec;

/// <summary>The operations of a decoder layer that TorchSharp has no single call for.</summary>
public static class Kernels
{
    /// <summary>Rows of <paramref name="table"/> <c>[rows, width]</c> picked by <paramref name="ids"/> of any shape: <c>[..., width]</c>.</summary>
    public static torch.Tensor embedding(torch.Tensor ids, torch.Tensor table) => table[torch.TensorIndex.Tensor(ids)];

    /// <summary>
    /// Root-mean-square norm over the last axis (Zhang and Sennrich 2019): <c>x / sqrt(mean(x^2) + eps) * weight</c>, with
    /// the statistics in float32 for 16-bit inputs, as Hugging Face computes them.
    /// </summary>
    public static torch.Tensor rms_norm(torch.Tensor x, torch.Tensor weight, double eps)
    {
        if (x.dim() == 1 && OneRow.Fits(x) && OneRow.Fits(weight))
        {
            return OneRow.RmsNorm(x, weight, eps);
        }

        var half = x.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16;
        var wide = half ? x.to(torch.ScalarType.Float32) : x;
        var scale = wide.square().mean([-1], keepdim: true).add_(eps).rsqrt_();
        var normed = wide * scale;
        return half ? normed.to(x.dtype) * weight : normed * weight;
    }

    /// <summary>Rotates each head by its position (Su et al. 2021, in the half-split layout of Hugging Face).</summary>
    /// <param name="x">Queries or keys, last axis the head's.</param>
    /// <param name="cos">Cosines, broadcastable to <paramref name="x"/>.</param>
    /// <param name="signedSin">Sines, the first half negated.</param>
    public static torch.Tensor rotate(torch.Tensor x, torch.Tensor cos, torch.Tensor signedSin)
    {
        if (cos.numel() == x.size(-1) && OneRow.Fits(x) && OneRow.Fits(cos))
        {
            return OneRow.Rotate(x, cos, signedSin);
        }

        var half = x.size(-1) / 2;
        var swapped = torch.cat([x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1);
        return x.mul(cos).addcmul_(swapped, signedSin, 1);
    }

    /// <summary>
    /// Causal attention with grouped queries. The query rows are the last ones of the keys' positions.
    /// </summary>
    /// <param name="q">Queries <c>[batch, heads, tokens, head_dim]</c>.</param>
    /// <param name="k">Keys <c>[batch, kv_heads, positions, head_dim]</c>; query head h reads KV head <c>h / (heads / kv_heads)</c>.</param>
    /// <param name="v">Values, shaped like the keys.</param>
    /// <returns><c>[batch, heads, tokens, head_dim]</c>.</returns>
    public static torch.Tensor attention(torch.Tensor q, torch.Tensor k, torch.Tensor v)
    {
        var tokens = q.size(2);
        var positions = k.size(2);
        if (tokens == 1)
        {
            return OneRow.Fits(q) && OneRow.FitsHeads(k) && OneRow.FitsHeads(v) ? OneRow.Attention(q, k, v) : LastRow(q, k, v);
        }

        k = RepeatHeads(k, q.size(1));
        v = RepeatHeads(v, q.size(1));
        return tokens == positions
            ? torch.nn.functional.scaled_dot_product_attention(q, k, v, null, 0.0, true)
            : torch.nn.functional.scaled_dot_product_attention(q, k, v, Mask(tokens, positions, q), 0.0, false);
    }

    /// <summary>Channel numbers of whole units: unit u covers channels <c>u * size</c> to <c>(u + 1) * size - 1</c>.</summary>
    /// <param name="units">Unit numbers <c>[units]</c>, int64.</param>
    /// <param name="size">Channels a unit.</param>
    public static torch.Tensor unit_channels(torch.Tensor units, long size) =>
        (units.unsqueeze(1) * size + torch.arange(size, dtype: torch.ScalarType.Int64, device: units.device)).flatten();

    /// <summary>Fills <paramref name="slim"/> with those rows (axis 0) or columns (axis 1) of <paramref name="dense"/> that stay.</summary>
    public static void keep(torch.Tensor slim, torch.Tensor dense, long axis, torch.Tensor channels)
    {
        using var kept = dense.index_select(axis, channels); // freed at once: surgery must not need a second layer's room
        slim.copy_(kept);
    }

    // One query row a head: the heads of a group become the rows of one small product, and keys and values are read in place.
    private static torch.Tensor LastRow(torch.Tensor q, torch.Tensor k, torch.Tensor v)
    {
        var (batch, heads, headDim) = (q.size(0), q.size(1), q.size(3));
        var groups = k.size(1);
        var scores = q.reshape(batch, groups, heads / groups, headDim).mul(1.0 / Math.Sqrt(headDim)).matmul(k.transpose(2, 3));
        return scores.softmax(-1).matmul(v).view(batch, heads, 1, headDim);
    }

    private static torch.Tensor RepeatHeads(torch.Tensor kv, long heads)
    {
        var (batch, groups, positions, headDim) = (kv.size(0), kv.size(1), kv.size(2), kv.size(3));
        return groups == heads
            ? kv
            : kv.unsqueeze(2).expand(batch, groups, heads / groups, positions, headDim).reshape(batch, heads, positions, headDim);
    }

    // Added to the scores: row i of the last `tokens` positions sees the keys up to its own, the others are at minus infinity.
    private static torch.Tensor Mask(long tokens, long positions, torch.Tensor like) =>
        torch.full([tokens, positions], double.NegativeInfinity, dtype: like.dtype, device: like.device).triu(positions - tokens + 1);
}
