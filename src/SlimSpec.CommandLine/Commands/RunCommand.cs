namespace SlimSpec.CommandLine;

/// <summary><c>slim run</c>: the whole recipe, measured after each stage.</summary>
internal sealed class RunCommand() : StagedCommand("run", "The whole recipe: evaluate, prune, evaluate, recover, evaluate, fit early exits, export; ends with a table")
{
    /// <inheritdoc/>
    protected override bool Trains(Job job) => job.Settings.Recover.Count > 0;

    /// <inheritdoc/>
    protected override bool Evaluates => true;

    /// <inheritdoc/>
    protected override IEnumerable<DatasetReference?> Seen(Job job) => [PruneStage.Calibration(job)?.Dataset, .. RecoverStage.Datasets(job), job.Settings.Exits?.Calibrate?.Dataset];

    /// <inheritdoc/>
    protected override void Work(Job job, LoadedModel model, RunBook book)
    {
        if (job.Settings.Exits is not null)
        {
            job.Find(ExitStage.Prompts(job).Dataset);
        }

        book.Cost = CostStage.Begin(job, model);
        book.Stage("dense", () => model, evaluate: true);
        book.Cost?.MeasureMemory("dense", model.Model);
        book.Stage("pruned", () => PruneCommand.Cut(job, model, book), evaluate: true);
        if (Trains(job))
        {
            book.SaveCheckpoint(model, "pruned");
            book.Stage("recovered", () => RecoverCommand.Train(job, model, book), evaluate: true);
        }

        book.Cost?.MeasureMemory(Trains(job) ? "recovered" : "pruned", model.Model);
    }

    /// <inheritdoc/>
    protected override void Complete(Job job, LoadedModel model, RunBook book)
    {
        if (book.Cost is { } cost)
        {
            using var dense = LoadedModel.Open(job);
            var record = CostStage.Finish(job, cost, dense, model);
            book.Folder.Note(run => run with { Cost = record });
        }

        if (job.Settings.Exits is not null)
        {
            book.Stage("exits", () => Fit(job, model, book), evaluate: false);
        }

        ExportStage.Run(job, book.Folder);
    }

    // Their file names the weights that have just been written.
    private static LoadedModel Fit(Job job, LoadedModel model, RunBook book)
    {
        var findings = ExitStage.Run(job, model, book.Folder.Directory);
        book.Folder.Note(record => record with { Exits = findings.AsRecord() });
        return model;
    }
}
