using System.Runtime.Intrinsics;

namespace SlimSpec;

internal static unsafe partial class FewRows
{
    /// <summary>Some outputs of <see cref="Linear"/> for one row, to the bit.</summary>
    /// <param name="x">The row, <c>[1, in]</c> or <c>[in]</c>, in one piece.</param>
    /// <param name="weight"><c>[out, in]</c>.</param>
    /// <param name="bias"><c>[out]</c>; null: none.</param>
    /// <param name="outputs">Which outputs.</param>
    /// <param name="result">One number each.</param>
    public static void SomeOutputs(torch.Tensor x, torch.Tensor weight, torch.Tensor? bias, ReadOnlySpan<int> outputs, Span<float> result)
    {
        var row = Floats(x);
        var shift = bias is null ? [] : Floats(bias);
        fixed (float* from = row, weights = Start(weight))
        {
            var i = 0;
            for (; i <= outputs.Length - Block; i += Block)
            {
                FourOutputs(row.Length, from, weights, outputs.Slice(i, Block), result.Slice(i, Block));
            }

            for (; i < outputs.Length; i++)
            {
                result[i] = Dot(row.Length, from, weights + ((long)outputs[i] * row.Length));
            }
        }

        for (var i = 0; i < (shift.IsEmpty ? 0 : outputs.Length); i++)
        {
            result[i] += shift[outputs[i]];
        }
    }

    private static void FourOutputs(int inputs, float* x, float* weights, ReadOnlySpan<int> outputs, Span<float> result)
    {
        var first = weights + ((long)outputs[0] * inputs);
        var second = weights + ((long)outputs[1] * inputs);
        var third = weights + ((long)outputs[2] * inputs);
        var fourth = weights + ((long)outputs[3] * inputs);
        Sums sums = default;
        var i = 0;
        for (; i <= inputs - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            sums.Add(Vector512.Load(x + i), new(Vector512.Load(first + i), Vector512.Load(second + i), Vector512.Load(third + i), Vector512.Load(fourth + i)));
        }

        Finish(sums, inputs, i, x, first, second, third, fourth).CopyTo(result);
    }
}
