namespace SlimSpec;

/// <summary>What a training minimizes: cross-entropy with what the data says.</summary>
/// <param name="model">The model.</param>
/// <param name="readout">How its answer is read.</param>
internal class TrainingLoss(CausalLM model, Readout readout)
{
    /// <summary>Gets ready for the batches of an optimizer step.</summary>
    public virtual void Prepare(IReadOnlyList<TrainingBatch> batches)
    {
    }

    /// <summary>Sum over the places of a batch that are scored, in nats: a scalar with gradients.</summary>
    public torch.Tensor Sum(TrainingBatch batch)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = LayerSteps.Hidden(model, batch.Inputs);
        return Of(readout.Logits(model, batch.Rows(hidden)), batch).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of logits <c>[scored, answers]</c>.</summary>
    protected virtual torch.Tensor Of(torch.Tensor logits, TrainingBatch batch) => Loss.Sum(logits, batch.Targets);
}
