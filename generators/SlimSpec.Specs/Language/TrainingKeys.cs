using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>What all trainings have in common; names as in axolotl.</summary>
public static class TrainingKeys
{
    /// <summary>Tokens a sequence.</summary>
    public static readonly Key<int> MaxSeqLength = Key.Default("max_seq_length", DataKeys.SequenceLength, 256, "Tokens a sequence.");

    /// <summary>The learning rate.</summary>
    public static readonly Key<double> LearningRate = Key.Default("learning_rate", new NumberType(0, 1, excludesMinimum: true), 1e-4, "Peak learning rate.");

    /// <summary>The schedule.</summary>
    public static readonly Key<string> LrScheduler = Key.Default("lr_scheduler", new WordType("linear", "cosine", "constant"), "cosine", "How the learning rate changes after warm-up.");

    /// <summary>Warm-up.</summary>
    public static readonly Key<int> WarmupSteps = Key.Default("warmup_steps", new IntegerType(0, 100_000_000), 0, "Optimizer steps of linear warm-up.");

    /// <summary>Warm-up as a share.</summary>
    public static readonly Key<double> WarmupRatio = Key.Optional("warmup_ratio", new NumberType(0, 1), "Linear warm-up as a share of all optimizer steps; instead of warmup_steps.");

    /// <summary>Passes over the data.</summary>
    public static readonly Key<double> NumEpochs = Key.Default("num_epochs", new NumberType(0, 100_000, excludesMinimum: true), 1.0, "Passes over the data; the last may be partial.");

    /// <summary>Optimizer steps.</summary>
    public static readonly Key<int> MaxSteps = Key.Optional("max_steps", new IntegerType(1, 100_000_000), "Optimizer steps; takes precedence over num_epochs.");

    /// <summary>Sequences a forward pass.</summary>
    public static readonly Key<int> MicroBatchSize = Key.Default("micro_batch_size", new IntegerType(1, 65536), 4, "Sequences a forward pass.");

    /// <summary>Forward passes a step.</summary>
    public static readonly Key<int> GradientAccumulationSteps = Key.Default("gradient_accumulation_steps", new IntegerType(1, 65536), 1, "Forward passes an optimizer step.");

    /// <summary>Weight decay.</summary>
    public static readonly Key<double> WeightDecay = Key.Default("weight_decay", new NumberType(0, 1), 0.0, "Decoupled weight decay of AdamW.");

    /// <summary>Gradient clipping.</summary>
    public static readonly Key<double> MaxGradNorm = Key.Default("max_grad_norm", new NumberType(0, double.PositiveInfinity, excludesMinimum: true), 1.0, "Largest gradient norm; larger ones are scaled down.");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Key> OfOptimization =
    [
        MaxSeqLength, LearningRate, LrScheduler, WarmupSteps, WarmupRatio, NumEpochs, MaxSteps,
        MicroBatchSize, GradientAccumulationSteps, WeightDecay, MaxGradNorm, DataKeys.Seed,
    ];

    /// <summary><c>train:</c>.</summary>
    public static readonly SectionDefinition Training = new("Training of all weights from random ones.", [DataKeys.Dataset, DataKeys.Split, .. OfOptimization]);
}
