using System.Text.Json.Serialization;

namespace SlimSpec;

/// <summary>What a recovery step minimizes.</summary>
public enum RecoveryObjective
{
    /// <summary>Cross-entropy of the next token of plain text.</summary>
    Lm,

    /// <summary>Cross-entropy of the answer to an instruction, in Alpaca's template.</summary>
    Instruct,

    /// <summary>Cross-entropy over the label words' next-token logits behind a prompt (LM mode of "Why Lift so Heavy?").</summary>
    PromptLm,

    /// <summary>Cross-entropy of a linear classifier that reads the last position of a prompt.</summary>
    PCls,

    /// <summary>Cross-entropy of a linear classifier that reads the last position of the plain text.</summary>
    Cls,
}

/// <summary>How a teacher is kept.</summary>
public enum TeacherMemory
{
    /// <summary>In memory beside the student.</summary>
    Resident,

    /// <summary>Its layers are read from the checkpoint each time they are needed.</summary>
    Streamed,

    /// <summary>It runs once over the data before training; what its head reads is kept on disk.</summary>
    Cached,
}

/// <summary>A step of <c>recover:</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "method")]
[JsonDerivedType(typeof(LoraRecovery), "lora")]
[JsonDerivedType(typeof(FullRecovery), "full")]
[JsonDerivedType(typeof(PartialRecovery), "partial")]
[JsonDerivedType(typeof(DistillRecovery), "distill")]
public abstract record RecoveryStep : OptimizationSettings
{
    /// <summary>What is minimized.</summary>
    public RecoveryObjective Objective { get; init; }

    /// <summary>What is classified; null unless the objective is a classification's. <see cref="OptimizationSettings.Dataset"/> is its training data then.</summary>
    public ClassificationTask? Task { get; init; }

    /// <summary>Whether the instruction counts in the loss too, not the answer alone.</summary>
    public bool TrainOnInputs { get; init; }

    /// <summary>Whether several examples are put one behind the other into a sequence of <see cref="OptimizationSettings.MaxSeqLength"/> tokens; each begins with BOS where the model has one, and sees those before it.</summary>
    public bool SamplePacking { get; init; }

    /// <summary>Whether examples of similar length come together, which saves padding.</summary>
    public bool GroupByLength { get; init; }

    /// <summary>Examples held out for validation: below 1 a share, from 1 a number; 0: none.</summary>
    public double ValSetSize { get; init; }

    /// <summary>Optimizer steps between validations, of which the last step is always one; null: once a pass over the data.</summary>
    public int? EvalSteps { get; init; }

    /// <summary>Validations without a better result after which training ends; null: it goes on. The best checkpoint is taken wherever there is validation.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>Optimizer steps between checkpoints of the training, from which an interrupted one goes on.</summary>
    public int SaveSteps { get; init; } = 100;
}

/// <summary>LoRA recovery (<c>method: lora</c>).</summary>
public sealed record LoraRecovery : RecoveryStep
{
    /// <summary>Rank.</summary>
    public int LoraR { get; init; } = 8;

    /// <summary>Scale times rank.</summary>
    public double LoraAlpha { get; init; } = 16;

    /// <summary>Probability of dropping an input element while training.</summary>
    public double LoraDropout { get; init; } = 0.05;

    /// <summary>Linears to adapt, by the last part of their name.</summary>
    public required IReadOnlyList<string> LoraTargetModules { get; init; }
}

/// <summary>Training of all weights (<c>method: full</c>).</summary>
public sealed record FullRecovery : RecoveryStep;

/// <summary>Training of some weights, the others frozen (<c>method: partial</c>).</summary>
public sealed record PartialRecovery : RecoveryStep
{
    /// <summary>Layers whose weights are trained, of those that the cuts leave, from 0; empty: none.</summary>
    public IReadOnlyList<int> Layers { get; init; } = [];

    /// <summary>How many of the last layers are trained besides.</summary>
    public int LastLayers { get; init; }

    /// <summary>Whether the norms of all layers and the final one are trained.</summary>
    public bool Norms { get; init; }

    /// <summary>Whether the head is trained: the classifier's, or the language model's, which is the embedding where they are tied.</summary>
    public bool Head { get; init; } = true;
}

/// <summary>Training towards the dense model's output (<c>method: distill</c>): <c>kd_alpha * T^2 * KL(teacher || student) + (1 - kd_alpha) * task loss</c> (Hinton et al. 2015).</summary>
public sealed record DistillRecovery : RecoveryStep
{
    /// <summary>Checkpoint folder of the teacher, a model of this recipe; null: the model the recipe starts from.</summary>
    public string? Teacher { get; init; }

    /// <summary>How the teacher is kept.</summary>
    public TeacherMemory TeacherMemory { get; init; }

    /// <summary>What both models' logits are divided by.</summary>
    public double KdTemperature { get; init; } = 1;

    /// <summary>Weight of the divergence; the rest is the task loss's.</summary>
    public double KdAlpha { get; init; } = 0.5;

    /// <summary>The adapters to train; null: all weights are trained.</summary>
    public LoraConfiguration? Lora { get; init; }
}

/// <summary>A classification (an entry of <c>tasks:</c>).</summary>
public sealed record ClassificationTask
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The prompt: <c>{text}</c> stands for the text to classify, and the answer follows it.</summary>
    public required string Template { get; init; }

    /// <summary>The classes with the words that name them in a prompt's answer, in order. A space comes before the word.</summary>
    public required IReadOnlyDictionary<string, string> LabelWords { get; init; }

    /// <summary>Solved examples of each class that every prompt begins with; drawn from the training data by the step's seed and not trained on.</summary>
    public int Demonstrations { get; init; }

    /// <summary>Training examples of each class, drawn by the step's seed; null: all.</summary>
    public int? Shots { get; init; }

    /// <summary>What accuracy is measured on.</summary>
    public required DatasetReference Test { get; init; }
}
