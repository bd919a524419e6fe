using System.Diagnostics;

namespace SlimSpec;

/// <summary>
/// Perplexity as LLM-Pruner measures it: the text is tokenized once, with BOS once at its start, and cut into windows
/// that do not overlap; an incomplete last one is dropped. Positions start anew in each window, nothing is carried
/// over, and the first token of a window is not scored. The result is the exponential of the mean over all predictions,
/// not of the mean of window means.
/// </summary>
public static class Perplexity
{
    /// <summary>The protocol's name, for reports.</summary>
    public const string Protocol = "non-overlapping windows, BOS once, first token of a window not scored";

    // A batch of windows runs through the layers together; the head, whose output is by far the widest, takes it in parts.
    private const int TokensPerBatch = 2048;
    private const long LogitElementsPerPart = 1L << 22;
    private const int FewestRowsPerPart = 64;

    /// <summary>Scores a text.</summary>
    /// <param name="model">The model; its weights are read only.</param>
    /// <param name="ids">Token ids of the whole text, BOS first where the model has one.</param>
    /// <param name="window">Tokens a window, at least 2.</param>
    /// <param name="dataset">Name of the text, for the result and for messages.</param>
    /// <param name="limit">Windows to score at most, from the start; null for all.</param>
    /// <param name="progress">Told after each batch of windows.</param>
    /// <exception cref="SlimException">The text does not fill one window, an id is outside the vocabulary, or the window is below 2.</exception>
    public static PerplexityResult Measure(
        CausalLM model, IReadOnlyList<int> ids, int window, string dataset, int? limit = null, Action<ProgressUpdate>? progress = null)
    {
        var windows = CountWindows(ids.Count, window, dataset, limit);
        CheckIds(ids, windows * window, model.Shape.VocabularySize, dataset);

        using var noGradients = torch.no_grad();
        var watch = Stopwatch.StartNew();
        var perWindow = new double[windows];
        var batch = Math.Max(1, TokensPerBatch / window);
        var chunk = batch * LayerSteps.BatchesTogether(model, (long)batch * window * model.Shape.HiddenSize);
        for (var first = 0; first < windows; first += chunk)
        {
            var count = Math.Min(chunk, windows - first);
            var batches = Enumerable.Range(first, count).Chunk(batch).Select(run => Tokens(model, ids, run[0], run.Length, window));
            ScoreChunk(model, batches, model.Stream is null ? _ => { } : part => Report(first + (part * count))).CopyTo(perWindow, first);
            Report(first + count);
        }

        var nll = perWindow.Sum();
        var tokens = (long)windows * (window - 1);
        return new()
        {
            Perplexity = Math.Exp(nll / tokens),
            Tokens = tokens,
            Nll = nll,
            Windows = windows,
            Window = window,
            Dtype = model.Dtype.ToString().ToLowerInvariant(),
            Dataset = dataset,
            Seconds = watch.Elapsed.TotalSeconds,
            WindowNll = perWindow,
        };

        void Report(double done) => progress?.Invoke(new("perplexity", (long)done, windows, SecondsLeft: watch.Elapsed.TotalSeconds / done * (windows - done)));
    }

    /// <summary>Windows of a text that are scored.</summary>
    internal static int CountWindows(int tokens, int window, string dataset, int? limit)
    {
        if (window < 2)
        {
            throw new SlimException($"window: {window} is too short: a window of n tokens gives n - 1 predictions, so it takes at least 2.");
        }

        if (limit is < 1)
        {
            throw new SlimException($"limit: {limit} windows cannot be scored; leave it out to score them all.");
        }

        var windows = tokens / window;
        return windows > 0
            ? Math.Min(windows, limit ?? windows)
            : throw new SlimException($"{dataset}: {tokens} tokens do not fill one window of {window}; the largest window that fits is {tokens}.");
    }

    /// <summary>Refuses ids that the model does not know.</summary>
    internal static void CheckIds(IReadOnlyList<int> ids, int count, int vocabularySize, string dataset)
    {
        for (var i = 0; i < count; i++)
        {
            if (ids[i] < 0 || ids[i] >= vocabularySize)
            {
                throw new SlimException($"{dataset}: token {i} has id {ids[i]}, but the model knows ids 0 to {vocabularySize - 1}: the tokenizer belongs to another model.");
            }
        }
    }

    /// <summary>Some windows of a text, <c>[count, window]</c>.</summary>
    internal static torch.Tensor Tokens(CausalLM model, IReadOnlyList<int> ids, int first, int count, int window)
    {
        var flat = new long[count * window];
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = ids[(first * window) + i];
        }

        return torch.tensor(flat, [count, window], device: model.Device);
    }

    // Negative log-likelihood of each window of some batches, which go through a layer together: its weights may have to be fetched.
    private static double[] ScoreChunk(CausalLM model, IEnumerable<torch.Tensor> batches, Action<double> report)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] tokens = [.. batches];
        var hidden = RunLayers(model, tokens, report);
        using var held = model.UseHead();
        return [.. tokens.SelectMany((ids, batch) => WindowNll(model, hidden[batch], ids))];
    }

    private static torch.Tensor[] RunLayers(CausalLM model, torch.Tensor[] tokens, Action<double> report)
    {
        var hidden = LayerSteps.Embed(model, tokens);
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            using var held = model.Use(layer);
            for (var batch = 0; batch < tokens.Length; batch++)
            {
                using var before = hidden[batch];
                hidden[batch] = LayerSteps.Run(model, layer, tokens[batch], before);
            }

            report((layer + 1.0) / (model.Layers.Count + 1));
        }

        return hidden;
    }

    /// <summary>Negative log-likelihood of each window of a batch; the copy to the host is the batch's only synchronisation.</summary>
    /// <param name="model">The model; the caller holds its head.</param>
    /// <param name="hidden">The last layer's output, <c>[windows, tokens, hidden]</c>.</param>
    /// <param name="tokens">Token ids <c>[windows, tokens]</c>.</param>
    internal static double[] WindowNll(CausalLM model, torch.Tensor hidden, torch.Tensor tokens)
    {
        using var scope = torch.NewDisposeScope();
        var (count, scored) = (tokens.size(0), tokens.size(1) - 1);
        var rows = hidden.narrow(1, 0, scored).reshape(1, count * scored, -1); // the last position predicts nothing
        return TokenNll(model, rows, tokens.narrow(1, 1, scored).reshape(-1)).view(count, scored).sum(1).cpu().data<double>().ToArray();
    }

    // Negative log-likelihood of each target, [rows], float64.
    private static torch.Tensor TokenNll(CausalLM model, torch.Tensor hidden, torch.Tensor targets)
    {
        var rows = targets.size(0);
        var part = Math.Max(FewestRowsPerPart, LogitElementsPerPart / model.Shape.VocabularySize);
        var parts = new List<torch.Tensor>();
        for (long start = 0; start < rows; start += part)
        {
            using var scope = torch.NewDisposeScope();
            var length = Math.Min(part, rows - start);
            var logits = model.Head(hidden.narrow(1, start, length)).view(length, -1);
            var nll = Loss.PerToken(logits, targets.narrow(0, start, length));
            parts.Add(nll.to(torch.ScalarType.Float64).MoveToOuterDisposeScope());
        }

        return parts.Count == 1 ? parts[0] : torch.cat(parts, 0);
    }
}
