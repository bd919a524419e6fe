using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SlimSpec;

/// <summary>
/// What decoding does to one row, or to a few, on the CPU in float32. Each product sweeps the caches with its weights, so that every libtorch
/// operator after it costs about 5 microseconds however little it computes: norms, rotation and attention as one call each are a sixth of a
/// 110M model's time a token. Each row's numbers are those that it has alone, bit for bit, so that tokens decoded together say what they say
/// one by one. Nothing here is differentiable.
/// </summary>
internal static unsafe partial class FewRows
{
    /// <summary>The most rows that are faster here than by libtorch's operators, which want hundreds.</summary>
    public const int MostRows = 32;

    private static readonly int Lanes = Vector<float>.Count;

    /// <summary>Whether no gradient flows through a float32 tensor on the CPU, so that its rows may be read here.</summary>
    public static bool IsPlain(torch.Tensor x) =>
        x.device_type == DeviceType.CPU && x.dtype == torch.ScalarType.Float32 && (!x.requires_grad || !torch.is_grad_enabled());

    /// <summary>Whether a tensor is read in place here: plain and contiguous.</summary>
    public static bool Fits(torch.Tensor x) => IsPlain(x) && x.is_contiguous();

    /// <summary>Whether a tensor is a few rows <c>[rows, width]</c>, each in one piece.</summary>
    public static bool AreRows(torch.Tensor x) => x.dim() == 2 && x.size(0) <= MostRows && x.stride(1) == 1 && IsPlain(x);

    /// <summary>Whether a tensor holds the heads of a few positions of one sequence, <c>[1, heads, tokens, head_dim]</c>, each in one piece.</summary>
    public static bool AreHeads(torch.Tensor x) => x.dim() == 4 && x.size(0) == 1 && x.size(2) <= MostRows && x.stride(3) == 1 && IsPlain(x);

    /// <summary><see cref="Kernels.rms_norm"/> of each row, <c>[rows, hidden]</c>.</summary>
    public static torch.Tensor RmsNorm(torch.Tensor x, torch.Tensor weight, double eps, double offset)
    {
        var scale = Floats(weight);
        var shift = (float)offset;
        var result = New(x, out var from, out var to);
        for (var r = 0; r < from.Rows; r++)
        {
            var row = from[r];
            var output = to[r];
            var factor = (float)(1 / Math.Sqrt((Dot(row, row) / row.Length) + eps));
            for (var i = 0; i < row.Length; i++)
            {
                output[i] = row[i] * factor * (scale[i] + shift);
            }
        }

        return result;
    }

    /// <summary><see cref="Kernels.layer_norm"/> of each row, <c>[rows, hidden]</c>.</summary>
    public static torch.Tensor LayerNorm(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, double eps)
    {
        var scale = Floats(weight);
        var shift = bias is null ? [] : Floats(bias);
        var result = New(x, out var from, out var to);
        for (var r = 0; r < from.Rows; r++)
        {
            LayerNorm(from[r], to[r], scale, shift, eps);
        }

        return result;
    }

    /// <summary><see cref="Kernels.gelu_tanh"/> of each row, <c>[rows, channels]</c>, by the same identity.</summary>
    public static torch.Tensor GeluTanh(torch.Tensor x)
    {
        var result = New(x, out var from, out var to);
        for (var r = 0; r < from.Rows; r++)
        {
            GeluTanh(from[r], to[r]);
        }

        return result;
    }

    /// <summary>SiLU of each row, <c>[rows, channels]</c>: <c>x / (1 + exp(-x))</c>.</summary>
    public static torch.Tensor Silu(torch.Tensor x)
    {
        var result = New(x, out var from, out var to);
        for (var r = 0; r < from.Rows; r++)
        {
            Silu(from[r], to[r]);
        }

        return result;
    }

