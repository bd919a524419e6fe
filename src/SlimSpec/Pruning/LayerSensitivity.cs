namespace SlimSpec;

/// <summary>What a model is without a part of one layer.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Perplexity">Perplexity when this layer alone is cut.</param>
/// <param name="Increase">Nats a token that it costs: the logarithm of the perplexity over the dense model's.</param>
/// <param name="StandsOut">Whether it costs so much more than others that protecting it is advised.</param>
public sealed record LayerSensitivity(int Layer, double Perplexity, double Increase, bool StandsOut);

/// <summary>Which layers a cut hurts: perplexity when each layer alone is cut by a recipe's policy.</summary>
public sealed record SensitivityResult
{
    /// <summary>A layer stands out where it costs more than this many times the median of all layers.</summary>
    public const double Outstanding = 2;

    /// <summary>And at least this many nats a token, one percent of perplexity.</summary>
    public const double Least = 0.01;

    /// <summary>Perplexity of the dense model.</summary>
    public required double Dense { get; init; }

    /// <summary>Windows scored.</summary>
    public required int Windows { get; init; }

    /// <summary>The layers, first to last.</summary>
    public required IReadOnlyList<LayerSensitivity> Layers { get; init; }

    /// <summary>How many of the first layers stand out: <c>protect: { first }</c>.</summary>
    public int First => Layers.TakeWhile(layer => layer.StandsOut).Count();

    /// <summary>How many of the last layers stand out: <c>protect: { last }</c>.</summary>
    public int Last => First == Layers.Count ? 0 : Layers.Reverse().TakeWhile(layer => layer.StandsOut).Count();

    /// <summary>The result of some perplexities.</summary>
    /// <param name="dense">The dense model's.</param>
    /// <param name="cut">Those with one layer cut, by layer.</param>
    /// <param name="windows">Windows scored.</param>
    public static SensitivityResult Of(double dense, IReadOnlyList<double> cut, int windows)
    {
        var increases = cut.Select(perplexity => Math.Log(perplexity / dense)).ToArray();
        var sorted = increases.Order().ToArray();
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return new()
        {
            Dense = dense,
            Windows = windows,
            Layers = [.. cut.Select((perplexity, layer) => new LayerSensitivity(layer, perplexity, increases[layer], increases[layer] >= Least && increases[layer] > Outstanding * median))],
        };
    }
}
