namespace SlimSpec.Specs;

/// <summary>A checked recipe: values only, no positions, so that moving a line changes nothing downstream.</summary>
/// <param name="Name">Name of the generated class, for example <c>Tales20</c>.</param>
/// <param name="FileName">File name of the spec.</param>
/// <param name="Hash">SHA-256 over the recipe's and the architecture's checked content, 64 hexadecimal digits: what changes nothing in meaning (comments, order of keys) may change it or not, what changes meaning must.</param>
/// <param name="Architecture">The model family, resolved by the sizes and constants (<see cref="GraphResolver"/>): plain nodes only.</param>
/// <param name="Dimensions">Every dimension of the architecture with its size.</param>
/// <param name="Constants">Every constant of the architecture with its value, those that are null or words too.</param>
/// <param name="Checkpoint">Default checkpoint folder as written, or null.</param>
/// <param name="Calibration">Calibration data, or null.</param>
/// <param name="Prune">The cuts, in order.</param>
/// <param name="Constraints">What the slim model may cost, or null.</param>
/// <param name="Recover">The recovery steps, in order.</param>
/// <param name="Evaluate">The first text whose perplexity is measured, or null.</param>
/// <param name="Train">Training from nothing, or null.</param>
public sealed record RecipeModel(
    string Name,
    string FileName,
    string Hash,
    ArchitectureModel Architecture,
    EquatableArray<DimensionValue> Dimensions,
    EquatableArray<NamedConstant> Constants,
    string? Checkpoint,
    CalibrationModel? Calibration,
    EquatableArray<CutModel> Prune,
    ConstraintsModel? Constraints,
    EquatableArray<RecoveryModel> Recover,
    EvaluationModel? Evaluate,
    OptimizationModel? Train)
{
    /// <summary>The sizes of each layer after all cuts, by dimension: every one that a cut can change. Null without cuts, and where only scores can tell.</summary>
    public EquatableArray<LayerSizes>? Pruned { get; init; }

    /// <summary>Early exits, or null.</summary>
    public ExitsModel? Exits { get; init; }

    /// <summary>The classifier of the exits that are committed with the recipe, or null.</summary>
    public FittedExitsModel? Fitted { get; init; }

    /// <summary>The keys of the sweep and their values, or null.</summary>
    public EquatableArray<SweepAxisModel>? Sweep { get; init; }

    /// <summary>What else is measured, or null.</summary>
    public MeasurementsModel? Measurements { get; init; }

    /// <summary>What the slim model is written as, or null.</summary>
    public EquatableArray<ExportModel>? Export { get; init; }

    /// <summary>SHA-256 over what a plan is made for: architecture, sizes, constants, calibration, cuts and constraints.</summary>
    public string PruningHash { get; init; } = "";

    /// <summary>SHA-256 over the model alone: architecture, sizes and constants.</summary>
    public string ArchitectureHash { get; init; } = "";
}

/// <summary>A key of <c>sweep:</c> and its values as a spec writes them.</summary>
public sealed record SweepAxisModel(string Key, EquatableArray<string> Values);

/// <summary>A dimension's size.</summary>
public sealed record DimensionValue(string Name, int Size);

/// <summary>A constant's value.</summary>
public sealed record NamedConstant(string Name, string Key, ConstantValue Value);

/// <summary>A dataset and the part of it to use, as fractions.</summary>
public sealed record DatasetModel(string Path, double From, double To)
{
    /// <summary>What is in it, where the spec says that.</summary>
    public DatasetContent? Content { get; init; }
}

/// <summary>What is in a dataset; what is null the format or the file's name says.</summary>
/// <param name="Format">What the file looks like.</param>
/// <param name="Text">Columns of the text.</param>
/// <param name="Label">Column of the label.</param>
/// <param name="Instruction">Column of the instruction.</param>
/// <param name="Input">Column of what the instruction is about.</param>
/// <param name="Output">Column of the answer.</param>
/// <param name="Header">Whether the first line names the columns.</param>
/// <param name="Labels">The class of each label.</param>
/// <param name="Limit">Rows at most.</param>
/// <param name="Seed">Seed of their draw.</param>
public sealed record DatasetContent(
    string? Format,
    EquatableArray<string>? Text,
    string? Label,
    string? Instruction,
    string? Input,
    string? Output,
    bool? Header,
    EquatableArray<NamedText>? Labels,
    int? Limit,
    int Seed);

/// <summary>A name and what it stands for.</summary>
public sealed record NamedText(string Name, string Text);

/// <summary><c>calibration:</c>.</summary>
public sealed record CalibrationModel(DatasetModel Dataset, int NumSamples, int MaxSeqLength, int Seed);

/// <summary>What all trainings have in common.</summary>
public sealed record OptimizationModel(
    DatasetModel Dataset,
    int MaxSeqLength,
    double LearningRate,
    string LrScheduler,
    int WarmupSteps,
    double NumEpochs,
    int? MaxSteps,
    int MicroBatchSize,
    int GradientAccumulationSteps,
    double WeightDecay,
    double MaxGradNorm,
    int Seed)
{
    /// <summary>Warm-up as a share of all steps, instead of <see cref="WarmupSteps"/>; or null.</summary>
    public double? WarmupRatio { get; init; }
}

/// <summary>A text whose perplexity is measured.</summary>
public sealed record EvaluationModel(DatasetModel Dataset, int Window, int? Limit)
{
    /// <summary>Which tokens are scored, where that is not the language's default; else null.</summary>
    public string? Protocol { get; init; }
}

/// <summary>What is measured of a model besides the perplexity of the first text.</summary>
/// <param name="Texts">The other texts, in order.</param>
/// <param name="Tasks">The multiple-choice tasks, in order.</param>
/// <param name="Cost">Latency and memory, or null.</param>
public sealed record MeasurementsModel(EquatableArray<EvaluationModel> Texts, EquatableArray<ChoiceTaskModel> Tasks, CostSettingsModel? Cost);

/// <summary>A multiple-choice task: its file with what the recipe says of it.</summary>
public sealed record ChoiceTaskModel(
    string Task,
    DatasetModel Dataset,
    DatasetModel? Fewshot,
    string Description,
    string DocToText,
    string DocToTarget,
    string DocToChoice,
    string TargetDelimiter,
    string FewshotDelimiter,
    int NumFewshot,
    int? Limit,
    int Seed,
    EquatableArray<string> Metrics);

/// <summary><c>evaluate.cost</c>.</summary>
public sealed record CostSettingsModel(EquatableArray<int> BatchSizes, EquatableArray<int> PromptTokens, int NewTokens, int Rounds);

/// <summary>An entry of <c>export:</c>.</summary>
public sealed record ExportModel(string Format, string? Dtype);