    /// <summary><see cref="Kernels.rotate"/> of some positions of one sequence, <c>[1, heads, tokens, head_dim]</c>, each by its row of cosines and sines.</summary>
    public static torch.Tensor Rotate(torch.Tensor x, torch.Tensor cos, torch.Tensor signedSin, int block)
    {
        var (heads, tokens, width) = ((int)x.size(1), (int)x.size(2), (int)x.size(3));
        using var byToken = torch.empty([1, tokens, heads, width], dtype: x.dtype); // so that attention has each token's heads in one piece
        var c = Floats(cos);
        var s = Floats(signedSin);
        var dims = c.Length / tokens;
        fixed (float* from = Start(x), to = Floats(byToken))
        {
            for (var head = 0; head < heads; head++)
            {
                for (var token = 0; token < tokens; token++)
                {
                    Rotate(
                        new(from + (head * x.stride(1)) + (token * x.stride(2)), width),
                        new(to + (((token * heads) + head) * width), width),
                        c.Slice(token * dims, dims),
                        s.Slice(token * dims, dims),
                        block);
                }
            }
        }

        return byToken.transpose(1, 2);
    }

    private static void LayerNorm(ReadOnlySpan<float> row, Span<float> output, ReadOnlySpan<float> scale, ReadOnlySpan<float> shift, double eps)
    {
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
    }

    private static void GeluTanh(ReadOnlySpan<float> row, Span<float> output)
    {
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
    }

    private static void Silu(ReadOnlySpan<float> row, Span<float> output)
    {
        var i = 0;
        for (; i <= row.Length - Lanes; i += Lanes)
        {
            var part = new Vector<float>(row[i..]);
            (part / (Vector<float>.One + Vector.Exp(-part))).CopyTo(output[i..]);
        }

        for (; i < row.Length; i++)
        {
            output[i] = row[i] / (1 + MathF.Exp(-row[i]));
        }
    }

    private static void Rotate(ReadOnlySpan<float> from, Span<float> to, ReadOnlySpan<float> cos, ReadOnlySpan<float> signedSin, int block)
    {
        var half = block / 2;
        for (var start = 0; start < cos.Length; start += block)
        {
            for (var i = start; i < start + half; i++)
            {
                to[i] = (from[i] * cos[i]) + (from[half + i] * signedSin[i]);
                to[half + i] = (from[half + i] * cos[half + i]) + (from[i] * signedSin[half + i]);
            }
        }

        from[cos.Length..].CopyTo(to[cos.Length..]);
    }

    // Uninitialised rows of the same size in one piece, and where both begin.
    private static torch.Tensor New(torch.Tensor x, out RowSpans from, out RowSpans to)
    {
        var result = torch.empty([x.size(0), x.size(1)], dtype: x.dtype);
        from = new(x);
        to = new(result);
        return result;
    }

    // All elements of a contiguous tensor; of another one, or one that is too large for a span, those of its first line, behind which the others
    // follow by the strides.
    private static Span<float> Start(torch.Tensor x)
    {
        if (x.is_contiguous() && x.numel() <= int.MaxValue / sizeof(float))
        {
            return Floats(x);
        }

        using var line = x.dim() == 4 ? x[0, 0, 0] : x[0];
        return Floats(line);
    }

    /// <summary>The numbers of a tensor that <see cref="Fits"/>, in place.</summary>
    public static Span<float> Floats(torch.Tensor x) => MemoryMarshal.Cast<byte, float>(x.bytes);

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

    // The rows of a matrix, each in one piece. A tensor's memory does not move.
    private readonly ref struct RowSpans(torch.Tensor x)
    {
        private readonly ref float _start = ref MemoryMarshal.GetReference(Start(x));
        private readonly nint _stride = (nint)x.stride(0);
        private readonly int _width = (int)x.size(1);

        public int Rows { get; } = (int)x.size(0);

        public Span<float> this[int row] => MemoryMarshal.CreateSpan(ref Unsafe.Add(ref _start, row * _stride), _width);
    }
}
