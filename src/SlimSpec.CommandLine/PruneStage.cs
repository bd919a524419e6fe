namespace SlimSpec.CommandLine;

/// <summary>The stage that cuts: by scores taken now, or by a plan.</summary>
internal static class PruneStage
{
    // Beside the folders of the runs, so that the next one finds them.
    private const string ScoresFolder = ".scores";

    // In the run's own, while its scores are taken.
    private const string JournalFolder = "scoring";

    /// <summary>The calibration data that the cuts' scores need, or null; a plan needs none.</summary>
    public static CalibrationSettings? Calibration(Job job) =>
        job.Plan is null && job.Settings.Prune.Any(NeedsData) ? job.Settings.Calibration : null;

    /// <summary>Cuts; the model held is the slim one afterwards.</summary>
    /// <exception cref="SlimException">There is nothing to cut, or the plan does not fit.</exception>
    public static PruningPlan Run(Job job, LoadedModel model)
    {
        var plan = job.Plan is { } given ? Replay(job, model, given) : Score(job, model);
        model.KeptLayers = plan.KeptLayers;
        foreach (var layers in plan.Layers)
        {
            job.Say(PlanTable.Line(layers));
        }

        return plan;
    }

    /// <summary>What a job's cuts are scored with.</summary>
    public static PruningInputs Inputs(Job job, LoadedModel model, CalibrationSamples? samples, Action<ProgressUpdate>? progress) => new()
    {
        Samples = samples is null ? null : samples.Take,
        CheckpointHash = CheckpointFingerprint.Of(model.Folder.Path),
        Seed = job.Seed ?? job.Settings.Calibration?.Seed ?? 0,
        Cache = new(Path.Combine(Path.GetDirectoryName(job.OutputFolder)!, ScoresFolder), line => job.Say($"note: {line}")),
        Progress = progress,
    };

    /// <summary>Whether a cut's scores need calibration data.</summary>
    public static bool NeedsData(PruneCut cut) => cut switch
    {
        WidthCut width => UnitScores.NeedsData(width),
        DepthCut depth => depth.Kept is null && DepthScores.NeedsData(depth),
        _ => false,
    };

    private static PruningPlan Replay(Job job, LoadedModel model, PruningPlan plan)
    {
        plan.CheckFits(job.Recipe, model.Model.Shape);
        foreach (var difference in plan.Differences(job.Recipe, CheckpointFingerprint.Of(model.Folder.Path)))
        {
            job.Say($"note: {difference}");
        }

        model.Model = plan.Apply(job.Recipe, model.Model);
        return plan;
    }

    private static PruningPlan Score(Job job, LoadedModel model)
    {
        if (job.Settings.Prune.Count == 0)
        {
            throw new SlimException($"{job.Recipe.SpecFile} has no prune section: there is nothing to cut");
        }

        using var samples = CalibrationSamples.For(job, model, Calibration(job) is not null);
        var result = job.Watch(progress => PruningRun.Run(job.Recipe, model.Model, Inputs(job, model, samples, progress) with
        {
            Journal = new(Path.Combine(job.OutputFolder, JournalFolder), line => job.Say($"note: {line}")),
        }));
        model.Model = result.Model;
        SayWhatStayedWhole(job, result.Plan);
        return result.Plan;
    }

    // A small fraction of a few heads is less than one of them, and heads are not split; in one pool all of a unit may rank high.
    private static void SayWhatStayedWhole(Job job, PruningPlan plan)
    {
        var pooled = job.Settings.Prune.OfType<WidthCut>().Where(cut => cut.Scope == RankingScope.Global).SelectMany(cut => cut.Targets).ToHashSet();
        foreach (var whole in plan.Groups.Where(group => group.Kept.Count == group.Scores.Count).GroupBy(group => (group.Unit, group.Scores.Count)))
        {
            var (unit, count) = whole.Key;
            var layers = whole.Select(group => group.Layer).ToList();
            var place = layers[0] == StructuredPruner.WholeModel ? "" : $" in layer{(layers.Count == 1 ? "" : "s")} {Numbers.Ranges(layers)}";
            var reason = pooled.Contains(unit) ? "all of its units rank above those that were cut" : $"the sparsity asked for is less than one of {count} units";
            job.Say($"note: {unit} stays whole{place}: {reason}");
        }
    }
}
