namespace SlimSpec;

/// <summary>How the next token is chosen, and when to stop. Names and meanings follow Hugging Face's <c>generate</c>.</summary>
public sealed record GenerationSettings
{
    /// <summary>Tokens to generate at most.</summary>
    public int MaxNewTokens { get; init; } = 100;

    /// <summary>Divides the logits before sampling; 0 takes the most likely token each time (greedy).</summary>
    public double Temperature { get; init; }

    /// <summary>Samples from this many of the most likely tokens only; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>Samples from the fewest most likely tokens whose probabilities reach this sum; 1 for all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>Seed of the sampling.</summary>
    public long Seed { get; init; }

    /// <summary>Token ids that end the text. Where one is drawn, it is the last of the result.</summary>
    public IReadOnlyCollection<int> StopIds { get; init; } = [];

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="SlimException">A value is out of range.</exception>
    public void Check()
    {
        Require(MaxNewTokens >= 0, "max_new_tokens", MaxNewTokens, "0 or more");
        Require(Temperature >= 0 && double.IsFinite(Temperature), "temperature", Temperature, "0 (greedy) or more");
        Require(TopK >= 0, "top_k", TopK, "0 (all tokens) or more");
        Require(TopP is > 0 and <= 1, "top_p", TopP, "above 0 and at most 1");
    }

    private static void Require(bool holds, string key, double value, string range)
    {
        if (!holds)
        {
            throw new SlimException(FormattableString.Invariant($"{key}: {value} is not possible; it must be {range}."));
        }
    }
}

/// <summary>Why a generation ended.</summary>
public enum StopReason
{
    /// <summary><see cref="GenerationSettings.MaxNewTokens"/> were generated.</summary>
    MaxNewTokens,

    /// <summary>One of <see cref="GenerationSettings.StopIds"/> came.</summary>
    StopId,

    /// <summary>The callback asked for it.</summary>
    Callback,
}

/// <summary>What was generated, and how fast.</summary>
/// <param name="NewIds">The new token ids, the prompt left out.</param>
/// <param name="Stop">Why it ended.</param>
/// <param name="PrefillSeconds">Seconds for the prompt, up to the first new token.</param>
/// <param name="DecodeSeconds">Seconds for all further tokens.</param>
public sealed record GenerationResult(IReadOnlyList<int> NewIds, StopReason Stop, double PrefillSeconds, double DecodeSeconds)
{
    /// <summary>Tokens a second after the first.</summary>
    public double TokensPerSecond => NewIds.Count > 1 && DecodeSeconds > 0 ? (NewIds.Count - 1) / DecodeSeconds : 0;
}
