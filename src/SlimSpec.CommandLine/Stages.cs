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
            var lora = (LoraRecovery)job.Settings.Recover[step];
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
}
