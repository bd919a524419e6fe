namespace SlimSpec;

public static partial class Kernels
{
    /// <summary>
    /// Causal attention with grouped queries. The query rows are the last ones of the keys' positions.
    /// </summary>
    /// <param name="q">Queries <c>[batch, heads, tokens, head_dim]</c>.</param>
    /// <param name="k">Keys <c>[batch, kv_heads, positions, head_dim]</c>; query head h reads KV head <c>h / (heads / kv_heads)</c>.</param>
    /// <param name="v">Values, shaped like the keys.</param>
    /// <param name="window">Positions that a row sees, its own included (sliding window, Jiang et al. 2023); 0: all before it.</param>
    /// <param name="slopes">ALiBi (Press et al. 2022): what each head's score falls by for each position back, <c>[heads]</c>; null: nothing.</param>
    /// <param name="prefix">Rows' contexts, whose keys all rows of a sequence see, also those before them; null: none.</param>
    /// <param name="trees">The trees that the tokens are packed from; null: they are sequences.</param>
    /// <returns><c>[batch, heads, tokens, head_dim]</c>.</returns>
    public static torch.Tensor attention(
        torch.Tensor q, torch.Tensor k, torch.Tensor v, long window = 0, torch.Tensor? slopes = null, PrefixLayout? prefix = null, TokenTrees? trees = null)
    {
        if (trees is not null)
        {
            return trees.Attention(q, k, v, window, slopes);
        }

        var tokens = q.size(2);
        var positions = k.size(2);
        var reach = tokens + window - 1; // keys that any of the rows sees
        if (window > 0 && reach < positions)
        {
            k = k.narrow(2, positions - reach, reach);
            v = v.narrow(2, positions - reach, reach);
        }

        if (tokens == 1)
        {
            return FewRows.Fits(q) && FewRows.FitsHeads(k) && FewRows.FitsHeads(v) && (slopes is null || FewRows.Fits(slopes))
                ? FewRows.Attention(q, k, v, slopes)
                : LastRow(q, k, v, slopes);
        }

        var causal = tokens == positions && (window == 0 || window >= positions) && slopes is null && prefix is null;
        var bias = causal ? null : Bias(q, k, positions, window, slopes, prefix);
        return Attend(q, k, v, bias);
    }

    /// <summary>Attention with grouped queries, where a bias says what a row sees, or else causal.</summary>
    internal static torch.Tensor Attend(torch.Tensor q, torch.Tensor k, torch.Tensor v, torch.Tensor? bias) =>
        torch.nn.functional.scaled_dot_product_attention(q, RepeatHeads(k, q.size(1)), RepeatHeads(v, q.size(1)), bias, 0.0, bias is null);

    /// <summary>
    /// <see cref="attention"/> of the last few positions of one sequence; in float32 on the CPU each row is what it would be alone, to the bit.
    /// </summary>
    /// <param name="q">Queries <c>[1, heads, tokens, head_dim]</c>.</param>
    /// <param name="k">Keys <c>[1, kv_heads, positions, head_dim]</c>.</param>
    /// <param name="v">Values, shaped like the keys.</param>
    /// <param name="window">Positions that a row sees; 0: all before it.</param>
    /// <param name="slopes">ALiBi's slopes; null: none.</param>
    /// <param name="prefix">The sequence's context; null: none.</param>
    /// <returns><c>[tokens, heads * head_dim]</c>.</returns>
    public static torch.Tensor attention_rows(
        torch.Tensor q, torch.Tensor k, torch.Tensor v, long window = 0, torch.Tensor? slopes = null, PrefixLayout? prefix = null)
    {
        var (tokens, positions, width) = (q.size(2), k.size(2), q.size(1) * q.size(3));
        if (tokens == 1)
        {
            return attention(q, k, v, window, slopes).view(1, width);
        }

        // Behind the context, which the first pass holds whole, a row sees all before it with a prefix as without.
        if (!FewRows.AreHeads(q) || (prefix is not null && tokens == positions))
        {
            return attention(q, k, v, window, slopes, prefix).transpose(1, 2).reshape(tokens, width);
        }

        var rows = new torch.Tensor[tokens];
        for (var row = 0; row < tokens; row++)
        {
            var seen = positions - tokens + row + 1;
            rows[row] = attention(q.narrow(2, row, 1), k.narrow(2, 0, seen), v.narrow(2, 0, seen), window, slopes).view(1, width);
        }

        return torch.cat(rows, 0);
    }

