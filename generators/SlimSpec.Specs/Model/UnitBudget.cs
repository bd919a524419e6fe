using System;

namespace SlimSpec.Specs;

/// <summary>
/// How many units a local cut keeps. One piece of arithmetic for the checker, the generator (which knows the pruned shape
/// at build) and the pruner: the file is compiled into each.
/// </summary>
internal static class UnitBudget
{
    /// <summary>
    /// Units kept in one layer after all steps. LLM-Pruner counts channels: step t of T brings the layer to
    /// <c>int(C0 * (1 - sparsity * t / T))</c> of its first <c>C0</c> channels, and a unit of several channels goes only
    /// when the surplus reaches a whole one. At least one unit stays.
    /// </summary>
    /// <param name="units">Units before the cut.</param>
    /// <param name="channels">Channels a unit.</param>
    /// <param name="sparsity">Fraction of the channels to remove.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="roundTo">The kept number is rounded up to a multiple of this; units of several channels are not rounded.</param>
    public static int Kept(int units, int channels, double sparsity, int steps, int roundTo)
    {
        var kept = units;
        for (var step = 1; step <= steps; step++)
        {
            kept = KeptAfter(kept, units, channels, sparsity, step, steps, roundTo);
        }

        return kept;
    }

    /// <summary>Units kept after step <paramref name="step"/> (from 1), of the <paramref name="current"/> ones before it.</summary>
    public static int KeptAfter(int current, int units, int channels, double sparsity, int step, int steps, int roundTo)
    {
        var surplus = ((long)current * channels) - (long)((long)units * channels * (1 - ((double)step / steps * sparsity)));
        var kept = Math.Max(1, current - (int)(Math.Max(0, surplus) / channels));
        if (channels == 1 && roundTo > 1)
        {
            kept = Math.Min(current, (kept + roundTo - 1) / roundTo * roundTo);
        }

        return kept;
    }
}
