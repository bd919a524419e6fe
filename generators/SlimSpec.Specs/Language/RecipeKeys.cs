using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>The keys of a recipe, <c>NAME.slim.yaml</c>.</summary>
public static class RecipeKeys
{
    /// <summary>The version of the language.</summary>
    public static readonly Key<int> Spec = Key.Required("spec", new IntegerType(1, 1), "Version of the language, 1.");

    /// <summary>The recipe's name.</summary>
    public static readonly Key<string> Name = Key.Optional("name", new TextType("a name"), "Name of the generated class; by default the file's name in Pascal case.");

    /// <summary>The model.</summary>
    public static readonly Key<Section> Model = Key.Required("model", new SectionType(ModelKeys.Definition), "What is slimmed.");

    /// <summary>Calibration data.</summary>
    public static readonly Key<Section> Calibration = Key.Optional("calibration", new SectionType(CalibrationKeys.Definition), "Data for scores that need some.");

    /// <summary>The cuts.</summary>
    public static readonly Key<IReadOnlyList<Located<Section>>> Prune = Key.Optional("prune", new ListType<Section>(new SectionUnionType(CutKeys.Cut, (CutKeys.Width, WidthCutKeys.Definition), (CutKeys.Depth, DepthCutKeys.Definition)), "a list of cuts", mayBeEmpty: true), "The cuts, in order.");

    /// <summary>What the slim model may cost.</summary>
    public static readonly Key<Section> Constraints = Key.Optional("constraints", new SectionType(ConstraintKeys.Definition), "What the slim model may cost at most; one cut may leave its amount to it.");

    /// <summary>The classifications.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<Section>>> Tasks = Key.Optional("tasks", new MapType<Section>(new SectionType(TaskKeys.Definition), "a mapping of names to classifications"), "Classifications by name, for the objectives that learn one.");

    /// <summary>The recovery steps.</summary>
    public static readonly Key<IReadOnlyList<Located<Section>>> Recover = Key.Optional("recover", new ListType<Section>(new SectionUnionType(
        RecoveryKeys.Method,
        (RecoveryKeys.Lora, LoraKeys.Definition),
        (RecoveryKeys.Full, FullKeys.Definition),
        (RecoveryKeys.Partial, PartialKeys.Definition),
        (RecoveryKeys.Distill, DistillKeys.Definition)), "a list of recovery steps", mayBeEmpty: true), "The recovery steps, in order.");

    /// <summary>Early exits.</summary>
    public static readonly Key<Section> Exits = Key.Optional("exits", new SectionType(ExitKeys.Definition), "Where tokens may leave the model early.");

    /// <summary>The evaluation.</summary>
    public static readonly Key<Section> Evaluate = Key.Optional("evaluate", new SectionType(EvaluationKeys.Definition), "How the model is measured after each stage.");

    /// <summary>What is written for other runtimes.</summary>
    public static readonly Key<IReadOnlyList<Located<Section>>> Export = Key.Optional("export", new ListType<Section>(ExportKeys.Target, "a list of forms such as [huggingface, gguf]", mayBeEmpty: true), "What the slim model is written as for other runtimes, beside the run's own checkpoint.");

    /// <summary>Training from nothing.</summary>
    public static readonly Key<Section> Train = Key.Optional("train", new SectionType(TrainingKeys.Training), "How a model of these sizes is trained from random weights.");

    /// <summary>The sweep.</summary>
    public static readonly Key<IReadOnlyList<NamedItem<IReadOnlyList<Located<SweepValue>>>>> Sweep = Key.Optional(
        "sweep",
        new MapType<IReadOnlyList<Located<SweepValue>>>(new ListType<SweepValue>(new SweepValueType(), "a list of values such as [6, 3, 1]"), "a mapping of keys such as prune[0].keep to lists of values"),
        "Keys and the values that slim sweep gives them, each with each; the last one changes fastest.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("A recipe.", [Spec, Name, Model, Calibration, Prune, Constraints, Tasks, Recover, Exits, Evaluate, Export, Train, Sweep]);
}

/// <summary><c>model:</c>. Keys of <c>config.json</c> that the architecture reads may be written here too, and then take precedence.</summary>
public static class ModelKeys
{
    /// <summary>The architecture's name.</summary>
    public static readonly Key<string> Architecture = Key.Required("architecture", new TextType("the name of an architecture"), "Name of an architecture file.");

    /// <summary>The checkpoint's folder.</summary>
    public static readonly Key<string> Checkpoint = Key.Optional("checkpoint", new TextType("a path"), "Default checkpoint folder in Hugging Face layout.");

    /// <summary>The configuration to read.</summary>
    public static readonly Key<string> Config = Key.Optional("config", new TextType("a path"), "A config.json that is read at build for the dimensions.");

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("The model.", [Architecture, Checkpoint, Config], "A key of config.json that the architecture reads; it takes precedence over the file's.");
}

/// <summary><c>calibration:</c>.</summary>
public static class CalibrationKeys
{
    /// <summary>The text.</summary>
    public static readonly Key<DatasetChoice> Dataset = DataKeys.Dataset;

    /// <summary>The part of it.</summary>
    public static readonly Key<DatasetPart> Split = DataKeys.Split;

    /// <summary>Number of samples.</summary>
    public static readonly Key<int> NumSamples = Key.Default("num_samples", new IntegerType(1, 1_000_000), 10, "Number of samples.");

    /// <summary>Tokens a sample.</summary>
    public static readonly Key<int> MaxSeqLength = Key.Default("max_seq_length", DataKeys.SequenceLength, 64, "Tokens a sample.");

    /// <summary>Seed of the sampling.</summary>
    public static readonly Key<int> Seed = DataKeys.Seed;

    /// <summary>All of them.</summary>
    public static readonly SectionDefinition Definition = new("Calibration data.", [Dataset, Split, NumSamples, MaxSeqLength, Seed]);
}

/// <summary>Keys that everything with data has.</summary>
public static class DataKeys
{
    internal static readonly IntegerType SequenceLength = new(2, 16_777_216);

    /// <summary>The text.</summary>
    public static readonly Key<DatasetChoice> Dataset = Key.Required("dataset", new DatasetType(), "Text file, a .json file with ready token ids, or a mapping that says what is in the file.");

    /// <summary>The part of it.</summary>
    public static readonly Key<DatasetPart> Split = Key.Default("split", new DatasetPartType(), DatasetPart.Whole, "Part of the dataset.");

    /// <summary>A seed.</summary>
    public static readonly Key<int> Seed = Key.Default("seed", new IntegerType(0, int.MaxValue), 0, "Seed of everything random in this step.");
}
