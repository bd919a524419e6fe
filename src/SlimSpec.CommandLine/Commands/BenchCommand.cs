using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim bench</c>: latency and memory of a model, or of a dense and a slim one in turns.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var slim = new Option<string?>("--slim") { HelpName = "DIR", Description = "Folder of the slim model, to be measured in turns with --checkpoint" };
        var batches = new Option<int[]>("--batch-sizes") { HelpName = "N", Description = "Sequences at a time, instead of the spec's", AllowMultipleArgumentsPerToken = true };
        var prompts = new Option<int[]>("--prompt-tokens") { HelpName = "N", Description = "Tokens of the prompt, instead of the spec's", AllowMultipleArgumentsPerToken = true };
        var tokens = CommonOptions.Number("--new-tokens", "N", "Tokens decoded behind each prompt, instead of the spec's", 1);
        var rounds = CommonOptions.Number("--rounds", "N", "How often each is measured, instead of the spec's", 1);
        var command = new Command("bench", "Prefill and decode latency and memory of a model, or of a dense and a slim one in turns")
        {
            options.Spec, options.Checkpoint, slim, batches, prompts, tokens, rounds, options.Device, options.Dtype, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var settings = job.Settings.Evaluate?.Cost ?? new();
            settings = settings with
            {
                BatchSizes = Positive("--batch-sizes", parsed.GetValue(batches)) ?? settings.BatchSizes,
                PromptTokens = Positive("--prompt-tokens", parsed.GetValue(prompts)) ?? settings.PromptTokens,
                NewTokens = parsed.GetValue(tokens) ?? settings.NewTokens,
                Rounds = parsed.GetValue(rounds) ?? settings.Rounds,
            };
            var folders = new[] { job.CheckpointFolder, parsed.GetValue(slim) }.OfType<string>().ToList();
            var cost = Measure(job, settings, folders);
            return job.Print(cost, output => CostTable.Write(output, cost));
        });
        return command;
    }

    // Each alone in memory first, then all of them.
    private static CostRecord Measure(Job job, CostEvaluation settings, IReadOnlyList<string> folders)
    {
        var timer = new CostTimer(settings);
        foreach (var folder in folders)
        {
            using var model = LoadedModel.Open(job, folder);
            timer.MeasureMemory(UserPath.Show(folder), model.Model);
        }

        var models = new List<LoadedModel>();
        try
        {
            models.AddRange(folders.Select(folder => LoadedModel.Open(job, folder)));
            return CostStage.Finish(job, timer, models)!; // they are not streamed: the command has no such option
        }
        finally
        {
            models.ForEach(model => model.Dispose());
        }
    }

    private static int[]? Positive(string option, int[]? numbers) =>
        numbers is not { Length: > 0 } ? null
        : numbers.All(number => number > 0) ? [.. numbers.Distinct()]
        : throw new SlimException($"{option} takes whole numbers from 1, not '{numbers.First(number => number <= 0)}'");
}
