namespace SlimSpec.CommandLine;

/// <summary>The steps of a recipe on a model in memory: what the commands put together.</summary>
internal static class Stages
{
    /// <summary>Tokens a sequence that multiply-accumulates are reported for.</summary>
    public const int MacsTokens = ShapeTable.MacsTokens;

    /// <summary>Perplexity.</summary>
    public static PerplexityResult Evaluate(Job job, LoadedModel model, PerplexityEvaluation evaluation)
    {
        var data = model.Read(job.Find(evaluation.Dataset));
        return job.Watch(progress => Perplexity.Measure(model.Model, data.Ids, evaluation.Window, data.Name, evaluation.Limit, progress));
    }

    /// <summary>The calibration data that the cuts' scores need, or null.</summary>
    public static CalibrationSettings? Calibration(RecipeSettings settings) =>
        settings.Prune.OfType<WidthCut>().Any(cut => cut.Score == WidthScore.Taylor) ? settings.Calibration : null;

    /// <summary>Scores and cuts; the model held is the slim one afterwards.</summary>
    public static PruningPlan Prune(Job job, LoadedModel model)
    {
        if (job.Settings.Prune.Count == 0)
        {
            throw new SlimException($"{job.Recipe.SpecFile} has no prune section: there is nothing to cut");
        }

        var fingerprint = CheckpointFingerprint.Of(model.Folder.Path);
        var calibration = Calibration(job.Settings);
        using var samples = calibration is null ? null : Samples(job, model, calibration);
        var seed = job.Seed ?? job.Settings.Calibration?.Seed ?? 0;
        var result = job.Watch(progress => PruningRun.Run(job.Recipe, model.Model, samples, fingerprint, seed, progress));
        model.Model = result.Model;
        SayWhatStayedWhole(job, result.Plan);
        return result.Plan;
    }

    /// <summary>Carries out the recovery steps and merges what they trained.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The model to recover.</param>
    /// <param name="run">The run folder, which gets the adapters and a line a step.</param>
    public static void Recover(Job job, LoadedModel model, RunFolder run)
    {
        if (job.Settings.Recover.Count == 0)
        {
            throw new SlimException($"{job.Recipe.SpecFile} has no recover section: there is nothing to train");
        }

        for (var step = 0; step < job.Settings.Recover.Count; step++)
        {
            var lora = job.Settings.Recover[step];
            var sequences = model.Read(job.Find(lora.Dataset)).Sequences(lora.MaxSeqLength);
            using var tuner = LoraTuner.Attach(model.Model, lora);
            var summary = job.Watch(progress => tuner.Train(lora, sequences, new TrainingHooks { OnStep = metric => run.Log("recovered", metric), Progress = progress }));
            tuner.Save(Path.Combine(run.Directory, step == 0 ? "adapter" : $"adapter-{step + 1}"));
            tuner.Merge();
            model.RoundToStored();
            job.Say(Describe(summary));
        }
    }

    /// <summary>A training in a line.</summary>
    public static string Describe(TrainingSummary summary) =>
        $"trained {Numbers.Scaled(summary.TrainableParameters)} weights: {summary.Steps} step{(summary.Steps == 1 ? "" : "s")}, {Numbers.Scaled(summary.Tokens)} tokens in {summary.Seconds:F1} s, loss {Numbers.Short(summary.FirstLoss)} -> {Numbers.Short(summary.LastLoss)}";

    // A small fraction of a few heads is less than one of them, and heads are not split.
    private static void SayWhatStayedWhole(Job job, PruningPlan plan)
    {
        foreach (var whole in plan.Groups.Where(group => group.Kept.Count == group.Scores.Count).GroupBy(group => (group.Unit, group.Scores.Count)))
        {
            job.Say($"note: {whole.Key.Unit} stays whole in layer{(whole.Count() == 1 ? "" : "s")} {string.Join(", ", whole.Select(group => group.Layer))}: the sparsity asked for is less than one of {whole.Key.Count} units");
        }
    }

    private static torch.Tensor Samples(Job job, LoadedModel model, CalibrationSettings calibration)
    {
        var rows = model.Read(job.Find(calibration.Dataset)).SampleWindows(calibration.NumSamples, calibration.MaxSeqLength, calibration.Seed);
        return torch.tensor([.. rows.SelectMany(row => row).Select(id => (long)id)], [rows.Length, rows[0].Length], device: job.Device);
    }
}
