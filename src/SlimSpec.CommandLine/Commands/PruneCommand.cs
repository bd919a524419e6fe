namespace SlimSpec.CommandLine;

/// <summary><c>slim prune</c>: scores and cuts a model.</summary>
internal sealed class PruneCommand()
    : StagedCommand("prune", "Score a model's units and cut the least important ones: plan.json, run.json and the slim model as a Hugging Face folder")
{
    /// <summary>Cuts the model and writes the plan.</summary>
    public static LoadedModel Cut(Job job, LoadedModel model, RunBook book)
    {
        var dense = model.Model.Shape;
        var plan = PruneStage.Run(job, model);
        var budgets = BudgetRecord.Of(job.Settings.Constraints, dense, model.Model.Shape);
        book.Folder.Note(record => record with { Constraints = budgets });
        PlanFile.Write(plan, Path.Combine(book.Folder.Directory, "plan.json"));
        return model;
    }

    /// <inheritdoc/>
    protected override bool Trains(Job job) => false;

    /// <inheritdoc/>
    protected override bool Evaluates => false;

    /// <inheritdoc/>
    protected override IEnumerable<DatasetReference?> Seen(Job job) => [PruneStage.Calibration(job)?.Dataset];

    /// <inheritdoc/>
    protected override void Work(Job job, LoadedModel model, RunBook book)
    {
        book.Stage("dense", () => model, evaluate: false);
        book.Stage("pruned", () => Cut(job, model, book), evaluate: false);
    }
}
