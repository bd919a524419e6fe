using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace SlimSpec;

/// <summary>What <c>run.json</c> says of a run: enough to repeat it, and what each stage came to.</summary>
public sealed record RunRecord
{
    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>File name of the spec.</summary>
    public required string SpecFile { get; init; }

    /// <summary>Hash over the spec and the architecture.</summary>
    public required string RecipeHash { get; init; }

    /// <summary>The model's architecture.</summary>
    public string? Architecture { get; init; }

    /// <summary>Keys of the spec that the command line changed, <c>key=value</c> each.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The checkpoint the run started from.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The run's seed, where the command line overrode the spec's.</summary>
    public long? Seed { get; init; }

    /// <summary>The command, as typed.</summary>
    public required string Command { get; init; }

    /// <summary>When it started, UTC.</summary>
    public DateTime Started { get; init; } = DateTime.UtcNow;

    /// <summary>Device, for example <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>The weights' dtype, for example <c>float32</c>.</summary>
    public required string Dtype { get; init; }

    /// <summary>Versions of what computed the numbers.</summary>
    public RunVersions Versions { get; init; } = RunVersions.Current;

    /// <summary>How each perplexity was measured, once it was.</summary>
    public IReadOnlyList<EvaluationProtocol> Evaluations { get; init; } = [];

    /// <summary>How each multiple-choice task was measured, once it was.</summary>
    public IReadOnlyList<ChoiceProtocol> Choices { get; init; } = [];

    /// <summary>How fast the dense and the slim model are and what they need; null where it was not measured.</summary>
    public CostRecord? Cost { get; init; }

    /// <summary>What the model was exported as.</summary>
    public IReadOnlyList<ExportRecord> Exports { get; init; } = [];

    /// <summary>What a reader of the numbers must know, for example that the model was trained on what it is measured on.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>How accuracy was measured, once it was.</summary>
    public TaskProtocol? Task { get; init; }

    /// <summary>What each recovery step came to.</summary>
    public IReadOnlyList<RecoveryRecord> Recovery { get; init; } = [];

    /// <summary>The spec's constraints and what the models take of them; null where it sets none.</summary>
    public IReadOnlyList<BudgetRecord>? Constraints { get; init; }

    /// <summary>What early exits save; null where the spec has none.</summary>
    public ExitRecord? Exits { get; init; }

    /// <summary>How <c>peak_rss_mb</c> was measured.</summary>
    public string PeakRssMethod { get; init; } = PeakMemory.Method;

    /// <summary>Everything the spec says, defaults included.</summary>
    public required RecipeSettings Settings { get; init; }

    /// <summary>Decoder layers of the model that the run started with.</summary>
    public int? Layers { get; init; }

    /// <summary>What of that model can only be cut together.</summary>
    public IReadOnlyList<CoupledStructure> Structures { get; init; } = [];

    /// <summary>Tokens a sequence that <see cref="StageRecord.Macs"/> is counted for.</summary>
    public int? MacsTokens { get; init; }

    /// <summary>The stages, in order.</summary>
    public IReadOnlyList<StageRecord> Stages { get; init; } = [];

    /// <summary>When it ended, UTC; null: it has not.</summary>
    public DateTime? Finished { get; init; }
}

/// <summary>What one stage of a run came to.</summary>
public sealed record StageRecord
{
    /// <summary><c>dense</c>, <c>pruned</c>, <c>recovered</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Parameters of the whole model after the stage; a tied head counts once.</summary>
    public required long Parameters { get; init; }

    /// <summary>Multiply-accumulates of one forward pass over one sequence.</summary>
    public required long Macs { get; init; }

    /// <summary>The first of <see cref="Perplexities"/>; null where none was measured.</summary>
    public double? Perplexity => Perplexities is [var first, ..] ? first : null;

    /// <summary>Perplexities after the stage, in the order of <see cref="RunRecord.Evaluations"/>.</summary>
    public IReadOnlyList<double> Perplexities { get; init; } = [];

    /// <summary>Scores of the multiple-choice tasks after the stage, in the order of <see cref="RunRecord.Choices"/>.</summary>
    public IReadOnlyList<ChoiceScore> Choices { get; init; } = [];

    /// <summary>What the model classifies rightly after the stage; null where it was not measured.</summary>
    public TaskScore? Task { get; init; }

    /// <summary>Wall-clock seconds of the stage, its evaluation included.</summary>
    public required double Seconds { get; init; }

    /// <summary>Largest resident memory during the stage, in MiB, file pages left out.</summary>
    public required double PeakRssMb { get; init; }
}

/// <summary>What was measured of a model at the end of a stage.</summary>
/// <param name="Perplexities">Its perplexities, in the order of <see cref="RunRecord.Evaluations"/>.</param>
/// <param name="Choices">Its scores of the multiple-choice tasks, in the order of <see cref="RunRecord.Choices"/>.</param>
/// <param name="Task">What it classifies rightly; null where that was not measured.</param>
public sealed record StageScores(IReadOnlyList<double> Perplexities, IReadOnlyList<ChoiceScore> Choices, TaskScore? Task);

/// <summary>How well a model classifies.</summary>
/// <param name="Accuracy">Share of the test items that are classified rightly.</param>
/// <param name="StandardError">Standard error of that share, <c>sqrt(p (1 - p) / (n - 1))</c>.</param>
/// <param name="MacroF1">Mean over the classes of the harmonic mean of precision and recall.</param>
public sealed record TaskScore(double Accuracy, double StandardError, double MacroF1);

