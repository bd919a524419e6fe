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

    /// <summary>All of them, with the data.</summary>
    public static readonly IReadOnlyList<Key> All =
    [
        DataKeys.Dataset, DataKeys.Split, MaxSeqLength, LearningRate, LrScheduler, WarmupSteps, NumEpochs, MaxSteps,
        MicroBatchSize, GradientAccumulationSteps, WeightDecay, MaxGradNorm, DataKeys.Seed,
    ];

    /// <summary><c>train:</c>.</summary>
    public static readonly SectionDefinition Training = new("Training of all weights from random ones.", All);
}

/// <summary>A recovery with <c>method: lora</c>.</summary>
public static class LoraKeys
{
    /// <summary>The method.</summary>
    public static readonly Key<string> Method = Key.Required("method", new WordType("lora"), "Kind of recovery.");

    /// <summary>The rank.</summary>
    public static readonly Key<int> R = Key.Default("lora_r", new IntegerType(1, 65536), 8, "Rank.");

    /// <summary>Scale times rank.</summary>
    public static readonly Key<double> Alpha = Key.Default("lora_alpha", new NumberType(0, 1e6, excludesMinimum: true), 16.0, "Scale times rank.");

    /// <summary>Dropout.</summary>
    public static readonly Key<double> Dropout = Key.Default("lora_dropout", new NumberType(0, 1, excludesMaximum: true), 0.05, "Probability of dropping an input element while training.");

    /// <summary>The linears to adapt.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> TargetModules = Key.Optional("lora_target_modules", new ListType<string>(new TextType("the last part of a linear's name"), "a list of linears such as [q_proj, v_proj]"), "Linears to adapt, by the last part of their name; every linear of the layer where absent.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Low-rank adapters (LoRA), merged after training.", [Method, R, Alpha, Dropout, TargetModules, .. TrainingKeys.All]);
}