    // One query row a head: the heads of a group become the rows of one small product, and keys and values are read in place.
    private static torch.Tensor LastRow(torch.Tensor q, torch.Tensor k, torch.Tensor v, torch.Tensor? slopes)
    {
        var (batch, heads, headDim) = (q.size(0), q.size(1), q.size(3));
        var (groups, positions) = (k.size(1), k.size(2));
        var scores = q.reshape(batch, groups, heads / groups, headDim).mul(1.0 / Math.Sqrt(headDim)).matmul(k.transpose(2, 3));
        if (slopes is not null)
        {
            var distance = torch.arange(1 - positions, 1, dtype: slopes.dtype, device: q.device);
            scores += (slopes.view(groups, -1, 1) * distance).to(q.dtype);
        }

        return scores.softmax(-1).matmul(v).view(batch, heads, 1, headDim);
    }

    private static torch.Tensor RepeatHeads(torch.Tensor kv, long heads)
    {
        var (batch, groups, positions, headDim) = (kv.size(0), kv.size(1), kv.size(2), kv.size(3));
        return groups == heads
            ? kv
            : kv.unsqueeze(2).expand(batch, groups, heads / groups, positions, headDim).reshape(batch, heads, positions, headDim);
    }

    // Added to the scores, [tokens, keys] or [1 or batch, 1 or heads, tokens, keys]: minus infinity at the keys that a row does not see. The
    // keys are the last ones of all positions. ALiBi counts from the row, not from position 0 as BLOOM does: the softmax is the same, and the
    // numbers near the row, which weigh most, stay small and so keep their precision in 16 bits.
    private static torch.Tensor Bias(torch.Tensor q, torch.Tensor k, long positions, long window, torch.Tensor? slopes, PrefixLayout? prefix)
    {
        var keys = torch.arange(positions - k.size(2), positions, dtype: torch.ScalarType.Int64, device: q.device);
        var rows = torch.arange(positions - q.size(2), positions, dtype: torch.ScalarType.Int64, device: q.device);
        var distance = keys - rows.unsqueeze(1);
        var hidden = distance.gt(0);
        if (prefix is not null)
        {
            hidden *= keys.ge(prefix.Context.view(-1, 1, 1, 1)); // and
        }

        return Bias(q, distance, hidden, window, slopes);
    }

    /// <summary>Added to the scores: minus infinity at the keys that a row does not see, and what ALiBi takes off the others.</summary>
    /// <param name="q">Queries, whose dtype and device it has.</param>
    /// <param name="distance">How far each key stands behind each row, <c>[tokens, keys]</c>.</param>
    /// <param name="hidden">The keys that a row does not see, of such a shape.</param>
    /// <param name="window">Positions that a row sees; 0: all before it.</param>
    /// <param name="slopes">ALiBi's slopes; null: none.</param>
    internal static torch.Tensor Bias(torch.Tensor q, torch.Tensor distance, torch.Tensor hidden, long window, torch.Tensor? slopes)
    {
        var bias = slopes is null
            ? torch.zeros(hidden.shape, dtype: q.dtype, device: q.device)
            : (slopes.view(-1, 1, 1) * distance).to(q.dtype).unsqueeze(0);
        bias = bias.masked_fill(hidden, double.NegativeInfinity);
        return window == 0 ? bias : bias.masked_fill_(distance.le(-window), double.NegativeInfinity);
    }
}
