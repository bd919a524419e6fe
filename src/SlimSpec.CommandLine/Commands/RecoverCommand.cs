using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim recover</c>: trains a pruned model back with adapters.</summary>
internal static class RecoverCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var command = new Command("recover", "Train a (pruned) model as the spec's recover section says: the recovered model as a Hugging Face folder; started again, it goes on where it was interrupted")
        {
            options.Spec, options.Checkpoint, options.Data, options.Output, options.Device, options.Dtype, options.Seed, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            job.SayHowDataIsDivided(parsed.GetValue(options.Data));
            using var model = LoadedModel.Open(job);
            using var book = RunBook.Create(job, model, RecoverStage.Datasets(job));
            book.Stage("start", () => model, evaluate: true);
            book.Stage("recovered", () => Train(job, model, book), evaluate: true);
            book.SaveCheckpoint(model);
            book.Finish();
            return book.Print();
        });
        return command;
    }

    /// <summary>Trains the model and merges what was trained.</summary>
    public static LoadedModel Train(Job job, LoadedModel model, RunBook book)
    {
        RecoverStage.Run(job, model, book.Folder);
        return model;
    }
}
