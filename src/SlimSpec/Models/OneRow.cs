using System.Numerics;
using System.Runtime.InteropServices;

namespace SlimSpec;

/// <summary>
/// What decoding does to one row between the matrix-vector products, on the CPU in float32. Each product sweeps the caches
/// with its weights, so that every libtorch operator after it costs about 5 microseconds however little it computes: norms,
/// rotation and attention as one call each are a sixth of a 110M model's time a token. Nothing here is differentiable.
/// </summary>
internal static unsafe partial class OneRow
{
    private static readonly int Lanes = Vector<float>.Count;

    /// <summary>Whether a tensor is read in place here: contiguous float32 on the CPU that no gradient flows through.</summary>
    public static bool Fits(torch.Tensor x) =>
        x.device_type == DeviceType.CPU && x.dtype == torch.ScalarType.Float32 && x.is_contiguous()
        && (!x.requires_grad || !torch.is_grad_enabled());

    /// <summary><see cref="Kernels.rms_norm"/> of one row, <c>[hidden]</c>.</summary>
    public static torch.Tensor RmsNorm(torch.Tensor x, torch.Tensor weight, double eps, double offset)
    {
        var result = torch.empty_like(x);
        var row = Floats(x);
        var scale = Floats(weight);
        var output = Floats(result);
        var factor = (float)(1 / Math.Sqrt((Dot(row, row) / row.Length) + eps));
        var shift = (float)offset;
        for (var i = 0; i < row.Length; i++)
        {
            output[i] = row[i] * factor * (scale[i] + shift);
        }

        return result;
    }

    /// <summary><see cref="Kernels.layer_norm"/> of one row, <c>[hidden]</c>.</summary>
    public static torch.Tensor LayerNorm(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, double eps)
    {
        var result = torch.empty_like(x);
        var row = Floats(x);
        var scale = Floats(weight);
        var shift = bias is null ? [] : Floats(bias);
        var output = Floats(result);
        var mean = Sum(row) / row.Length;
        for (var i = 0; i < row.Length; i++)
        {
            output[i] = row[i] - mean;
        }

        var factor = (float)(1 / Math.Sqrt((Dot(output, output) / row.Length) + eps));
        for (var i = 0; i < row.Length; i++)
        {
            output[i] *= factor * scale[i];
        }

        for (var i = 0; i < shift.Length; i++)
        {
            output[i] += shift[i];
        }

        return result;
    }

    /// <summary><see cref="Kernels.gelu_tanh"/> of one row, <c>[channels]</c>, by the same identity.</summary>
    public static torch.Tensor GeluTanh(torch.Tensor x)
    {
        var result = torch.empty_like(x);
        var row = Floats(x);
        var output = Floats(result);
        var (cubic, linear) = ((float)Kernels.GeluCubic, (float)Kernels.GeluLinear);
        var i = 0;
        for (; i <= row.Length - Lanes; i += Lanes)
        {
            var part = new Vector<float>(row[i..]);
            var exponent = -part * ((part * part * cubic) + new Vector<float>(linear));
            (part / (Vector<float>.One + Vector.Exp(exponent))).CopyTo(output[i..]);
        }

        for (; i < row.Length; i++)
        {
            output[i] = row[i] / (1 + MathF.Exp(-row[i] * ((row[i] * row[i] * cubic) + linear)));
        }

        return result;
    }

    /// <summary><see cref="Kernels.rotate"/> of one position, <c>[..., head_dim]</c>, by one row of cosines and sines.</summary>
    public static torch.Tensor Rotate(torch.Tensor x, torch.Tensor cos, torch.Tensor signedSin, int block)
    {
        var result = torch.empty_like(x);
        var rows = Floats(x);
        var c = Floats(cos);
        var s = Floats(signedSin);
        var output = Floats(result);
        var (width, half) = ((int)x.size(-1), block / 2);
        for (var head = 0; head < rows.Length; head += width)
        {
            var from = rows.Slice(head, width);
            var to = output.Slice(head, width);
            for (var start = 0; start < c.Length; start += block)
            {
                for (var i = start; i < start + half; i++)
                {
                    to[i] = (from[i] * c[i]) + (from[half + i] * s[i]);
                    to[half + i] = (from[half + i] * c[half + i]) + (from[i] * s[half + i]);
                }
            }

            from[c.Length..].CopyTo(to[c.Length..]);
        }

        return result;
    }

    private static Span<float> Floats(torch.Tensor x) => MemoryMarshal.Cast<byte, float>(x.bytes);

    private static float Sum(ReadOnlySpan<float> a)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            sum += new Vector<float>(a[i..]);
        }

        var total = Vector.Sum(sum);
        for (; i < a.Length; i++)
        {
            total += a[i];
        }

        return total;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            sum = Vector.FusedMultiplyAdd(new Vector<float>(a[i..]), new Vector<float>(b[i..]), sum);
        }

        var total = Vector.Sum(sum);
        for (; i < a.Length; i++)
        {
            total += a[i] * b[i];
        }

        return total;
    }
}
