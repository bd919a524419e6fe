using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>What all steps of <c>recover:</c> have.</summary>
public static class RecoveryKeys
{
    /// <summary>The word of <see cref="LoraKeys"/>.</summary>
    public const string Lora = "lora";

    /// <summary>The word of <see cref="FullKeys"/>.</summary>
    public const string Full = "full";

    /// <summary>The word of <see cref="PartialKeys"/>.</summary>
    public const string Partial = "partial";

    /// <summary>The word of <see cref="DistillKeys"/>.</summary>
    public const string Distill = "distill";

    /// <summary>The method.</summary>
    public static readonly Key<string> Method = Key.Required("method", new WordType(Lora, Full, Partial, Distill), "Kind of recovery.");

    /// <summary>The objective.</summary>
    public static readonly Key<string> Objective = Key.Default(
        "objective",
        new WordType("lm", "instruct", "prompt_lm", "p_cls", "cls"),
        "lm",
        "What is minimized: the loss of plain text (lm), of answers to instructions (instruct), of the label word behind a prompt (prompt_lm), or of a classifier that reads the end of a prompt (p_cls) or of the plain text (cls).");

    /// <summary>The classification.</summary>
    public static readonly Key<string> Task = Key.Optional("task", new TextType("the name of a task"), "The classification, one of tasks; for objectives prompt_lm, p_cls and cls.");

    /// <summary>The data.</summary>
    public static readonly Key<DatasetChoice> Dataset = Key.Optional("dataset", new DatasetType(), "What is trained on, for objectives lm and instruct: a path, or a mapping that says what is in the file.");

    /// <summary>Whether the instruction counts.</summary>
    public static readonly Key<bool> TrainOnInputs = Key.Default("train_on_inputs", new FlagType(), false, "Whether the instruction counts in the loss too; for objective instruct.");

    /// <summary>Whether examples share a sequence.</summary>
    public static readonly Key<bool> SamplePacking = Key.Default("sample_packing", new FlagType(), false, "Whether several examples are put one behind the other into a sequence; for objective instruct.");

    /// <summary>Whether examples of one length come together.</summary>
    public static readonly Key<bool> GroupByLength = Key.Default("group_by_length", new FlagType(), false, "Whether examples of similar length come together, which saves padding.");

    /// <summary>What is held out.</summary>
    public static readonly Key<double> ValSetSize = Key.Default("val_set_size", new NumberType(0, int.MaxValue), 0.0, "Examples held out for validation: below 1 a share, from 1 a number; 0: none.");

    /// <summary>How often it is validated.</summary>
    public static readonly Key<int> EvalSteps = Key.Optional("eval_steps", new IntegerType(1, 100_000_000), "Optimizer steps between validations; once a pass over the data where absent.");

    /// <summary>When training ends early.</summary>
    public static readonly Key<int> EarlyStoppingPatience = Key.Optional("early_stopping_patience", new IntegerType(1, 1_000_000), "Validations without a better result after which training ends; it goes on where absent.");

    /// <summary>How often training is saved.</summary>
    public static readonly Key<int> SaveSteps = Key.Default("save_steps", new IntegerType(1, 100_000_000), 100, "Optimizer steps between checkpoints of the training, from which an interrupted one goes on.");

    /// <summary>Those in front of a method's own.</summary>
    internal static readonly IReadOnlyList<Key> First = [Method, Objective, Task, Dataset, DataKeys.Split];

    /// <summary>Those behind a method's own.</summary>
    internal static readonly IReadOnlyList<Key> Last =
        [.. TrainingKeys.OfOptimization, TrainOnInputs, SamplePacking, GroupByLength, ValSetSize, EvalSteps, EarlyStoppingPatience, SaveSteps];
}

/// <summary>A recovery with <c>method: lora</c>.</summary>
public static class LoraKeys
{
    /// <summary>The rank.</summary>
    public static readonly Key<int> R = Key.Default("lora_r", AdapterKeys.R.Type, 8, AdapterKeys.R.Description);

    /// <summary>Scale times rank.</summary>
    public static readonly Key<double> Alpha = Key.Default("lora_alpha", AdapterKeys.Alpha.Type, 16.0, AdapterKeys.Alpha.Description);

    /// <summary>Dropout.</summary>
    public static readonly Key<double> Dropout = Key.Default("lora_dropout", AdapterKeys.Dropout.Type, 0.05, AdapterKeys.Dropout.Description);

