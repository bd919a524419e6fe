using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim train</c>: a model of the spec's sizes from random weights.</summary>
internal static class TrainCommand
{
    private const int Evaluations = 10;

    public static Command Create()
    {
        var options = new CommonOptions();
        var tokenizer = new Option<string?>("--tokenizer") { HelpName = "PATH", Description = "Folder with a tokenizer.json [the checkpoint's; else one is trained on the text]" };
        var command = new Command("train", "Train a model from random weights as the spec's train section says: a Hugging Face folder")
        {
            options.Spec, tokenizer, options.Data, options.Output, options.Device, options.Dtype, options.Seed, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var settings = job.Settings.Train ?? throw new SlimException($"{job.Recipe.SpecFile} has no train section: it does not say how to train");
            job.SayHowDataIsDivided(parsed.GetValue(options.Data));
            using var model = NewModel.Create(job, settings, parsed.GetValue(tokenizer));
            using var book = RunBook.Create(job, model, [settings.Dataset]);
            book.Stage("trained", () => Train(job, model, settings, book.Folder), evaluate: true);
            book.SaveCheckpoint(model);
            book.Finish();
            return book.Print();
        });
        return command;
    }

    private static LoadedModel Train(Job job, LoadedModel model, TrainingSettings settings, RunFolder run)
    {
        var sequences = model.Read(job, settings.Dataset).PretrainingSequences(settings.MaxSeqLength + 1, model.Tokenizer);
        var hooks = new TrainingHooks
        {
            OnStep = metric => run.Log("trained", metric),
            Evaluate = job.Settings.Evaluate is { Perplexity: [var evaluation, ..] } ? Measure(job, model, evaluation) : null,
            EvaluateEvery = Math.Max(1, TrainingLoop.StepsOf(settings, sequences.Length) / Evaluations),
        };
        var summary = job.Watch(progress => Trainer.Train(model.Model, settings, sequences, hooks with { Progress = progress }));
        model.RoundToStored();
        job.Say(Stages.Describe(summary));
        return model;
    }

    private static Func<double> Measure(Job job, LoadedModel model, PerplexityEvaluation evaluation)
    {
        var data = model.Read(job, evaluation.Dataset);
        return () => Perplexity.Measure(model.Model, data, evaluation).Perplexity;
    }
}
