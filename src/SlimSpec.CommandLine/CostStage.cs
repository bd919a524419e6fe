namespace SlimSpec.CommandLine;

/// <summary>Measures what the dense and the slim model cost: memory of each, then both in turns.</summary>
internal static class CostStage
{
    /// <summary>Begins, where the spec asks for it and models are in memory.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The dense model.</param>
    public static CostTimer? Begin(Job job, LoadedModel model) =>
        job.Settings.Evaluate?.Cost is { } settings && IsInMemory(job, model) ? new(settings) : null;

    /// <summary>Measures models against the clock; null where they are not all in memory together.</summary>
    /// <param name="job">The job.</param>
    /// <param name="timer">What measured their memory.</param>
    /// <param name="models">The models, in that order.</param>
    public static CostRecord? Finish(Job job, CostTimer timer, params IReadOnlyList<LoadedModel> models) =>
        models.All(model => IsInMemory(job, model)) ? job.Watch(progress => timer.Finish([.. models.Select(model => model.Model)], progress)) : null;

    private static bool IsInMemory(Job job, LoadedModel model)
    {
        if (model.Model.Stream is not null)
        {
            job.Say("note: cost is not measured: latency is that of models in memory, and this one is read layer by layer");
        }

        return model.Model.Stream is null;
    }
}