    /// <summary>The linears to adapt.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> TargetModules = Key.Optional("lora_target_modules", AdapterKeys.TargetModules.Type, AdapterKeys.TargetModules.Description);

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Low-rank adapters (LoRA), merged after training.", [.. RecoveryKeys.First, R, Alpha, Dropout, TargetModules, .. RecoveryKeys.Last]);
}

/// <summary>A recovery with <c>method: full</c>.</summary>
public static class FullKeys
{
    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Training of all weights.", [.. RecoveryKeys.First, .. RecoveryKeys.Last]);
}

/// <summary>A recovery with <c>method: partial</c>.</summary>
public static class PartialKeys
{
    /// <summary>Layers by number.</summary>
    public static readonly Key<IReadOnlyList<Located<LayerRange>>> Layers = Key.Optional("layers", new LayersType(), "Layers to train, of those that the cuts leave, counted from 0, ends included.");

    /// <summary>Layers from the end.</summary>
    public static readonly Key<int> LastLayers = Key.Default("last_layers", new IntegerType(0, 1_000_000), 0, "How many of the last layers to train besides.");

    /// <summary>The norms.</summary>
    public static readonly Key<bool> Norms = Key.Default("norms", new FlagType(), false, "Whether the norms of all layers and the final one are trained.");

    /// <summary>The head.</summary>
    public static readonly Key<bool> Head = Key.Default("head", new FlagType(), true, "Whether the head is trained: the classifier, or the language model's, which is the embedding where they are tied.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Training of some weights, the others frozen.", [.. RecoveryKeys.First, Layers, LastLayers, Norms, Head, .. RecoveryKeys.Last]);
}

/// <summary>A recovery with <c>method: distill</c>.</summary>
public static class DistillKeys
{
    /// <summary>The teacher.</summary>
    public static readonly Key<string> Teacher = Key.Optional("teacher", new TextType("a path"), "Checkpoint folder of the teacher, a model of this recipe before its cuts; the model the recipe starts from where absent.");

    /// <summary>Where the teacher is.</summary>
    public static readonly Key<string> TeacherMemory = Key.Default("teacher_memory", new WordType("resident", "streamed", "cached"), "resident", "How the teacher is kept: in memory, read layer by layer when it is needed, or run once before training.");

    /// <summary>The temperature.</summary>
    public static readonly Key<double> KdTemperature = Key.Default("kd_temperature", new NumberType(0, 1000, excludesMinimum: true), 1.0, "What both models' logits are divided by.");

    /// <summary>The divergence's weight.</summary>
    public static readonly Key<double> KdAlpha = Key.Default("kd_alpha", new NumberType(0, 1), 0.5, "Weight of the divergence from the teacher; the rest is the task's own loss.");

    /// <summary>The adapters.</summary>
    public static readonly Key<Section> Lora = Key.Optional("lora", new SectionType(AdapterKeys.Definition), "Low-rank adapters to train; all weights are trained where absent.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Training towards the dense model's output.", [.. RecoveryKeys.First, Teacher, TeacherMemory, KdTemperature, KdAlpha, Lora, .. RecoveryKeys.Last]);
}

/// <summary><c>lora:</c> of a distillation.</summary>
public static class AdapterKeys
{
    /// <summary>The rank.</summary>
    public static readonly Key<int> R = Key.Default("r", new IntegerType(1, 65536), 8, "Rank.");

    /// <summary>Scale times rank.</summary>
    public static readonly Key<double> Alpha = Key.Default("alpha", new NumberType(0, 1e6, excludesMinimum: true), 16.0, "Scale times rank.");

    /// <summary>Dropout.</summary>
    public static readonly Key<double> Dropout = Key.Default("dropout", new NumberType(0, 1, excludesMaximum: true), 0.05, "Probability of dropping an input element while training.");

    /// <summary>The linears to adapt.</summary>
    public static readonly Key<IReadOnlyList<Located<string>>> TargetModules = Key.Optional("target_modules", new ListType<string>(new TextType("the last part of a linear's name"), "a list of linears such as [q_proj, v_proj]"), "Linears to adapt, by the last part of their name; every linear of the layer where absent.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Low-rank adapters, merged after training.", [R, Alpha, Dropout, TargetModules]);
}
