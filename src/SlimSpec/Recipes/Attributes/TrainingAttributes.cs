namespace SlimSpec;

/// <summary>What all trainings have in common.</summary>
public abstract class TrainingAttribute : DataAttribute
{
    /// <summary>Tokens a sequence.</summary>
    public int MaxSeqLength { get; set; } = 256;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; set; } = 1e-4;

    /// <summary>How the learning rate changes after warm-up.</summary>
    public LearningRateSchedule LrScheduler { get; set; } = LearningRateSchedule.Cosine;

    /// <summary>Optimizer steps of linear warm-up.</summary>
    public int WarmupSteps { get; set; }

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

/// <summary>Low-rank adapters (LoRA), merged after training (a step of <c>recover:</c> with <c>method: lora</c>). Several are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class RecoverLoraAttribute : TrainingAttribute
{
    /// <summary>Rank.</summary>
    public int LoraR { get; set; } = 8;

    /// <summary>Scale times rank.</summary>
    public double LoraAlpha { get; set; } = 16;

    /// <summary>Probability of dropping an input element while training.</summary>
    public double LoraDropout { get; set; } = 0.05;

    /// <summary>Linears to adapt, by the last part of their name; every linear of the layer where absent.</summary>
    public string[]? LoraTargetModules { get; set; }
}

/// <summary>How a model of these sizes is trained from random weights (<c>train:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TrainAttribute : TrainingAttribute;
