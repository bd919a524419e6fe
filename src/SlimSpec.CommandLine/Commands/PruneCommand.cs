using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim prune</c>: scores and cuts a model.</summary>
internal static class PruneCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var command = new Command("prune", "Score a model's units and cut the least important ones: plan.json, run.json and the slim model as a Hugging Face folder")
        {
            options.Spec, options.Checkpoint, options.Data, options.Plan, options.DryRun, options.Output, options.Device, options.Dtype, options.Stream, options.Seed, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            job.SayHowDataIsDivided(parsed.GetValue(options.Data));
            if (parsed.GetValue(options.DryRun))
            {
                return DryRun.Run(job, Work);
            }

            var (model, book) = Work(job);
            using (book)
            using (model)
            {
                return book.Print();
            }
        });
        return command;
    }

    private static (LoadedModel Model, RunBook Book) Work(Job job)
    {
        var model = LoadedModel.Open(job);
        RunBook? book = null;
        try
        {
            book = RunBook.Create(job, model, PruneStage.Calibration(job)?.Dataset);
            book.Stage("dense", () => model, evaluate: false);
            book.Stage("pruned", () => Cut(job, model, book), evaluate: false);
            book.SaveCheckpoint(model);
            return (model, book);
        }
        catch
        {
            book?.Dispose();
            model.Dispose();
            throw;
        }
    }

    /// <summary>Cuts the model and writes the plan.</summary>
    public static LoadedModel Cut(Job job, LoadedModel model, RunBook book)
    {
        var dense = model.Model.Shape;
        var plan = PruneStage.Run(job, model);
        book.Folder.NoteConstraints(BudgetRecord.Of(job.Settings.Constraints, dense, model.Model.Shape));
        PlanFile.Write(plan, Path.Combine(book.Folder.Directory, "plan.json"));
        return model;
    }
}
