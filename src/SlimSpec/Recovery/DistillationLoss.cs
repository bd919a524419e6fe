namespace SlimSpec;

/// <summary>
/// What a distillation minimizes: <c>kd_alpha T^2 KL(teacher || student) + (1 - kd_alpha) cross-entropy</c>, both models' logits divided
/// by the temperature T in the divergence (Hinton et al. 2015, section 2: T^2 keeps its gradients as large as those of the cross-entropy).
/// </summary>
/// <param name="student">The model that is trained.</param>
/// <param name="readout">How its answer is read.</param>
/// <param name="teacher">Gives the answers to come near to.</param>
/// <param name="alpha">Weight of the divergence.</param>
/// <param name="temperature">What logits are divided by.</param>
internal sealed class DistillationLoss(CausalLM student, Readout readout, Teacher teacher, double alpha, double temperature) : TrainingLoss(student, readout)
{
    /// <inheritdoc/>
    public override void Prepare(IReadOnlyList<TrainingBatch> batches) => teacher.Read(batches);

    /// <inheritdoc/>
    protected override torch.Tensor Of(torch.Tensor logits, TrainingBatch batch)
    {
        var divergence = Loss.Divergence(teacher.Logits(batch), logits, temperature);
        return (alpha * temperature * temperature * divergence) + ((1 - alpha) * base.Of(logits, batch));
    }
}
