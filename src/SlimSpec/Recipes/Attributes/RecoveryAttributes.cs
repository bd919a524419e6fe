namespace SlimSpec;

/// <summary>What all recovery steps have in common. Several are made in order of appearance.</summary>
public abstract class RecoveryAttribute : OptimizationAttribute
{
    /// <summary>What is minimized: the loss of plain text (lm), of answers to instructions (instruct), of the label word behind a prompt (prompt_lm), or of a classifier that reads the end of a prompt (p_cls) or of the plain text (cls).</summary>
    public RecoveryObjective Objective { get; set; }

    /// <summary>The classification, one of tasks; for objectives prompt_lm, p_cls and cls.</summary>
    public string? Task { get; set; }

    /// <summary>What is trained on, for objectives lm and instruct: a path, or a mapping that says what is in the file. For example <c>"{ path: data/alpaca.json, format: alpaca }"</c>.</summary>
    public string? Dataset { get; set; }

    /// <summary>Part of the dataset. For example <c>":90%"</c>; all of it where absent.</summary>
    public string? Split { get; set; }

    /// <summary>Whether the instruction counts in the loss too; for objective instruct.</summary>
    public bool TrainOnInputs { get; set; }

    /// <summary>Whether several examples are put one behind the other into a sequence; for objective instruct.</summary>
    public bool SamplePacking { get; set; }

    /// <summary>Whether examples of similar length come together, which saves padding.</summary>
    public bool GroupByLength { get; set; }

    /// <summary>Examples held out for validation: below 1 a share, from 1 a number; 0: none.</summary>
    public double ValSetSize { get; set; }

    /// <summary>Optimizer steps between validations; once a pass over the data where absent.</summary>
    public int EvalSteps { get; set; }

    /// <summary>Validations without a better result after which training ends; it goes on where absent.</summary>
    public int EarlyStoppingPatience { get; set; }

    /// <summary>Optimizer steps between checkpoints of the training, from which an interrupted one goes on.</summary>
    public int SaveSteps { get; set; } = 100;
}

/// <summary>Low-rank adapters (LoRA), merged after training (a step of <c>recover:</c> with <c>method: lora</c>). Several are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class RecoverLoraAttribute : RecoveryAttribute
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

/// <summary>Training of all weights (a step of <c>recover:</c> with <c>method: full</c>). Several are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class RecoverFullAttribute : RecoveryAttribute;

/// <summary>Training of some weights, the others frozen (a step of <c>recover:</c> with <c>method: partial</c>). Several are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class RecoverPartialAttribute : RecoveryAttribute
{
    /// <summary>Layers to train, of those that the cuts leave, counted from 0, ends included. For example <c>"0..3, 7"</c>.</summary>
    public string? Layers { get; set; }

    /// <summary>How many of the last layers to train besides.</summary>
    public int LastLayers { get; set; }

    /// <summary>Whether the norms of all layers and the final one are trained.</summary>
    public bool Norms { get; set; }

    /// <summary>Whether the head is trained: the classifier, or the language model's, which is the embedding where they are tied.</summary>
    public bool Head { get; set; } = true;
}

/// <summary>Training towards the dense model's output (a step of <c>recover:</c> with <c>method: distill</c>). Several are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class RecoverDistillAttribute : RecoveryAttribute
{
    /// <summary>Checkpoint folder of the teacher, a model of this recipe before its cuts; the model the recipe starts from where absent.</summary>
    public string? Teacher { get; set; }

    /// <summary>How the teacher is kept: in memory, read layer by layer when it is needed, or run once before training.</summary>
    public TeacherMemory TeacherMemory { get; set; }

    /// <summary>What both models' logits are divided by.</summary>
    public double KdTemperature { get; set; } = 1;

    /// <summary>Weight of the divergence from the teacher; the rest is the task's own loss.</summary>
    public double KdAlpha { get; set; } = 0.5;

    /// <summary>Rank. Adapters are trained where any of their properties is written, otherwise all weights.</summary>
    public int LoraR { get; set; } = 8;

    /// <summary>Scale times rank.</summary>
    public double LoraAlpha { get; set; } = 16;

    /// <summary>Probability of dropping an input element while training.</summary>
    public double LoraDropout { get; set; } = 0.05;

    /// <summary>Linears to adapt, by the last part of their name; every linear of the layer where absent.</summary>
    public string[]? LoraTargetModules { get; set; }
}