/// <summary>What an accuracy must be quoted with.</summary>
/// <param name="Name">The task.</param>
/// <param name="Objective">How the model is asked: <c>prompt_lm</c>, <c>p_cls</c> or <c>cls</c>.</param>
/// <param name="Dataset">The test data.</param>
/// <param name="Items">Test items.</param>
/// <param name="Classes">Classes.</param>
/// <param name="MajorityAccuracy">Accuracy of answering the training data's most frequent class always.</param>
/// <param name="BagOfWordsAccuracy">Accuracy of a linear classifier over the words of the same training rows.</param>
public sealed record TaskProtocol(string Name, RecoveryObjective Objective, string Dataset, int Items, int Classes, double MajorityAccuracy, double BagOfWordsAccuracy);

/// <summary>What a recovery step came to.</summary>
/// <param name="Method">How: <c>lora</c>, <c>full</c>, <c>partial</c>, <c>distill</c>.</param>
/// <param name="Objective">What was minimized.</param>
/// <param name="TrainableParameters">Number of trained weights.</param>
/// <param name="Examples">Training examples.</param>
/// <param name="Steps">Optimizer steps made.</param>
/// <param name="Tokens">Tokens read.</param>
/// <param name="FirstLoss">Loss before the first step.</param>
/// <param name="LastLoss">Mean loss of the last tenth of the steps.</param>
/// <param name="BestStep">The step whose weights were taken.</param>
/// <param name="BestValidation">Its validation loss; null without validation.</param>
/// <param name="StoppedEarly">Whether validation ended it.</param>
/// <param name="Seconds">Seconds, evaluations left out.</param>
/// <param name="Data">What was found while reading the data.</param>
public sealed record RecoveryRecord(
    string Method,
    RecoveryObjective Objective,
    long TrainableParameters,
    int Examples,
    int Steps,
    long Tokens,
    double FirstLoss,
    double LastLoss,
    int BestStep,
    double? BestValidation,
    bool StoppedEarly,
    double Seconds,
    DataNotes Data);

/// <summary>One constraint.</summary>
/// <param name="Name">The key under <c>constraints:</c>.</param>
/// <param name="Limit">What the slim model may take at most.</param>
/// <param name="Dense">What the dense model takes.</param>
/// <param name="Slim">What the slim model takes.</param>
public sealed record BudgetRecord(string Name, double Limit, double Dense, double Slim)
{
    /// <summary>The constraints of a spec.</summary>
    public static IReadOnlyList<BudgetRecord>? Of(PruningConstraints? constraints, ModelShape dense, ModelShape slim) => constraints is null
        ? null
        : [.. BudgetUse.Of(constraints, dense).Zip(BudgetUse.Of(constraints, slim), (before, after) => new BudgetRecord(after.Name, after.Limit, before.Value, after.Value))];
}

/// <summary>Early exits in a run.</summary>
/// <param name="Mode">What they do to what the model says.</param>
/// <param name="Scope">Which passes may end early.</param>
/// <param name="Depth">Layers of the model.</param>
/// <param name="SimulatedLayers">Layers a token would run on average, by the calibration; null where the mode has no classifier.</param>
/// <param name="MeasuredLayers">Layers it ran, counted in the layer call; null where nothing was measured.</param>
/// <param name="PredictedSpeedup">Speed-up by the cost model; null where nothing was measured.</param>
/// <param name="MeasuredSpeedup">Speed-up by the clock; null where nothing was measured.</param>
/// <param name="Enabled">Whether generation is to use them.</param>
public sealed record ExitRecord(ExitMode Mode, ExitScope Scope, int Depth, double? SimulatedLayers, double? MeasuredLayers, double? PredictedSpeedup, double? MeasuredSpeedup, bool Enabled)
{
    /// <summary>Tokens by the layers that they would run, by the calibration; null where the mode has no classifier.</summary>
    public ExitTally? Simulated { get; init; }

    /// <summary>Tokens by the layers that they ran; null where nothing was measured.</summary>
    public ExitTally? Measured { get; init; }

    /// <summary>Why generation is not to use them; null where it is.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a perplexity must be quoted with.</summary>
/// <param name="Protocol">Which tokens were scored.</param>
/// <param name="Dataset">The text.</param>
/// <param name="From">Start of the part that was scored, as a fraction of the text.</param>
/// <param name="To">Its end.</param>
/// <param name="Window">Tokens a window.</param>
/// <param name="Windows">Number of windows.</param>
/// <param name="TokensScored">Predictions the mean is over.</param>
/// <param name="Dtype">The model's dtype.</param>
public sealed record EvaluationProtocol(PerplexityProtocol Protocol, string Dataset, double From, double To, int Window, int Windows, long TokensScored, string Dtype)
{
    /// <summary>The protocol of a result.</summary>
    public static EvaluationProtocol Of(PerplexityResult result, DatasetReference dataset) =>
        new(result.Protocol, dataset.Path, dataset.From, dataset.To, result.Window, result.Windows, result.Tokens, result.Dtype);
}

/// <summary>Versions of what computed a run's numbers.</summary>
/// <param name="SlimSpec">This library's.</param>
/// <param name="Dotnet">The runtime's.</param>
/// <param name="Torch">libtorch's, as TorchSharp reports it.</param>
/// <param name="System">Operating system and processor architecture.</param>
public sealed record RunVersions(
    [property: JsonPropertyName("slimspec")] string SlimSpec,
    string Dotnet,
    string Torch,
    string System)
{
    /// <summary>Those in use.</summary>
    public static RunVersions Current => new(
        typeof(RunVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        RuntimeInformation.FrameworkDescription,
        torch.__version__,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
}
