namespace SlimSpec;

/// <summary>What a recipe's spec says, with every default filled in. Generated code writes it out.</summary>
public sealed record RecipeSettings
{
    /// <summary>Where the spec's model comes from; a folder in Hugging Face layout. Null if the spec names none.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Calibration data for scores that need data.</summary>
    public CalibrationSettings? Calibration { get; init; }

    /// <summary>The cuts, in order.</summary>
    public IReadOnlyList<PruneCut> Prune { get; init; } = [];

    /// <summary>What the slim model may cost at most; null if the spec does not say.</summary>
    public PruningConstraints? Constraints { get; init; }

    /// <summary>The recovery steps, in order.</summary>
    public IReadOnlyList<RecoveryStep> Recover { get; init; } = [];

    /// <summary>Where tokens may leave the model early; null if the spec does not say.</summary>
    public ExitSettings? Exits { get; init; }

    /// <summary>How the model is measured after each stage.</summary>
    public EvaluationSettings? Evaluate { get; init; }

    /// <summary>What the slim model is written as, beside the run's own checkpoint.</summary>
    public IReadOnlyList<ExportTarget> Export { get; init; } = [];

    /// <summary>How a model of this architecture is trained from nothing (<c>slim train</c>).</summary>
    public TrainingSettings? Train { get; init; }

    /// <summary>The keys that <c>slim sweep</c> goes through, in order: the last one changes fastest. Empty if the spec has no sweep.</summary>
    public IReadOnlyList<SweepAxis> Sweep { get; init; } = [];
}

/// <summary>Calibration samples (<c>calibration:</c>).</summary>
public sealed record CalibrationSettings
{
    /// <summary>Text file, or <c>.json</c> with ready token ids.</summary>
    public required DatasetReference Dataset { get; init; }

    /// <summary>Number of samples.</summary>
    public int NumSamples { get; init; } = 10;

    /// <summary>Tokens a sample.</summary>
    public int MaxSeqLength { get; init; } = 64;

    /// <summary>Seed of the sampling.</summary>
    public int Seed { get; init; }
}

/// <summary>How the learning rate changes after warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Falls to zero linearly.</summary>
    Linear,

    /// <summary>Falls to zero along half a cosine.</summary>
    Cosine,

    /// <summary>Stays.</summary>
    Constant,
}

/// <summary>What all trainings have in common.</summary>
public abstract record OptimizationSettings
{
    /// <summary>Training text.</summary>
    public required DatasetReference Dataset { get; init; }

    /// <summary>Tokens a sequence.</summary>
    public int MaxSeqLength { get; init; } = 256;

    /// <summary>Peak learning rate.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Decay after warm-up.</summary>
    public LearningRateSchedule LrScheduler { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Optimizer steps of linear warm-up. Ignored where <see cref="WarmupRatio"/> is set.</summary>
    public int WarmupSteps { get; init; }

    /// <summary>Linear warm-up as a share of all optimizer steps, or null for <see cref="WarmupSteps"/>.</summary>
    public double? WarmupRatio { get; init; }

    /// <summary>Passes over the data; the last may be partial. Ignored where <see cref="MaxSteps"/> is set.</summary>
    public double NumEpochs { get; init; } = 1;

    /// <summary>Optimizer steps, or null for <see cref="NumEpochs"/>.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>Sequences a forward pass.</summary>
    public int MicroBatchSize { get; init; } = 4;

    /// <summary>Forward passes an optimizer step.</summary>
    public int GradientAccumulationSteps { get; init; } = 1;

    /// <summary>AdamW's decoupled weight decay.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Largest gradient norm; larger ones are scaled down.</summary>
    public double MaxGradNorm { get; init; } = 1;

    /// <summary>Seed of data order, initialisation and dropout.</summary>
    public int Seed { get; init; }
}

/// <summary>Training of all weights from random ones (<c>train:</c>).</summary>
public sealed record TrainingSettings : OptimizationSettings;

/// <summary>A key of the spec and the values that a sweep gives it.</summary>
/// <param name="Key">Path of the key as <c>--set</c> takes it, for example <c>prune[0].keep</c>.</param>
/// <param name="Values">The values as they would be written in the spec, in order.</param>
public sealed record SweepAxis(string Key, IReadOnlyList<string> Values);
