namespace SlimSpec;

/// <summary>
/// Perplexity of a model with one layer cut, for each layer in turn. What these models have in common is computed once: in front of its cut
/// layer each is the dense model. The slim layer stands beside the model and goes when it has been run.
/// </summary>
public sealed class SensitivityWalk
{
    // One window at least goes through the layers at a time, more as long as all models' hidden states have fewer elements than this (256 MB in
    // float32) and one model's activations stay small.
    private const long HiddenElements = 1L << 26;
    private const int TokensPerBatch = 2048;

    private readonly StructuredPruner _pruner;
    private readonly CausalLM _model;
    private readonly PerplexityWindows _windows;
    private readonly IReadOnlyList<Selection?> _cuts;
    private readonly double[] _nll;

    private SensitivityWalk(Recipe recipe, CausalLM model, PerplexityWindows windows, IReadOnlyList<Selection?> cuts)
    {
        (_pruner, _model, _windows, _cuts) = (recipe.Pruner, model, windows, cuts);
        _nll = new double[cuts.Count + 1]; // the dense model's last
    }

    /// <summary>Scores units once, cuts each layer alone and measures.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="model">Its dense model; left as it is.</param>
    /// <param name="cut">The cut that is tried: its amount, on every layer.</param>
    /// <param name="inputs">Calibration data and the rest.</param>
    /// <param name="text">Token ids of the text to measure on, BOS first where the model has one.</param>
    /// <param name="evaluation">Window, limit and protocol.</param>
    /// <exception cref="SlimException">The cut is not of layers, or the text does not fill one window.</exception>
    public static SensitivityResult Measure(Recipe recipe, CausalLM model, PruneCut cut, PruningInputs inputs, TokenDataset text, PerplexityEvaluation evaluation)
    {
        var windows = new PerplexityWindows(text.Ids, evaluation, text.Bos, model.Shape.VocabularySize, text.Name);
        using var noGradients = torch.no_grad();
        var walk = new SensitivityWalk(recipe, model, windows, SensitivityCuts.Of(recipe, model, cut, inputs));
        var batch = (int)Math.Clamp(Math.Min(HiddenElements / ((long)windows.Length * model.Shape.HiddenSize * (model.Layers.Count + 1)), TokensPerBatch / windows.Length), 1, windows.Count);
        for (var first = 0; first < windows.Count; first += batch)
        {
            var count = Math.Min(batch, windows.Count - first);
            walk.Take(windows.Tokens(model, first, count), layer => inputs.Progress?.Invoke(new(
                "perplexity", ((long)first * model.Layers.Count) + ((long)count * (layer + 1)), (long)windows.Count * model.Layers.Count)));
        }

        var perplexities = walk._nll.Select(nll => Math.Exp(nll / windows.Predictions)).ToArray();
        return SensitivityResult.Of(perplexities[^1], perplexities[..^1], windows.Count);
    }

    private void Take(torch.Tensor tokens, Action<int> report)
    {
        using var scope = torch.NewDisposeScope();
        using var pass = _model.Begin(tokens);
        var whole = LayerSteps.Embed(_model, [tokens])[0];
        var without = new torch.Tensor?[_cuts.Count];
        for (var layer = 0; layer < _cuts.Count; layer++)
        {
            using var held = _model.Use(layer);
            for (var cut = 0; cut < layer; cut++)
            {
                using var before = without[cut];
                without[cut] = before is null ? null : LayerSteps.Run(_model, layer, tokens, before);
            }

            without[layer] = _cuts[layer] is { } selection ? Cut(layer, selection, whole, pass) : null;
            using var input = whole;
            whole = LayerSteps.Run(_model, layer, tokens, input);
            report(layer);
        }

        using var head = _model.UseHead();
        var dense = _windows.Nll(_model, whole, tokens).Sum();
        _nll[^1] += dense;
        for (var layer = 0; layer < _cuts.Count; layer++)
        {
            _nll[layer] += without[layer] is { } hidden ? _windows.Nll(_model, hidden, tokens).Sum() : dense;
        }

        tokens.Dispose();
    }

    // A layer's output once it is cut; its input where it is gone.
    private torch.Tensor Cut(int layer, Selection selection, torch.Tensor hidden, SequencePass pass)
    {
        if (selection.Layers is not null)
        {
            return hidden.clone();
        }

        using var scope = torch.NewDisposeScope();
        using var slim = _model.CreateLayer(_pruner.Shrink(_model.Shape, selection), layer);
        _pruner.Slice(_model.Layers[layer], slim, layer, selection);
        return _model.Run(slim, hidden, pass).MoveToOuterDisposeScope();
    }
}
