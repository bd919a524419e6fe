using System.Diagnostics;

namespace SlimSpec;

/// <summary>Continues a text token by token: the prompt in one pass, then one cached step a token.</summary>
public static class TextGenerator
{
    /// <summary>Generates after a prompt.</summary>
    /// <param name="model">The model; adapters must be merged.</param>
    /// <param name="prompt">Token ids of the prompt, BOS first where the model has one; at least one.</param>
    /// <param name="settings">How to choose and when to stop.</param>
    /// <param name="onToken">Called with each new token id at once; false stops.</param>
    /// <exception cref="SlimException">The prompt is empty or holds an id outside the vocabulary, or the settings make no sense.</exception>
    public static GenerationResult Generate(CausalLM model, IReadOnlyList<int> prompt, GenerationSettings settings, Func<int, bool>? onToken = null)
    {
        settings.Check();
        CheckPrompt(prompt, model.Shape.VocabularySize);
        if (settings.MaxNewTokens == 0)
        {
            return new([], StopReason.MaxNewTokens, 0, 0);
        }

        using var noGradients = torch.no_grad();
        using var cache = model.CreateCache(capacity: prompt.Count + settings.MaxNewTokens);
        var sampler = settings.Temperature > 0 ? new Sampler(settings, model.Shape.VocabularySize) : null;
        var ids = new List<int>(settings.MaxNewTokens);
        var watch = Stopwatch.StartNew();

        var next = Prefill(model, cache, prompt, sampler);
        var prefillSeconds = watch.Elapsed.TotalSeconds;
        try
        {
            while (true)
            {
                var id = (int)next.item<long>();
                ids.Add(id);
                if (StopAfter(id, ids.Count, settings, onToken) is { } reason)
                {
                    return new(ids, reason, prefillSeconds, watch.Elapsed.TotalSeconds - prefillSeconds);
                }

                var current = next;
                next = Step(model, cache, current, sampler);
                current.Dispose();
            }
        }
        finally
        {
            next.Dispose();
        }
    }

    /// <summary>Tells the caller of a token, and whether it is the last.</summary>
    internal static StopReason? StopAfter(int id, int count, GenerationSettings settings, Func<int, bool>? onToken)
    {
        if (onToken?.Invoke(id) == false)
        {
            return StopReason.Callback;
        }

        if (settings.StopIds.Contains(id))
        {
            return StopReason.StopId;
        }

        return count == settings.MaxNewTokens ? StopReason.MaxNewTokens : null;
    }

    // Both give the next token id as a tensor [1] on the model's device: greedy decoding feeds it back without a copy.
    private static torch.Tensor Prefill(CausalLM model, KeyValueCache cache, IReadOnlyList<int> prompt, Sampler? sampler)
    {
        using var scope = torch.NewDisposeScope();
        var ids = torch.tensor(prompt.Select(id => (long)id).ToArray(), [1, prompt.Count], device: model.Device);
        return Choose(model, model.Prefill(ids, cache).select(0, 0), sampler).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Step(CausalLM model, KeyValueCache cache, torch.Tensor id, Sampler? sampler)
    {
        using var scope = torch.NewDisposeScope();
        return Choose(model, model.Decode(id, cache), sampler).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Choose(CausalLM model, torch.Tensor logits, Sampler? sampler) => sampler is null
        ? logits.argmax(0, keepdim: true)
        : torch.tensor(new long[] { sampler.Draw(logits) }, device: model.Device);

    /// <summary>Refuses a prompt that no model can read.</summary>
    internal static void CheckPrompt(IReadOnlyList<int> prompt, int vocabularySize)
    {
        if (prompt.Count == 0)
        {
            throw new SlimException("prompt: it has no tokens; a model needs at least one, BOS or a word.");
        }

        foreach (var id in prompt)
        {
            if (id < 0 || id >= vocabularySize)
            {
                throw new SlimException($"prompt: token id {id} is outside the vocabulary; the model knows ids 0 to {vocabularySize - 1}.");
            }
        }
    }
}
