using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SlimSpec;

internal static unsafe partial class FewRows
{
    private const int Block = 4; // rows of the weight that are read together
    private const int MostTogether = 4; // rows that are multiplied with them
    private const int ChunkElements = 1 << 16; // of the weight: 256 KB, some microseconds of work

    /// <summary>
    /// Whether <see cref="Linear"/> can multiply: a weight in one piece, and few rows. A product of few rows is bound by the memory that the weight
    /// comes from; BLAS packs the weight first, which costs several times that.
    /// </summary>
    public static bool FitsLinear(torch.Tensor x, torch.Tensor weight) => AreRows(x) && Fits(weight);

    /// <summary>Rows <c>[rows, in]</c> times a weight <c>[out, in]</c>, plus a bias <c>[out]</c>: <c>[rows, out]</c>.</summary>
    public static torch.Tensor Linear(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias)
    {
        var (rows, inputs, outputs) = ((int)x.size(0), (int)x.size(1), (int)weight.size(0));
        var result = torch.empty([rows, outputs], dtype: x.dtype);
        fixed (float* from = Start(x), to = Start(result), weights = Start(weight), biases = bias is null ? [] : Start(bias))
        {
            var product = new Product(from, x.stride(0), weights, biases, to, rows, inputs, outputs);
            var perChunk = Math.Max(Block, ChunkElements / inputs / Block * Block);
            ForkJoin.Run(&MultiplyChunk, &product, perChunk, (outputs + perChunk - 1) / perChunk);
        }

        return result;
    }

    private static void MultiplyChunk(void* product, int perChunk, int chunk)
    {
        ref readonly var p = ref *(Product*)product;
        var end = Math.Min(p.Outputs, (chunk + 1) * perChunk);
        var output = chunk * perChunk;
        for (; output <= end - Block; output += Block)
        {
            // As many rows at a time as there are registers for, and about equally many: the block is read anew for each tile.
            for (int row = 0, tiles = (p.Rows + MostTogether - 1) / MostTogether; tiles > 0; tiles--)
            {
                var together = (p.Rows - row + tiles - 1) / tiles;
                switch (together)
                {
                    case 1:
                        OneRow(p, output, row);
                        break;
                    case 2:
                        TwoRows(p, output, row);
                        break;
                    case 3:
                        ThreeRows(p, output, row);
                        break;
                    default:
                        FourRows(p, output, row);
                        break;
                }

                row += together;
            }
        }

        for (; output < end; output++)
        {
            for (var row = 0; row < p.Rows; row++)
            {
                p.Store(row, output, Dot(p.Inputs, p.Row(row).At, p.Block(output)[0]));
            }
        }
    }

    // Every element is one sum in the order of the inputs, whatever is computed beside it.
    private static float Dot(int inputs, float* x, float* w)
    {
        var sum = Vector512<float>.Zero;
        var i = 0;
        for (; i <= inputs - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.Load(x + i), Vector512.Load(w + i), sum);
        }

        var total = Total(Quarter(sum));
        for (; i < inputs; i++)
        {
            total = MathF.FusedMultiplyAdd(x[i], w[i], total);
        }

