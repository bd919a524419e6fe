using System.Numerics;

namespace SlimSpec;

/// <summary>
/// Makes a <see cref="LogitReading"/> of logits. Of equal logits the first counts as the likeliest. Where the softmax is not defined (a NaN,
/// an infinite logit, nothing but minus infinity) there is no likeliest token (-1) and every number is NaN, which no threshold accepts.
/// </summary>
internal static class LogitReader
{
    // exp(-104) is 0 in float32: what is farther down adds nothing, and minus infinity must not meet 0 * infinity.
    private const float Lowest = -104;
    private const int PartLength = 2048;

    private static readonly int Lanes = Vector<float>.Count;

    /// <summary>What is read where the softmax is not defined.</summary>
    public static LogitReading Undefined { get; } = new(-1, float.NaN, float.NaN, float.NaN, float.NaN);

    /// <summary>Reads logits on the host: one pass for the two likeliest, one for the softmax.</summary>
    /// <param name="logits">By place.</param>
    /// <param name="ids">The token of each place, ascending; empty: place is token.</param>
    public static LogitReading Read(ReadOnlySpan<float> logits, ReadOnlySpan<int> ids = default)
    {
        if (!FindLikeliest(logits, out var first, out var second) || !float.IsFinite(first))
        {
            return Undefined;
        }

        var (sum, weighted) = Softmax(logits, first);
        var place = PlaceOf(logits, first);
        return Of(ids.IsEmpty ? place : ids[place], first - second, sum, weighted);
    }

    /// <summary>Reads logits wherever they are; waits for the device once.</summary>
    /// <param name="logits"><c>[places]</c>, of any float dtype.</param>
    /// <param name="ids">The token of each place, ascending, int64, on the same device; null: place is token.</param>
    public static LogitReading Read(torch.Tensor logits, torch.Tensor? ids = null)
    {
        // Tokens are whole numbers below 2^24, so that one row of float32 holds all that is read.
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var wide = logits.dtype == torch.ScalarType.Float64 ? logits : logits.to(torch.ScalarType.Float32);
        var (values, _) = wide.topk((int)Math.Min(2, wide.numel()));
        var first = values.narrow(0, 0, 1);
        var shifted = (wide - first).clamp_min(Lowest);
        var weights = shifted.exp();
        // Which of equal values argmax names is not the same on every device.
        var tokens = ids is null ? torch.arange(wide.numel(), dtype: wide.dtype, device: wide.device) : ids.to(wide.dtype);
        var top = torch.where(wide.eq(first), tokens, torch.full_like(tokens, double.PositiveInfinity)).min();
        var read = torch.cat([values, torch.stack([weights.sum(), (weights * shifted).sum(), top])]).to(torch.ScalarType.Float64).cpu().data<double>().ToArray();
        var margin = read.Length > 4 ? read[0] - read[1] : double.PositiveInfinity;
        return double.IsFinite(read[0]) && double.IsFinite(read[^1]) && !double.IsNaN(read[^2] + read[^3]) ? Of((int)read[^1], margin, read[^3], read[^2]) : Undefined;
    }

    // Of the sums of exp(d) and d * exp(d): the likeliest has d = 0.
    private static LogitReading Of(int id, double margin, double sum, double weighted) =>
        new(id, (float)(1 / sum), (float)((1 - Math.Exp(-margin)) / sum), (float)margin, (float)(Math.Log(sum) - (weighted / sum)));

    // False where there is a NaN. Each lane keeps its two largest.
    private static bool FindLikeliest(ReadOnlySpan<float> logits, out float first, out float second)
    {
        (first, second) = (float.NegativeInfinity, float.NegativeInfinity);
        var (largest, next, numbers) = (new Vector<float>(first), new Vector<float>(second), Vector<int>.AllBitsSet);
        var i = 0;
        for (; i <= logits.Length - Lanes; i += Lanes)
        {
            var part = new Vector<float>(logits[i..]);
            numbers &= Vector.Equals(part, part);
            next = Vector.MaxNative(next, Vector.MinNative(largest, part));
            largest = Vector.MaxNative(largest, part);
        }

        for (var lane = 0; lane < Lanes; lane++)
        {
            Rank(largest[lane], ref first, ref second);
            Rank(next[lane], ref first, ref second);
        }

        var defined = Vector.EqualsAll(numbers, Vector<int>.AllBitsSet);
        for (; i < logits.Length; i++)
        {
            defined &= !float.IsNaN(logits[i]);
            Rank(logits[i], ref first, ref second);
        }

        return defined;
    }

    private static void Rank(float value, ref float first, ref float second)
    {
        if (value > first)
        {
            (first, second) = (value, first);
        }
        else if (value > second)
        {
            second = value;
        }
    }

    // Sums of exp(d) and d * exp(d), where d is the distance to the largest; in float64 across parts, lest thousands of small numbers get lost.
    private static (double Sum, double Weighted) Softmax(ReadOnlySpan<float> logits, float largest)
    {
        var (sum, weighted) = (0.0, 0.0);
        for (; logits.Length > PartLength; logits = logits[PartLength..])
        {
            var (part, weightedPart) = SoftmaxPart(logits[..PartLength], largest);
            sum += part;
            weighted += weightedPart;
        }

        var (last, lastWeighted) = SoftmaxPart(logits, largest);
        return (sum + last, weighted + lastWeighted);
    }

    private static (float Sum, float Weighted) SoftmaxPart(ReadOnlySpan<float> logits, float largest)
    {
        var (sum, weighted) = (Vector<float>.Zero, Vector<float>.Zero);
        var (top, lowest) = (new Vector<float>(largest), new Vector<float>(Lowest));
        var i = 0;
        for (; i <= logits.Length - Lanes; i += Lanes)
        {
            var distance = Vector.MaxNative(new Vector<float>(logits[i..]) - top, lowest);
            var weight = Vector.Exp(distance);
            sum += weight;
            weighted = Vector.FusedMultiplyAdd(weight, distance, weighted);
        }

        var (total, totalWeighted) = (Vector.Sum(sum), Vector.Sum(weighted));
        for (; i < logits.Length; i++)
        {
            var distance = Math.Max(logits[i] - largest, Lowest);
            var weight = MathF.Exp(distance);
            total += weight;
            totalWeighted += weight * distance;
        }

        return (total, totalWeighted);
    }

    private static int PlaceOf(ReadOnlySpan<float> logits, float value)
    {
        var wanted = new Vector<float>(value);
        var i = 0;
        while (i <= logits.Length - Lanes && !Vector.EqualsAny(new Vector<float>(logits[i..]), wanted))
        {
            i += Lanes;
        }

        while (logits[i] != value)
        {
            i++;
        }

        return i;
    }
}
