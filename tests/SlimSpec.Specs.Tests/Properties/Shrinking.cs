namespace SlimSpec.Specs.Tests;

/// <summary>Makes a text that shows a fault as short as it can.</summary>
internal static class Shrinking
{
    /// <summary>The shortest text found by leaving out runs of lines, then runs of characters, that still fails.</summary>
    /// <param name="text">A text that fails.</param>
    /// <param name="fails">Whether a text does. Asked at most <paramref name="attempts"/> times.</param>
    /// <param name="attempts">Bounds the time a failing test takes.</param>
    public static string Smallest(string text, Func<string, bool> fails, int attempts = 600)
    {
        bool Fails(string candidate) => attempts-- > 0 && fails(candidate);
        var lines = Reduce(text.Split('\n'), pieces => Fails(string.Join('\n', pieces)));
        return string.Concat(Reduce([.. string.Join('\n', lines)], pieces => Fails(string.Concat(pieces))));
    }

    private static T[] Reduce<T>(T[] pieces, Func<T[], bool> fails)
    {
        for (var run = pieces.Length / 2; run > 0; run /= 2)
        {
            for (var at = 0; at < pieces.Length;)
            {
                T[] without = [.. pieces[..at], .. pieces[Math.Min(at + run, pieces.Length)..]];
                if (fails(without))
                {
                    pieces = without;
                }
                else
                {
                    at += run;
                }
            }
        }

        return pieces;
    }
}
