using System.Diagnostics;

namespace SlimSpec;

/// <summary>
/// Perplexity over windows that do not overlap: the text is tokenized once, with BOS once at its start, and an incomplete last window is
/// dropped. Positions start anew in each window, nothing is carried over. The result is the exponential of the mean over all predictions, not
/// of the mean of window means. Which tokens are predicted the protocol says (<see cref="PerplexityProtocol"/>).
/// </summary>
public static class Perplexity
{
    /// <summary>A protocol in words, for reports.</summary>
    public static string Describe(PerplexityProtocol protocol) => protocol == PerplexityProtocol.LlamaCpp
        ? "non-overlapping windows, BOS first in each, second half scored (llama.cpp)"
        : "non-overlapping windows, BOS once, first token of a window not scored";

    // A batch of windows runs through the layers together; the head, whose output is by far the widest, takes it in parts.
    private const int TokensPerBatch = 2048;
    private const long LogitElementsPerPart = 1L << 22;
    private const int FewestRowsPerPart = 64;

    /// <summary>Scores a text as LLM-Pruner does.</summary>
    /// <inheritdoc cref="Measure(CausalLM, TokenDataset, PerplexityEvaluation, Action{ProgressUpdate}?)"/>
    /// <param name="model">The model; its weights are read only.</param>
    /// <param name="ids">Token ids of the whole text, BOS first where the model has one.</param>
    /// <param name="window">Tokens a window, at least 2.</param>
    /// <param name="dataset">Name of the text, for the result and for messages.</param>
    /// <param name="limit">Windows to score at most, from the start; null for all.</param>
    /// <param name="progress">Told after each batch of windows.</param>
    public static PerplexityResult Measure(
        CausalLM model, IReadOnlyList<int> ids, int window, string dataset, int? limit = null, Action<ProgressUpdate>? progress = null)
    {
        var evaluation = new PerplexityEvaluation { Dataset = new(dataset), Window = window, Limit = limit };
        return Measure(model, new(ids, evaluation, bos: null, model.Shape.VocabularySize, dataset), evaluation, dataset, progress);
    }

    /// <summary>Scores a text.</summary>
    /// <param name="model">The model; its weights are read only.</param>
    /// <param name="text">The text.</param>
    /// <param name="evaluation">Window, limit and protocol.</param>
    /// <param name="progress">Told after each batch of windows.</param>
    /// <exception cref="SlimException">The text does not fill one window, an id is outside the vocabulary, or the window is too short.</exception>
    public static PerplexityResult Measure(CausalLM model, TokenDataset text, PerplexityEvaluation evaluation, Action<ProgressUpdate>? progress = null) =>
        Measure(model, new(text.Ids, evaluation, text.Bos, model.Shape.VocabularySize, text.Name), evaluation, text.Name, progress);

    private static PerplexityResult Measure(CausalLM model, PerplexityWindows windows, PerplexityEvaluation evaluation, string dataset, Action<ProgressUpdate>? progress)
    {
        var window = windows.Length;
        using var noGradients = torch.no_grad();
        var watch = Stopwatch.StartNew();
        var perWindow = new double[windows.Count];
        var batch = Math.Max(1, TokensPerBatch / window);
        var chunk = batch * LayerSteps.BatchesTogether(model, (long)batch * window * model.Shape.HiddenSize);
        for (var first = 0; first < windows.Count; first += chunk)
        {
            var count = Math.Min(chunk, windows.Count - first);
            var batches = Enumerable.Range(first, count).Chunk(batch).Select(run => windows.Tokens(model, run[0], run.Length));
            ScoreChunk(model, windows, batches, model.Stream is null ? _ => { } : part => Report(first + (part * count))).CopyTo(perWindow, first);
            Report(first + count);
        }

        var nll = perWindow.Sum();
        var tokens = windows.Predictions;
        return new()
        {
            Perplexity = Math.Exp(nll / tokens),
            Tokens = tokens,
            Nll = nll,
            Windows = windows.Count,
            Window = window,
            Protocol = evaluation.Protocol,
            Dtype = model.Dtype.ToString().ToLowerInvariant(),
            Dataset = dataset,
            Seconds = watch.Elapsed.TotalSeconds,
            WindowNll = perWindow,
        };

        void Report(double done) => progress?.Invoke(new("perplexity", (long)done, windows.Count, SecondsLeft: watch.Elapsed.TotalSeconds / done * (windows.Count - done)));
    }

    // Negative log-likelihood of each window of some batches, which go through a layer together: its weights may have to be fetched.
    private static double[] ScoreChunk(CausalLM model, PerplexityWindows windows, IEnumerable<torch.Tensor> batches, Action<double> report)
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor[] tokens = [.. batches];
        var hidden = RunLayers(model, tokens, report);
        using var held = model.UseHead();
        return [.. tokens.SelectMany((ids, batch) => windows.Nll(model, hidden[batch], ids))];
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
    /// <param name="firstPosition">The first position whose prediction counts.</param>
    internal static double[] WindowNll(CausalLM model, torch.Tensor hidden, torch.Tensor tokens, int firstPosition = 0)
    {
        using var scope = torch.NewDisposeScope();
        var (count, scored) = (tokens.size(0), tokens.size(1) - 1 - firstPosition);
        var rows = hidden.narrow(1, firstPosition, scored).reshape(1, count * scored, -1); // the last position predicts nothing
        return TokenNll(model, rows, tokens.narrow(1, firstPosition + 1, scored).reshape(-1)).view(count, scored).sum(1).cpu().data<double>().ToArray();
    }

    /// <summary>Rows that go through the head together, whose output is by far the widest.</summary>
    internal static long RowsPerPart(CausalLM model) => Math.Max(FewestRowsPerPart, LogitElementsPerPart / model.Shape.VocabularySize);

    // Negative log-likelihood of each target, [rows], float64.
    private static torch.Tensor TokenNll(CausalLM model, torch.Tensor hidden, torch.Tensor targets)
    {
        var rows = targets.size(0);
        var part = RowsPerPart(model);
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
