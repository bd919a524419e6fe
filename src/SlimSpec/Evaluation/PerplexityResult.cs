namespace SlimSpec;

/// <summary>A perplexity with all that one needs to compare it.</summary>
public sealed record PerplexityResult
{
    /// <summary><c>exp(nll / tokens)</c>.</summary>
    public required double Perplexity { get; init; }

    /// <summary>Which tokens are scored.</summary>
    public required PerplexityProtocol Protocol { get; init; }

    /// <summary>Tokens scored.</summary>
    public required long Tokens { get; init; }

    /// <summary>Negative log-likelihood of all scored tokens together, in nats, summed in float64.</summary>
    public required double Nll { get; init; }

    /// <summary>Number of windows.</summary>
    public required int Windows { get; init; }

    /// <summary>Tokens a window.</summary>
    public required int Window { get; init; }

    /// <summary>The model's dtype, for example <c>float32</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>What was scored, as the caller names it.</summary>
    public required string Dataset { get; init; }

    /// <summary>Wall-clock seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Negative log-likelihood of each window, in nats: two models scored on one text can be compared window by window.</summary>
    public required IReadOnlyList<double> WindowNll { get; init; }
}
