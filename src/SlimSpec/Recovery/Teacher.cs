namespace SlimSpec;

/// <summary>
/// The model that a distillation learns from, frozen. For the micro batches of an optimizer step it runs once through its
/// layers, which may be streamed; its head comes when a batch's turn has come, because logits are by far the widest.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="readout">How its answer is read.</param>
/// <param name="head">Its classifier, if it has one; disposed of with it.</param>
internal class Teacher(CausalLM model, Readout readout, ClassificationHead? head) : IDisposable
{
    /// <summary>Gives batches what the head reads for them (<see cref="TrainingBatch.TeacherRows"/>), in the caller's scope.</summary>
    public virtual void Read(IReadOnlyList<TrainingBatch> batches)
    {
        using var noGradients = torch.no_grad();
        var hidden = LayerSteps.Hidden(model, [.. batches.Select(batch => batch.Inputs)]);
        foreach (var (batch, last) in batches.Zip(hidden))
        {
            batch.TeacherRows = batch.Rows(last);
        }
    }

    /// <summary>What it says of a batch that was read, <c>[scored, answers]</c>.</summary>
    public torch.Tensor Logits(TrainingBatch batch)
    {
        using var noGradients = torch.no_grad();
        return readout.Logits(model, batch.TeacherRows ?? throw new InvalidOperationException("The teacher has not read the batch."));
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        head?.Dispose();
        model.Dispose();
    }
}
