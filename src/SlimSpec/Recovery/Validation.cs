namespace SlimSpec;

/// <summary>Measures a model on examples that it is not trained on: without dropout, and without a random number drawn.</summary>
internal sealed class Validation
{
    private readonly CausalLM _model;
    private readonly Readout _readout;
    private readonly IReadOnlyList<TrainingExample> _examples;
    private readonly int[][] _batches;

    /// <summary>Divides the examples into batches of similar length.</summary>
    /// <param name="model">The model.</param>
    /// <param name="readout">How its answer is read.</param>
    /// <param name="examples">The examples, at least one.</param>
    /// <param name="batch">Examples a forward pass.</param>
    public Validation(CausalLM model, Readout readout, IReadOnlyList<TrainingExample> examples, int batch)
    {
        TrainingBatch.Check(examples, model.Shape.VocabularySize);
        (_model, _readout, _examples) = (model, readout, examples);
        _batches = [.. Enumerable.Range(0, examples.Count).OrderBy(example => examples[example].Ids.Length).Chunk(batch)];
    }

    /// <summary>Mean cross-entropy in nats over all that is scored and, of a classification, the share of examples answered correctly.</summary>
    public (double Loss, double? Accuracy) Measure()
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var loss = torch.zeros([], dtype: torch.ScalarType.Float64, device: _model.Device);
        var right = torch.zeros([], dtype: torch.ScalarType.Float64, device: _model.Device);
        long scored = 0;
        foreach (var examples in _batches)
        {
            using var batchScope = torch.NewDisposeScope();
            var batch = TrainingBatch.Of(_examples, examples, _model.Device);
            var logits = _readout.Logits(_model, batch.Rows(LayerSteps.Hidden(_model, batch.Inputs)));
            loss.add_(Loss.Sum(logits, batch.Targets).to(torch.ScalarType.Float64));
            right.add_(logits.argmax(-1).eq(batch.Targets).sum());
            scored += batch.Scored;
        }

        var host = torch.stack([loss, right]).cpu().data<double>();
        return (host[0] / scored, _examples[0].Label < 0 ? null : host[1] / scored);
    }
}
