namespace SlimSpec;

/// <summary>The operations of a decoder layer that TorchSharp has no single call for.</summary>
public static partial class Kernels
{
    /// <summary>Rows of <paramref name="table"/> <c>[rows, width]</c> picked by <paramref name="ids"/> of any shape: <c>[..., width]</c>.</summary>
    public static torch.Tensor embedding(torch.Tensor ids, torch.Tensor table) => table.device_type == DeviceType.CPU
        ? table.index_select(0, ids.reshape(-1)).view([.. ids.shape, table.size(1)]) // threads add up the gradient of indexing in any order
        : table[torch.TensorIndex.Tensor(ids)]; // and here that of selecting

    /// <summary>The sum of those terms that are there, first to last: a branch that a layer lacks has none.</summary>
    /// <param name="terms">Tensors of one shape, and nulls; one tensor at least.</param>
    /// <returns>A new tensor, also where there is one term alone.</returns>
    public static torch.Tensor sum(params ReadOnlySpan<torch.Tensor?> terms)
    {
        torch.Tensor? sum = null;
        var count = 0;
        foreach (var term in terms)
        {
            if (term is not null)
            {
                sum = count++ == 0 ? term : sum! + term;
            }
        }

        return count == 1 ? sum!.alias() : sum!;
    }

    /// <summary>
    /// Root-mean-square norm over the last axis (Zhang and Sennrich 2019): <c>x / sqrt(mean(x^2) + eps) * weight</c>, with
    /// the statistics in float32 for 16-bit inputs, as Hugging Face computes them.
    /// </summary>
    /// <param name="x">Any shape whose last axis is <paramref name="weight"/>'s.</param>
    /// <param name="weight">Scales of the channels.</param>
    /// <param name="eps">Added to the mean of squares.</param>
    /// <param name="offset">Added to the weight, in float32 for 16-bit weights: 1 for Gemma, whose scales are stored less 1.</param>
    public static torch.Tensor rms_norm(torch.Tensor x, torch.Tensor weight, double eps, double offset = 0)
    {
        if (FewRows.AreRows(x) && FewRows.Fits(weight))
        {
            return FewRows.RmsNorm(x, weight, eps, offset);
        }

        var half = IsHalf(x);
        var wide = half ? x.to(torch.ScalarType.Float32) : x;
        var scale = wide.square().mean([-1], keepdim: true).add_(eps).rsqrt_();
        var normed = wide * scale;
        if (offset == 0)
        {
            return half ? normed.to(x.dtype) * weight : normed * weight;
        }

        var scaled = normed * ((half ? weight.to(torch.ScalarType.Float32) : weight) + offset);
        return half ? scaled.to(x.dtype) : scaled;
    }

    /// <summary>Layer norm over the last axis (Ba et al. 2016): <c>(x - mean) / sqrt(variance + eps) * weight + bias</c>.</summary>
    /// <param name="x">Any shape whose last axis is <paramref name="weight"/>'s.</param>
    /// <param name="weight">Scales of the channels.</param>
    /// <param name="bias">Offsets of the channels; null: none.</param>
    /// <param name="eps">Added to the variance.</param>
    public static torch.Tensor layer_norm(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, double eps) =>
        FewRows.AreRows(x) && FewRows.Fits(weight) && (bias is null || FewRows.Fits(bias))
            ? FewRows.LayerNorm(x, weight, bias, eps)
            : torch.nn.functional.layer_norm(x, [x.size(-1)], weight, bias, eps);

    /// <summary>
    /// The tanh approximation of GELU (Hendrycks and Gimpel 2016), which GPT-2, BLOOM and Gemma were trained with:
    /// <c>0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))</c>, in float32 for 16-bit inputs.
    /// </summary>
    public static torch.Tensor gelu_tanh(torch.Tensor x)
    {
        if (FewRows.AreRows(x))
        {
            return FewRows.GeluTanh(x);
        }

        // 0.5 (1 + tanh(u)) = sigmoid(2u): fewer steps, and no cancellation where the result is small.
        var half = IsHalf(x);
        var wide = half ? x.to(torch.ScalarType.Float32) : x;
        var gate = wide.square().mul_(GeluCubic).add_(GeluLinear).mul(wide).sigmoid_();
        return half ? gate.mul(wide).to(x.dtype) : gate.mul(wide);
    }

