namespace SlimSpec;

/// <summary>What exits take and save on a device, measured in one process: dense and early decoding took turns.</summary>
public sealed record ExitTimings
{
    /// <summary>Device, for example <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The weights' dtype, for example <c>float32</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>Threads that a kernel may use.</summary>
    public required int Threads { get; init; }

    /// <summary>Tokens that a layer, the head and the checks were timed behind.</summary>
    public required int Context { get; init; }

    /// <summary>What its pieces take.</summary>
    public required ExitPieces Pieces { get; init; }

    /// <summary>The dense code, prompt by prompt.</summary>
    public required DecodeTimes Dense { get; init; }

    /// <summary>The same prompts with exits.</summary>
    public required DecodeTimes Exits { get; init; }

    /// <summary>What was counted while <see cref="Exits"/> was timed.</summary>
    public required ExitStatistics Statistics { get; init; }

    /// <summary>Seconds a token of the dense code, divided by those with exits.</summary>
    public double Speedup => Dense.SecondsPerToken / Exits.SecondsPerToken;

    /// <summary>Share of the decoding's time with exits that went into checks; 0 where there were none.</summary>
    public required double CheckShare { get; init; }

    /// <summary>How the text with exits compares with the dense model's.</summary>
    public required ExitAgreement Agreement { get; init; }
}

/// <summary>Median seconds of the pieces that decoding one token is made of.</summary>
/// <param name="Layer">One layer; of a pass over a prompt, all of its tokens.</param>
/// <param name="Head">Final norm and the whole head, at one position.</param>
/// <param name="FirstCheck">A token's first check: head and policy.</param>
/// <param name="NextCheck">Any check after the first.</param>
public sealed record ExitPieces(double Layer, double Head, double FirstCheck, double NextCheck)
{
    /// <summary>The head in layers: r of the cost model.</summary>
    public double R => Head / Layer;

    /// <summary>A first check in layers.</summary>
    public double Seed => FirstCheck / Layer;

    /// <summary>A later check in layers: eps of the cost model.</summary>
    public double Eps => NextCheck / Layer;
}

/// <summary>How fast tokens came.</summary>
/// <param name="Tokens">Tokens timed: all but each prompt's first, or in scope prompt_last each prompt's only one.</param>
/// <param name="SecondsPerToken">Their seconds over their number.</param>
/// <param name="MedianMilliseconds">Median time of a token.</param>
/// <param name="P95Milliseconds">Time that 95 of 100 tokens do not exceed.</param>
/// <param name="FirstTokenMilliseconds">Median time from a prompt to its first token.</param>
public sealed record DecodeTimes(long Tokens, double SecondsPerToken, double MedianMilliseconds, double P95Milliseconds, double FirstTokenMilliseconds)
{
    /// <summary>Tokens a second.</summary>
    public double TokensPerSecond => 1 / SecondsPerToken;
}

/// <summary>Text with exits beside the dense model's.</summary>
/// <param name="Texts">Prompts.</param>
/// <param name="Equal">Prompts that were continued as by the dense model, token for token.</param>
/// <param name="FirstDifference">Median place of the first other token, from 0, in those that were not; null where there are none.</param>
/// <param name="Tokens">Tokens that were asked for with the dense model's text before them.</param>
/// <param name="Agreeing">Those that were the dense model's.</param>
public sealed record ExitAgreement(int Texts, int Equal, int? FirstDifference, long Tokens, long Agreeing)
{
    /// <summary>Share of tokens that are the dense model's, its text before them.</summary>
    public double Share => Tokens == 0 ? double.NaN : (double)Agreeing / Tokens;
}
