namespace SlimSpec.CommandLine;

/// <summary>The stage that makes a recipe's exits: classifier, certificate, what they take on this device, and whether they pay.</summary>
internal sealed class ExitStage
{
    // Prompts that dense and early decoding take turns over, and seconds after which none is begun.
    private const int MeasuredPrompts = 16;
    private const double MeasuredSeconds = 60;

    private readonly Job _job;
    private readonly LoadedModel _model;
    private readonly ExitSettings _settings;
    private readonly ExitCalibrationSettings _source;
    private readonly IReadOnlyList<int> _stopIds;

    private ExitStage(Job job, LoadedModel model)
    {
        (_job, _model, _settings, _source) = (job, model, job.Settings.Exits!, Prompts(job));
        _stopIds = model.TryTokenizer() is { } tokenizer ? tokenizer.EndIds : [];
    }

    /// <summary>Where a job's prompts come from.</summary>
    /// <exception cref="SlimException">The recipe has no exits, or there is no text for them.</exception>
    public static ExitCalibrationSettings Prompts(Job job)
    {
        var exits = job.Settings.Exits ?? throw new SlimException($"{job.Recipe.SpecFile} has no exits section (or mode: off): there is nothing to fit or to measure");
        return exits.Calibrate ?? new()
        {
            Dataset = (job.Settings.Evaluate?.FirstPerplexity?.Dataset ?? job.Settings.Calibration?.Dataset)
                ?? throw new SlimException($"{job.Recipe.SpecFile}: mode {SpecWords.Of(exits.Mode)} is measured on a text: add evaluate: {{ dataset: FILE }}, or give one with --data FILE"),
            NumPrompts = MeasuredPrompts,
        };
    }

    /// <summary>Makes the exits and writes them, with the report, into the job's folder.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The model, as it is in <paramref name="checkpoint"/>.</param>
    /// <param name="checkpoint">The folder of the weights that the exits will belong to.</param>
    /// <exception cref="SlimException">The model is not the one that the recipe's cuts leave, there are too few prompts, or nothing can be certified and the mode needs it.</exception>
    public static ExitFindings Run(Job job, LoadedModel model, string checkpoint)
    {
        CheckDepth(job, model);
        return new ExitStage(job, model).Run(checkpoint);
    }

    // Exits are of the layers that the cuts leave, so a model that is still to be cut has others.
    private static void CheckDepth(Job job, LoadedModel model)
    {
        var (expected, found) = (job.Check().Exits!.LayerCount, model.Model.Layers.Count);
        if (expected != found)
        {
            throw new SlimException($"{job.Recipe.SpecFile}: exits are for the {expected} layers that its cuts leave, and {UserPath.Show(model.Folder.Path)} has {found}: cut it first (slim run), then give the run's folder with --checkpoint");
        }
    }

    private ExitFindings Run(string checkpoint)
    {
        var prompts = ExitPrompts.Take(_source with { Dataset = _job.FindShown(_source.Dataset) }, _model.TryTokenizer(), _model.Model.Shape.VocabularySize);
        var file = _settings.Mode.IsFitted()
            ? _job.Watch(progress => ExitCalibration.Run(_job.Recipe, _model.Model, prompts, CheckpointFingerprint.Of(checkpoint), _stopIds, progress))
            : null;
        var findings = Judge(Measure(Describe(checkpoint, file), file, prompts));
        Write(findings, file);
        return findings;
    }

    private ExitFindings Describe(string checkpoint, ExitsFile? file) => new()
    {
        Recipe = _job.Recipe.Name,
        Checkpoint = UserPath.Show(checkpoint),
        Depth = _model.Model.Layers.Count,
        Settings = _settings,
        Prompts = _source.Dataset is { From: 0, To: 1 } whole ? whole.Path : $"{_source.Dataset.Path} {StageTable.Part(_source.Dataset.From, _source.Dataset.To)}",
        Calibration = file?.Report,
        Certificate = file?.Certificate,
    };

    // A simulation saves nothing, so nothing is timed.
    private ExitFindings Measure(ExitFindings findings, ExitsFile? file, IReadOnlyList<int[]> prompts)
    {
        if (_settings.Mode == ExitMode.Simulate)
        {
            return findings;
        }

        var unseen = file is null ? prompts : DocumentParts.Divide(prompts, _source.Seed).Certify;
        using var ready = ReadyExits.Of(_job.Recipe, _model.Model, file?.CreatePolicy() ?? ExitPolicy.Never, file?.Factors);
        var timings = _job.Watch(progress => ExitTimer.Measure(ready.Stack, [.. unseen.Take(MeasuredPrompts)], _source.MaxNewTokens, MeasuredSeconds, progress));
        var forecast = new ExitForecast(_job.Check(), _settings, timings.Pieces);
        return findings with
        {
            Timings = timings,
            PredictedSpeedup = findings.Simulated is { } simulated ? forecast.Of(simulated.ExitsAfter) : null,
            ExpectedSpeedup = forecast.Of(timings.Statistics),
        };
    }

    // What the cost model says of many tokens counts, and so does a clock that says less.
    private static ExitFindings Judge(ExitFindings findings)
    {
        if (findings.Timings is not { Speedup: var measured })
        {
            return findings;
        }

        var (predicted, least) = ((findings.PredictedSpeedup ?? findings.ExpectedSpeedup)!.Value, findings.Settings.MinPredictedSpeedup);
        var reason = predicted < least ? FormattableString.Invariant($"the cost model predicts {predicted:0.00}x by what the pieces take here")
            : measured < least ? FormattableString.Invariant($"the clock says {measured:0.00}x, though the cost model predicts {predicted:0.00}x")
            : null;
        return reason is null
            ? findings
            : findings with { Enabled = false, Reason = FormattableString.Invariant($"{reason}, below guard: min_predicted_speedup {least}") };
    }

    private void Write(ExitFindings findings, ExitsFile? file)
    {
        using var factors = file?.Factors;
        var report = new ExitsReport(findings);
        (file is null ? null : file with { Enabled = findings.Enabled, Cost = report.Cost })?.Write(Path.Combine(_job.OutputFolder, ExitsFile.FileName));
        report.Save(_job.OutputFolder);
    }
}
