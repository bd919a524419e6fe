namespace SlimSpec;

/// <summary>Tokens by the layers that they ran.</summary>
/// <param name="Tokens">Tokens that were emitted.</param>
/// <param name="ExitsAfter">Passes by layers run, from 0 to all; where drafts are refused, more than tokens.</param>
/// <param name="AverageLayers">Layers called for a token, on average: A.</param>
/// <param name="Agreement">Share of tokens that are the dense model's.</param>
public sealed record ExitTally(long Tokens, IReadOnlyList<long> ExitsAfter, double AverageLayers, double Agreement)
{
    /// <summary>1 - A/L.</summary>
    public double PruningRatio => 1 - (AverageLayers / (ExitsAfter.Count - 1));

    /// <summary>Share of passes that ran so many layers.</summary>
    /// <param name="layers">Layers run, from 0 to all.</param>
    public double Share(int layers) => (double)ExitsAfter[layers] / ExitsAfter.Sum();

    /// <summary>The tokens that certified.</summary>
    internal static ExitTally Of(ExitReport found)
    {
        var tokens = found.Histogram.Sum();
        return new(tokens, found.Histogram, found.Histogram.Select((count, layers) => (double)count * layers).Sum() / tokens, found.Agreement);
    }
}
