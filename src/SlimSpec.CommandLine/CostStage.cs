namespace SlimSpec.CommandLine;

/// <summary>Measures what the dense and the slim model cost: memory of each, then both in turns.</summary>
internal sealed class CostStage
{
    private readonly Job _job;
    private readonly CostTimer _timer;

    private CostStage(Job job, CostEvaluation settings) => (_job, _timer) = (job, new(settings));

    /// <summary>Begins, where the spec asks for it and models are in memory.</summary>
    /// <param name="job">The job.</param>
    /// <param name="model">The dense model.</param>
    public static CostStage? Begin(Job job, LoadedModel model)
    {
        if (job.Settings.Evaluate?.Cost is not { } settings)
        {
            return null;
        }

        if (model.Model.Stream is not null)
        {
            job.Say("note: cost is not measured: latency is that of models in memory, and this one is read layer by layer");
            return null;
        }

        return new(job, settings);
    }

    /// <summary>Measures a model's memory.</summary>
    public void MeasureMemory(string name, LoadedModel model) => _timer.MeasureMemory(name, model.Model);

    /// <summary>Measures the models against the clock and says how they compare.</summary>
    /// <param name="models">The models whose memory was measured, in that order.</param>
    public CostRecord Finish(params IReadOnlyList<LoadedModel> models) =>
        _job.Watch(progress => _timer.Finish([.. models.Select(model => model.Model)], progress));
}
