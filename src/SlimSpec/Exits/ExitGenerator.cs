using System.Diagnostics;

namespace SlimSpec;

/// <summary>Continues a text as <see cref="TextGenerator"/> does, by a stack whose tokens may leave early; the recipe's mode decides what that does.</summary>
public static class ExitGenerator
{
    /// <summary>Generates after a prompt.</summary>
    /// <param name="exits">The stack; what it did before is forgotten.</param>
    /// <param name="prompt">Token ids of the prompt, BOS first where the model has one; at least one.</param>
    /// <param name="settings">How to choose and when to stop. With <c>scope: prompt_last</c> the answer is one token.</param>
    /// <param name="onToken">Called with each new token id once it is certain; false stops.</param>
    /// <exception cref="SlimException">
    /// The prompt is empty or holds an id outside the vocabulary, the settings make no sense, or ask for sampling in a mode that cannot say from which
    /// distribution.
    /// </exception>
    public static ExitGeneration Generate(ExitStack exits, IReadOnlyList<int> prompt, GenerationSettings settings, Func<int, bool>? onToken = null)
    {
        settings.Check();
        TextGenerator.CheckPrompt(prompt, exits.Model.Shape.VocabularySize);
        RefuseSampling(exits, settings);
        if (exits.Settings.Scope == ExitScope.PromptLast && settings.MaxNewTokens > 1)
        {
            settings = settings with { MaxNewTokens = 1 };
        }

        if (settings.MaxNewTokens == 0)
        {
            return new(new([], StopReason.MaxNewTokens, 0, 0), new(exits.Model.Layers.Count));
        }

        using var noGradients = torch.no_grad();
        var ids = new List<int>(settings.MaxNewTokens);
        var watch = Stopwatch.StartNew();
        ArraySegment<int> round = new([exits.Begin(prompt, settings)]);
        exits.Statistics.Tokens = exits.Settings.Scope == ExitScope.PromptLast ? 1 : 0;
        var prefillSeconds = watch.Elapsed.TotalSeconds;
        while (true)
        {
            foreach (var id in round)
            {
                ids.Add(id);
                exits.Statistics.Tokens += ids.Count > 1 ? 1 : 0;
                if (TextGenerator.StopAfter(id, ids.Count, settings, onToken) is { } reason)
                {
                    return new(new(ids, reason, prefillSeconds, watch.Elapsed.TotalSeconds - prefillSeconds), exits.Statistics);
                }
            }

            round = exits.Round(ids[^1], settings.MaxNewTokens - ids.Count);
        }
    }

    /// <summary>
    /// Feeds a prompt and then given tokens one by one, whatever the stack says: what it would have said at each place. Nothing is verified; what an exit
    /// says counts.
    /// </summary>
    /// <param name="exits">The stack; what it did before is forgotten.</param>
    /// <param name="prompt">Token ids of the prompt, at least one.</param>
    /// <param name="continuation">Token ids that follow; with <c>scope: prompt_last</c> none.</param>
    /// <returns>One id more than <paramref name="continuation"/> has: behind the prompt, then behind each of its tokens.</returns>
    /// <exception cref="SlimException">The prompt is empty, or an id is outside the vocabulary.</exception>
    public static IReadOnlyList<int> Follow(ExitStack exits, IReadOnlyList<int> prompt, IReadOnlyList<int> continuation)
    {
        TextGenerator.CheckPrompt([.. prompt, .. continuation], exits.Model.Shape.VocabularySize);
        if (exits.Settings.Scope == ExitScope.PromptLast && continuation.Count > 0)
        {
            throw new SlimException("exits: scope: prompt_last answers with one token; no tokens can be fed behind the prompt.");
        }

        using var noGradients = torch.no_grad();
        var said = new List<int>(continuation.Count + 1) { exits.Begin(prompt, new()) };
        foreach (var id in continuation)
        {
            said.Add(exits.Next(id));
        }

        exits.Statistics.Tokens = exits.Settings.Scope == ExitScope.PromptLast ? 1 : continuation.Count;
        return said;
    }

    private static void RefuseSampling(ExitStack exits, GenerationSettings settings)
    {
        if (settings.Temperature > 0 && !exits.Simulates && exits.Settings.Mode is ExitMode.Adaptive or ExitMode.Truncate)
        {
            throw new SlimException(FormattableString.Invariant(
                $"temperature: {settings.Temperature} is not possible with exits of mode {SpecWords.Of(exits.Settings.Mode)}, whose tokens would come from no one distribution; it must be 0 (greedy), or the mode adaptive_verified or self_speculative."));
        }
    }
}

/// <summary>What was generated, and what the stack did for it.</summary>
/// <param name="Result">What was generated, and how fast.</param>
/// <param name="Statistics">What the stack did.</param>
public sealed record ExitGeneration(GenerationResult Result, ExitStatistics Statistics);
