namespace SlimSpec;

/// <summary>The windows of a text that are scored, and which of their tokens count.</summary>
internal sealed class PerplexityWindows
{
    private readonly IReadOnlyList<int> _ids;
    private readonly int? _bos;
    private readonly int _firstPosition;

    /// <summary>Divides a text.</summary>
    /// <param name="ids">Token ids of the whole text, BOS first where the model has one.</param>
    /// <param name="evaluation">Window, limit and protocol.</param>
    /// <param name="bos">What takes the place of each window's first token in llama.cpp's protocol; null: it stays.</param>
    /// <param name="vocabularySize">Ids that the model knows.</param>
    /// <param name="name">Name of the text, for messages.</param>
    /// <exception cref="SlimException">The text does not fill one window, an id is outside the vocabulary, or the window is too short.</exception>
    public PerplexityWindows(IReadOnlyList<int> ids, PerplexityEvaluation evaluation, int? bos, int vocabularySize, string name)
    {
        (_ids, Length) = (ids, evaluation.Window);
        (_bos, _firstPosition) = evaluation.Protocol == PerplexityProtocol.LlamaCpp ? (bos, Length / 2) : (null, 0);
        Count = CountOf(ids.Count, evaluation, name);
        CheckIds(vocabularySize, name);
    }

    /// <summary>Tokens a window.</summary>
    public int Length { get; }

    /// <summary>Windows that are scored.</summary>
    public int Count { get; }

    /// <summary>Tokens that are scored.</summary>
    public long Predictions => (long)Count * (Length - 1 - _firstPosition);

    /// <summary>Some windows, <c>[count, window]</c>.</summary>
    public torch.Tensor Tokens(CausalLM model, int first, int count)
    {
        var flat = new long[count * Length];
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = i % Length == 0 && _bos is { } bos ? bos : _ids[(first * Length) + i];
        }

        return torch.tensor(flat, [count, Length], device: model.Device);
    }

    /// <summary>Negative log-likelihood of each window of a batch, in nats.</summary>
    /// <param name="model">The model; the caller holds its head.</param>
    /// <param name="hidden">The last layer's output, <c>[windows, tokens, hidden]</c>.</param>
    /// <param name="tokens">Token ids <c>[windows, tokens]</c>.</param>
    public double[] Nll(CausalLM model, torch.Tensor hidden, torch.Tensor tokens) => Perplexity.WindowNll(model, hidden, tokens, _firstPosition);

    private static int CountOf(int tokens, PerplexityEvaluation evaluation, string name)
    {
        var least = evaluation.Protocol == PerplexityProtocol.LlamaCpp ? 3 : 2;
        if (evaluation.Window < least)
        {
            throw new SlimException(least == 2
                ? $"window: {evaluation.Window} is too short: a window of n tokens gives n - 1 predictions, so it takes at least 2."
                : $"window: {evaluation.Window} is too short: only what is behind the middle of a window is scored, so it takes at least 3 tokens.");
        }

        if (evaluation.Limit is < 1)
        {
            throw new SlimException($"limit: {evaluation.Limit} windows cannot be scored; leave it out to score them all.");
        }

        var windows = tokens / evaluation.Window;
        return windows > 0
            ? Math.Min(windows, evaluation.Limit ?? windows)
            : throw new SlimException($"{name}: {tokens} tokens do not fill one window of {evaluation.Window}; the largest window that fits is {tokens}.");
    }

    private void CheckIds(int vocabularySize, string name)
    {
        for (var i = 0; i < Count * Length; i++)
        {
            if (_ids[i] < 0 || _ids[i] >= vocabularySize)
            {
                throw new SlimException($"{name}: token {i} has id {_ids[i]}, but the model knows ids 0 to {vocabularySize - 1}: the tokenizer belongs to another model.");
            }
        }
    }
}
