using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim run</c>: the whole recipe, measured after each stage.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var command = new Command("run", "The whole recipe: evaluate, prune, evaluate, recover, evaluate; ends with a table")
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
        var model = LoadedModel.Open(job, trains: job.Settings.Recover.Count > 0);
        RunBook? book = null;
        try
        {
            book = RunBook.Create(job, model, [PruneStage.Calibration(job)?.Dataset, job.Settings.Evaluate?.Dataset, .. job.Settings.Recover.Select(step => step.Dataset)]);
            book.Stage("dense", () => model, evaluate: true);
            book.Stage("pruned", () => PruneCommand.Cut(job, model, book), evaluate: true);
            if (job.Settings.Recover.Count > 0)
            {
                book.SaveCheckpoint(model, "pruned");
                book.Stage("recovered", () => RecoverCommand.Train(job, model, book), evaluate: true);
            }

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
}
