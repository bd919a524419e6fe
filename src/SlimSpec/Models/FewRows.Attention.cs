using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace SlimSpec;

internal static unsafe partial class FewRows
{
    private const int MostPositions = 768;
    private const int LineFloats = 16;
    private const int FetchAhead = 2048;

    /// <summary>
    /// Whether <see cref="Attention"/> can read the keys or values <c>[1, kv_heads, positions, head_dim]</c>, each head's in
    /// one piece, and few enough that libtorch's several threads would not be faster.
    /// </summary>
    public static bool FitsHeads(torch.Tensor kv) =>
        kv.size(2) <= MostPositions && kv.device_type == DeviceType.CPU && kv.dtype == torch.ScalarType.Float32 && kv.size(0) == 1
        && kv.stride(3) == 1 && kv.stride(2) == kv.size(3) && kv.size(3) % Lanes == 0
        && (!kv.requires_grad || !torch.is_grad_enabled());

    /// <summary><see cref="Kernels.attention"/> of one query row a head, <c>[1, heads, 1, head_dim]</c>, over all given positions.</summary>
    public static torch.Tensor Attention(torch.Tensor q, torch.Tensor k, torch.Tensor v, torch.Tensor? slopes)
    {
        var (heads, headDim) = ((int)q.size(1), (int)q.size(3));
        var (groups, positions) = ((int)k.size(1), (int)k.size(2));
        var result = torch.empty_like(q);
        var queries = Floats(q);
        var output = Floats(result);
        var falls = slopes is null ? [] : Floats(slopes);
        var scale = 1 / MathF.Sqrt(headDim);
        var scores = ArrayPool<float>.Shared.Rent(positions);
        fixed (float* keys = FirstHead(k), values = FirstHead(v))
        {
            for (var head = 0; head < heads; head++)
            {
                var group = head / (heads / groups);
                var weights = scores.AsSpan(0, positions);
                Scores(queries.Slice(head * headDim, headDim), keys + (group * k.stride(1)), weights);
                if (slopes is not null)
                {
                    Fall(weights, falls[head] / scale); // the scores are scaled later
                }

                Softmax(weights, scale);
                WeightedSum(weights, values + (group * v.stride(1)), output.Slice(head * headDim, headDim));
            }
        }

        ArrayPool<float>.Shared.Return(scores);
        return result;
    }

    private static Span<float> FirstHead(torch.Tensor kv)
    {
        using var head = kv.select(1, 0);
        return Floats(head);
    }

    // Query times each key, four keys at a time.
    private static void Scores(ReadOnlySpan<float> query, float* keys, Span<float> scores)
    {
        var width = query.Length;
        fixed (float* q = query)
        {
            var position = 0;
            for (; position <= scores.Length - 4; position += 4, keys += 4 * width)
            {
                Fetch(keys, 4 * width);
                var (first, second, third, fourth) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
                for (var i = 0; i < width; i += Lanes)
                {
                    var part = Vector.Load(q + i);
                    first = Vector.FusedMultiplyAdd(part, Vector.Load(keys + i), first);
                    second = Vector.FusedMultiplyAdd(part, Vector.Load(keys + width + i), second);
                    third = Vector.FusedMultiplyAdd(part, Vector.Load(keys + (2 * width) + i), third);
                    fourth = Vector.FusedMultiplyAdd(part, Vector.Load(keys + (3 * width) + i), fourth);
                }

                scores[position] = Vector.Sum(first);
                scores[position + 1] = Vector.Sum(second);
                scores[position + 2] = Vector.Sum(third);
                scores[position + 3] = Vector.Sum(fourth);
            }

            for (; position < scores.Length; position++, keys += width)
            {
                scores[position] = Dot(query, new(keys, width));
            }
        }
    }

    // ALiBi: a score falls with the distance from the last position, the query's.
    private static void Fall(Span<float> scores, float slope)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] += slope * (i - (scores.Length - 1));
        }
    }

    private static void Softmax(Span<float> scores, float scale)
    {
        var largest = float.NegativeInfinity;
        foreach (var score in scores)
        {
            largest = MathF.Max(largest, score);
        }

        var sum = 0f;
        var i = 0;
        for (; i <= scores.Length - Lanes; i += Lanes)
        {
            var part = scores.Slice(i, Lanes);
            var exponential = Vector.Exp((new Vector<float>(part) - new Vector<float>(largest)) * scale);
            exponential.CopyTo(part);
            sum += Vector.Sum(exponential);
        }

        for (; i < scores.Length; i++)
        {
            scores[i] = MathF.Exp((scores[i] - largest) * scale);
            sum += scores[i];
        }

        var factor = 1 / sum;
        for (i = 0; i < scores.Length; i++)
        {
            scores[i] *= factor;
        }
    }

    // Asks for the memory some pages ahead: the hardware's own prefetch stops at each page, and one thread then gets less than half
    // of the bandwidth it could have.
    private static void Fetch(float* data, int count)
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < count; i += LineFloats)
            {
                Sse.Prefetch0(data + FetchAhead + i);
            }
        }
    }

    // Four values at a time, so that the output is read and written once for the four.
    private static void WeightedSum(ReadOnlySpan<float> weights, float* values, Span<float> output)
    {
        output.Clear();
        var width = output.Length;
        fixed (float* sums = output)
        {
            var position = 0;
            for (; position <= weights.Length - 4; position += 4, values += 4 * width)
            {
                Fetch(values, 4 * width);
                var (first, second) = (new Vector<float>(weights[position]), new Vector<float>(weights[position + 1]));
                var (third, fourth) = (new Vector<float>(weights[position + 2]), new Vector<float>(weights[position + 3]));
                for (var i = 0; i < width; i += Lanes)
                {
                    var sum = Vector.FusedMultiplyAdd(first, Vector.Load(values + i), Vector.Load(sums + i));
                    sum = Vector.FusedMultiplyAdd(second, Vector.Load(values + width + i), sum);
                    sum = Vector.FusedMultiplyAdd(third, Vector.Load(values + (2 * width) + i), sum);
                    Vector.FusedMultiplyAdd(fourth, Vector.Load(values + (3 * width) + i), sum).Store(sums + i);
                }
            }

            for (; position < weights.Length; position++, values += width)
            {
                for (var i = 0; i < width; i++)
                {
                    sums[i] += weights[position] * values[i];
                }
            }
        }
    }
}