        return total;
    }

    // The sums of a row with four of the weight's, and the last inputs, which fill no vector.
    private static Vector128<float> Finish(in Sums sums, int inputs, int i, float* x, float* w0, float* w1, float* w2, float* w3)
    {
        // Four totals at once take half the steps of one after the other.
        var (a, b, c, d) = (Quarter(sums.First), Quarter(sums.Second), Quarter(sums.Third), Quarter(sums.Fourth));
        var totals = Sse3.IsSupported
            ? Sse3.HorizontalAdd(Sse3.HorizontalAdd(a, b), Sse3.HorizontalAdd(c, d))
            : Vector128.Create(Total(a), Total(b), Total(c), Total(d));
        for (; i < inputs; i++)
        {
            totals = Vector128.FusedMultiplyAdd(Vector128.Create(x[i]), Vector128.Create(w0[i], w1[i], w2[i], w3[i]), totals);
        }

        return totals;
    }

    private static Vector128<float> Quarter(Vector512<float> sum)
    {
        var half = sum.GetLower() + sum.GetUpper();
        return half.GetLower() + half.GetUpper();
    }

    private static float Total(Vector128<float> sum) => (sum[0] + sum[1]) + (sum[2] + sum[3]);

    private static void OneRow(in Product p, int output, int row)
    {
        var (x, w) = (p.Row(row), p.Block(output));
        Sums a = default;
        var i = 0;
        for (; i <= p.Inputs - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            w.Fetch(i);
            a.Add(Vector512.Load(x.At + i), w.Load(i));
        }

        p.Store(row, output, a, i, x, w);
    }

    private static void TwoRows(in Product p, int output, int row)
    {
        var (x, y, w) = (p.Row(row), p.Row(row + 1), p.Block(output));
        Sums a = default, b = default;
        var i = 0;
        for (; i <= p.Inputs - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            w.Fetch(i);
            var parts = w.Load(i);
            a.Add(Vector512.Load(x.At + i), parts);
            b.Add(Vector512.Load(y.At + i), parts);
        }

        p.Store(row, output, a, i, x, w);
        p.Store(row + 1, output, b, i, y, w);
    }

    private static void ThreeRows(in Product p, int output, int row)
    {
        var (x, y, z, w) = (p.Row(row), p.Row(row + 1), p.Row(row + 2), p.Block(output));
        Sums a = default, b = default, c = default;
        var i = 0;
        for (; i <= p.Inputs - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            w.Fetch(i);
            var parts = w.Load(i);
            a.Add(Vector512.Load(x.At + i), parts);
            b.Add(Vector512.Load(y.At + i), parts);
            c.Add(Vector512.Load(z.At + i), parts);
        }

        p.Store(row, output, a, i, x, w);
        p.Store(row + 1, output, b, i, y, w);
        p.Store(row + 2, output, c, i, z, w);
    }

    private static void FourRows(in Product p, int output, int row)
    {
        var (x, y, z, u, w) = (p.Row(row), p.Row(row + 1), p.Row(row + 2), p.Row(row + 3), p.Block(output));
        Sums a = default, b = default, c = default, d = default;
        var i = 0;
        for (; i <= p.Inputs - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            w.Fetch(i);
            var parts = w.Load(i);
            a.Add(Vector512.Load(x.At + i), parts);
            b.Add(Vector512.Load(y.At + i), parts);
            c.Add(Vector512.Load(z.At + i), parts);
            d.Add(Vector512.Load(u.At + i), parts);
        }

        p.Store(row, output, a, i, x, w);
        p.Store(row + 1, output, b, i, y, w);
        p.Store(row + 2, output, c, i, z, w);
        p.Store(row + 3, output, d, i, u, w);
    }

    // What all chunks of a product share.
    private readonly struct Product(float* from, long stride, float* weights, float* biases, float* to, int rows, int inputs, int outputs)
    {
        public int Rows => rows;

        public int Inputs => inputs;

        public int Outputs => outputs;

        public Line Row(int row) => new(from + (row * stride));

        public WeightBlock Block(int output) => new(weights + ((long)output * inputs), inputs);

        public void Store(int row, int output, float sum) => to[((long)row * outputs) + output] = biases == null ? sum : sum + biases[output];

        public void Store(int row, int output, in Sums sums, int i, Line x, WeightBlock w)
        {
            var totals = Finish(sums, inputs, i, x.At, w[0], w[1], w[2], w[3]);
            (biases == null ? totals : totals + Vector128.Load(biases + output)).Store(to + ((long)row * outputs) + output);
        }
    }

    // A pointer cannot be in a tuple.
    private readonly struct Line(float* at)
    {
        public float* At => at;
    }

    // Some rows of the weight.
    private readonly struct WeightBlock(float* start, int inputs)
    {
        public float* this[int row] => start + ((long)row * inputs);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Parts Load(int i) => new(Vector512.Load(this[0] + i), Vector512.Load(this[1] + i), Vector512.Load(this[2] + i), Vector512.Load(this[3] + i));

        // Asks for the next block while this one is multiplied: the hardware's own prefetch stops at each page.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fetch(int i)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(this[4] + i);
                Sse.Prefetch0(this[5] + i);
                Sse.Prefetch0(this[6] + i);
                Sse.Prefetch0(this[7] + i);
            }
        }
    }

    private readonly record struct Parts(Vector512<float> First, Vector512<float> Second, Vector512<float> Third, Vector512<float> Fourth);

    // The sums of one row with a block of the weight's.
    private struct Sums
    {
        public Vector512<float> First;
        public Vector512<float> Second;
        public Vector512<float> Third;
        public Vector512<float> Fourth;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector512<float> x, Parts w)
        {
            First = Vector512.FusedMultiplyAdd(x, w.First, First);
            Second = Vector512.FusedMultiplyAdd(x, w.Second, Second);
            Third = Vector512.FusedMultiplyAdd(x, w.Third, Third);
            Fourth = Vector512.FusedMultiplyAdd(x, w.Fourth, Fourth);
        }
    }
}
