using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary>A command that takes a model through stages into a run's folder, or with <c>--dry-run</c> rehearses them.</summary>
/// <param name="name">The command's name.</param>
/// <param name="description">What it does.</param>
internal abstract class StagedCommand(string name, string description)
{
    /// <summary>Makes the command.</summary>
    public Command Create()
    {
        var options = new CommonOptions();
        var command = new Command(name, description)
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

    /// <summary>Whether the job trains the model.</summary>
    protected abstract bool Trains(Job job);

    /// <summary>Whether the spec's measurements are made.</summary>
    protected abstract bool Evaluates { get; }

    /// <summary>The texts that the model will see; null: one that the job does without.</summary>
    protected abstract IEnumerable<DatasetReference?> Seen(Job job);

    /// <summary>The stages.</summary>
    protected abstract void Work(Job job, LoadedModel model, RunBook book);

    /// <summary>What is done to the model once its checkpoint is written, which it does not change.</summary>
    protected virtual void Complete(Job job, LoadedModel model, RunBook book)
    {
    }

    private (LoadedModel Model, RunBook Book) Work(Job job)
    {
        var model = LoadedModel.Open(job, Trains(job));
        RunBook? book = null;
        try
        {
            book = RunBook.Create(job, model, Seen(job), Evaluates);
            Work(job, model, book);
            book.SaveCheckpoint(model);
            Complete(job, model, book);
            book.Finish();
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
