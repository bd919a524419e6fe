namespace SlimSpec.CommandLine;

/// <summary>One cell of a sweep: the recipe's stages, measured at their end.</summary>
internal static class SweepCellRun
{
    /// <summary>Runs it.</summary>
    public static RunRecord Run(Job job)
    {
        using var model = LoadedModel.Open(job, trains: job.Settings.Recover.Count > 0);
        using var book = RunBook.Create(job, model, [PruneStage.Calibration(job)?.Dataset, .. RecoverStage.Datasets(job)]);
        var trains = job.Settings.Recover.Count > 0;
        if (job.Settings.Prune.Count > 0)
        {
            book.Stage("pruned", () => PruneCommand.Cut(job, model, book), evaluate: !trains);
        }

        if (trains)
        {
            book.Stage("recovered", () => RecoverCommand.Train(job, model, book), evaluate: true);
        }
        else if (job.Settings.Prune.Count == 0)
        {
            book.Stage("dense", () => model, evaluate: true);
        }

        book.Finish();
        return book.Folder.Record;
    }
}
