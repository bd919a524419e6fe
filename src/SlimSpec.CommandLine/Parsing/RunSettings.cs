namespace SlimSpec.CommandLine;

/// <summary>What the command line changes in a recipe's settings without compiling it anew: data and seeds.</summary>
internal static class RunSettings
{
    /// <summary>Share of <c>--data</c> that calibration and training see; the rest is for evaluation.</summary>
    public const double TrainingShare = 0.9;

    /// <summary>The settings with one seed for everything.</summary>
    public static RecipeSettings WithSeed(RecipeSettings settings, int seed) => settings with
    {
        Calibration = settings.Calibration is { } calibration ? calibration with { Seed = seed } : null,
        Prune = [.. settings.Prune.Select(cut => cut with { Seed = seed })],
        Recover = [.. settings.Recover.Select(step => step with { Seed = seed })],
        Exits = WithCalibration(settings.Exits, calibrate => calibrate with { Seed = seed }),
        Train = settings.Train is { } train ? train with { Seed = seed } : null,
    };

    /// <summary>
    /// The settings with one text for everything: its first part to calibrate and train on, the rest to evaluate on. Ready
    /// token ids have no parts: all of them are to calibrate and train on.
    /// </summary>
    public static RecipeSettings WithData(RecipeSettings settings, string path)
    {
        var ready = IsReady(path);
        var training = new DatasetReference(path, 0, ready ? 1 : TrainingShare);
        return settings with
        {
            Calibration = (settings.Calibration ?? new CalibrationSettings { Dataset = training }) with { Dataset = training },
            Recover = [.. settings.Recover.Select(step => step.Task is null ? step with { Dataset = training } : step)],
            Exits = WithCalibration(settings.Exits, calibrate => calibrate with { Dataset = training }),
            Train = settings.Train is { } train ? train with { Dataset = training } : null,
            Evaluate = ready ? settings.Evaluate : (settings.Evaluate ?? new()) with { Perplexity = OnText(settings.Evaluate?.Perplexity ?? [], new(path, TrainingShare, 1)) },
        };
    }

    /// <summary>Measurements of perplexity with another text in the place of theirs: each window and protocol once, of all texts together.</summary>
    public static IReadOnlyList<PerplexityEvaluation> OnText(IReadOnlyList<PerplexityEvaluation> written, DatasetReference text) =>
        [.. written.DefaultIfEmpty(new() { Dataset = text }).Select(evaluation => evaluation with { Dataset = text }).Distinct()];

    /// <summary>Whether a dataset is ready samples, token ids or prompts, rather than a text that has parts.</summary>
    public static bool IsReady(string path) => path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);

    private static ExitSettings? WithCalibration(ExitSettings? exits, Func<ExitCalibrationSettings, ExitCalibrationSettings> change) =>
        exits is { Calibrate: { } calibrate } ? exits with { Calibrate = change(calibrate) } : exits;
}