    /// <summary>SiLU (Hendrycks and Gimpel 2016) of a few rows <c>[tokens, channels]</c>: <c>x / (1 + exp(-x))</c>.</summary>
    public static torch.Tensor silu(torch.Tensor x) => FewRows.AreRows(x) ? FewRows.Silu(x) : torch.nn.functional.silu(x);

    /// <summary>GELU (Hendrycks and Gimpel 2016) of a few rows <c>[tokens, channels]</c>.</summary>
    public static torch.Tensor gelu(torch.Tensor x) => EachRow(x, row => torch.nn.functional.gelu(row));

    /// <summary>A few rows times a weight, plus a bias: what <c>functional.linear</c> gives, at the speed at which the weight is read.</summary>
    /// <param name="x"><c>[tokens, in]</c>.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>; null: none.</param>
    /// <returns><c>[tokens, out]</c>. In float32 on the CPU each row is what it would be alone, to the bit.</returns>
    public static torch.Tensor linear(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias = null)
    {
        if (FewRows.FitsLinear(x, weight))
        {
            return FewRows.Linear(x, weight, bias);
        }

        if (x.size(0) > 1)
        {
            return torch.nn.functional.linear(x, weight, bias);
        }

        var product = weight.mv(x.select(0, 0));
        return (bias is null ? product : product.add_(bias)).unsqueeze(0);
    }

    /// <summary>Rotates each head by its position (Su et al. 2021).</summary>
    /// <param name="x">Queries or keys, last axis the head's; channels behind the cosines' pass as they are.</param>
    /// <param name="cos">Cosines, broadcastable to the rotated channels of <paramref name="x"/>.</param>
    /// <param name="signedSin">Sines, those of each block's first half negated.</param>
    /// <param name="block">Channels of a block (<see cref="RotaryTable.Block"/>), whose halves are exchanged; 0: all rotated channels, the half-split layout of Hugging Face.</param>
    public static torch.Tensor rotate(torch.Tensor x, torch.Tensor cos, torch.Tensor signedSin, long block = 0)
    {
        var dims = cos.size(-1);
        block = block == 0 ? dims : block;
        if (FewRows.AreHeads(x) && FewRows.Fits(cos) && cos.numel() == dims * x.size(2))
        {
            return FewRows.Rotate(x, cos, signedSin, (int)block);
        }

        var passed = x.size(-1) - dims;
        var turned = passed == 0 ? x : x.narrow(-1, 0, dims);
        turned = turned.mul(cos).addcmul_(SwapHalves(turned, block), signedSin, 1);
        return passed == 0 ? turned : torch.cat([turned, x.narrow(-1, dims, passed)], -1);
    }

    internal const double GeluLinear = 1.5957691216057308; // 2 sqrt(2 / pi)
    internal const double GeluCubic = GeluLinear * 0.044715;

    // libtorch's vectorised loops compute the last elements of a run otherwise: a row by itself has always the same last ones.
    private static torch.Tensor EachRow(torch.Tensor x, Func<torch.Tensor, torch.Tensor> function) =>
        x.size(0) > 1 && FewRows.AreRows(x) ? torch.cat([.. Enumerable.Range(0, (int)x.size(0)).Select(row => function(x.narrow(0, row, 1)))], 0) : function(x);

    private static bool IsHalf(torch.Tensor x) => x.dtype is torch.ScalarType.Float16 or torch.ScalarType.BFloat16;

    private static torch.Tensor SwapHalves(torch.Tensor x, long block)
    {
        var half = block / 2;
        return block == x.size(-1)
            ? torch.cat([x.narrow(-1, half, half), x.narrow(-1, 0, half)], -1)
            : x.unflatten(-1, -1, 2, half).flip(-2).flatten(-3);
    }
}
