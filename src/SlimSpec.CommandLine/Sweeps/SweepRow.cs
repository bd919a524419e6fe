namespace SlimSpec.CommandLine;

/// <summary>What a cell came to.</summary>
/// <param name="Values">The cell's values, in the order of the axes.</param>
/// <param name="Run">Its run.</param>
internal sealed record SweepRow(IReadOnlyList<string> Values, RunRecord Run)
{
    /// <summary>The numbers of a row, by their columns' names.</summary>
    public static IReadOnlyList<(string Name, Func<SweepRow, double?> Of)> Metrics { get; } =
    [
        ("parameters", row => row.Last.Parameters),
        ("macs", row => row.Last.Macs),
        ("perplexity", row => row.Last.Perplexity),
        ("zero_shot", row => RunFigures.ZeroShot(row.Last)),
        ("accuracy", row => row.Last.Task?.Accuracy),
        ("standard_error", row => row.Last.Task?.StandardError),
        ("macro_f1", row => row.Last.Task?.MacroF1),
        ("majority_accuracy", row => row.Run.Task?.MajorityAccuracy),
        ("bag_of_words_accuracy", row => row.Run.Task?.BagOfWordsAccuracy),
        ("items", row => row.Run.Task?.Items),
        ("trained_parameters", row => row.Trained?.TrainableParameters),
        ("steps", row => row.Trained?.Steps),
        ("best_step", row => row.Trained?.BestStep),
        ("last_loss", row => row.Trained?.LastLoss),
        ("validation_loss", row => row.Trained?.BestValidation),
        ("seconds", row => row.Run.Stages.Sum(stage => stage.Seconds)),
    ];

    /// <summary>The numbers that say how good a model is; a sweep is about the first one that it has.</summary>
    public static IReadOnlyList<string> Qualities { get; } = ["accuracy", "perplexity", "zero_shot"];

    /// <summary>Whether one of them is a share, written in per cent: more of it is better.</summary>
    public static bool IsShare(string quality) => quality != "perplexity";

    private StageRecord Last => Run.Stages[^1];

    private RecoveryRecord? Trained => Run.Recovery.Count > 0 ? Run.Recovery[^1] : null;

    /// <summary>A number of the row.</summary>
    public double? this[string metric] => Metrics.First(one => one.Name == metric).Of(this);
}
