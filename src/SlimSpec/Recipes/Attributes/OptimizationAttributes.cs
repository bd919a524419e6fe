namespace SlimSpec;

/// <summary>What all trainings have in common.</summary>
public abstract class OptimizationAttribute : Attribute
{
    /// <summary>Tokens a sequence.</summary>
    public int MaxSeqLength { get; set; } = 256;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; set; } = 1e-4;

    /// <summary>How the learning rate changes after warm-up.</summary>
    public LearningRateSchedule LrScheduler { get; set; } = LearningRateSchedule.Cosine;

    /// <summary>Optimizer steps of linear warm-up.</summary>
    public int WarmupSteps { get; set; }

    /// <summary>Linear warm-up as a share of all optimizer steps; instead of warmup_steps.</summary>
    public double WarmupRatio { get; set; }

    /// <summary>Passes over the data; the last may be partial.</summary>
    public double NumEpochs { get; set; } = 1;

    /// <summary>Optimizer steps; takes precedence over num_epochs.</summary>
    public int MaxSteps { get; set; }

    /// <summary>Sequences a forward pass.</summary>
    public int MicroBatchSize { get; set; } = 4;

    /// <summary>Forward passes an optimizer step.</summary>
    public int GradientAccumulationSteps { get; set; } = 1;

    /// <summary>Decoupled weight decay of AdamW.</summary>
    public double WeightDecay { get; set; }

    /// <summary>Largest gradient norm; larger ones are scaled down.</summary>
    public double MaxGradNorm { get; set; } = 1;

    /// <summary>Seed of everything random in this step.</summary>
    public int Seed { get; set; }
}

/// <summary>How a model of these sizes is trained from random weights (<c>train:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainAttribute : OptimizationAttribute
{
    /// <summary>Text file, a .json file with ready token ids, or a mapping that says what is in the file. Required.</summary>
    public string? Dataset { get; set; }

    /// <summary>Part of the dataset. For example <c>":90%"</c>; all of it where absent.</summary>
    public string? Split { get; set; }
}
