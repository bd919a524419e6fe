namespace SlimSpec.Specs;

/// <summary>A step of <c>recover:</c>.</summary>
/// <param name="Method">How: <c>lora</c>, <c>full</c>, <c>partial</c> or <c>distill</c>.</param>
/// <param name="Objective">What is minimized: <c>lm</c>, <c>instruct</c>, <c>prompt_lm</c>, <c>p_cls</c> or <c>cls</c>.</param>
/// <param name="Optimization">What it has in common with all trainings.</param>
/// <param name="Data">How it goes through its data.</param>
public sealed record RecoveryModel(string Method, string Objective, OptimizationModel Optimization, RecoveryDataModel Data)
{
    /// <summary>The classification, of an objective that learns one; its training data is the step's dataset.</summary>
    public TaskModel? Task { get; init; }

    /// <summary>The adapters that are trained, of method lora and of a distillation that asks for some; else null.</summary>
    public LoraModel? Lora { get; init; }

    /// <summary>Which weights are trained, of method partial.</summary>
    public PartialModel? Partial { get; init; }

    /// <summary>The teacher, of method distill.</summary>
    public DistillationModel? Distillation { get; init; }

    /// <summary>Whether a classifier reads the last position.</summary>
    public bool HasClassifier => Objective is "p_cls" or "cls";
}

/// <summary>How a recovery goes through its data.</summary>
/// <param name="TrainOnInputs">Whether instructions count in the loss.</param>
/// <param name="SamplePacking">Whether examples share a sequence.</param>
/// <param name="GroupByLength">Whether examples of similar length come together.</param>
/// <param name="ValSetSize">Examples held out: below 1 a share, from 1 a number.</param>
/// <param name="EvalSteps">Steps between validations, or null.</param>
/// <param name="EarlyStoppingPatience">Validations without a better result after which it ends, or null.</param>
/// <param name="SaveSteps">Steps between checkpoints.</param>
public sealed record RecoveryDataModel(bool TrainOnInputs, bool SamplePacking, bool GroupByLength, double ValSetSize, int? EvalSteps, int? EarlyStoppingPatience, int SaveSteps);

/// <summary>Low-rank adapters.</summary>
public sealed record LoraModel(int R, double Alpha, double Dropout, EquatableArray<string> TargetModules);

/// <summary>What a partial training trains.</summary>
/// <param name="Layers">Layers by number.</param>
/// <param name="LastLayers">How many of the last layers besides.</param>
/// <param name="Norms">Whether the norms.</param>
/// <param name="Head">Whether the head.</param>
public sealed record PartialModel(EquatableArray<int> Layers, int LastLayers, bool Norms, bool Head);

/// <summary>What a distillation learns from.</summary>
/// <param name="Teacher">Its folder, or null for the model the recipe starts from.</param>
/// <param name="Memory">resident, streamed or cached.</param>
/// <param name="Temperature">What both models' logits are divided by.</param>
/// <param name="Alpha">Weight of the divergence.</param>
public sealed record DistillationModel(string? Teacher, string Memory, double Temperature, double Alpha);

/// <summary>An entry of <c>tasks:</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Template">The prompt.</param>
/// <param name="LabelWords">The classes and their words.</param>
/// <param name="Demonstrations">Solved examples a class.</param>
/// <param name="Shots">Training examples a class, or null for all.</param>
/// <param name="Train">What is trained on.</param>
/// <param name="Test">What accuracy is measured on.</param>
public sealed record TaskModel(string Name, string Template, EquatableArray<NamedText> LabelWords, int Demonstrations, int? Shots, DatasetModel Train, DatasetModel Test);
