using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec.CommandLine;

/// <summary><c>slim eval</c>: perplexity of a checkpoint on a text, and accuracy on the spec's task.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var window = CommonOptions.Number("--window", "N", "Tokens a window, instead of the spec's", 2);
        var command = new Command("eval", "Perplexity of a model on a text, and its accuracy on the task that the spec trains for")
        {
            options.Spec, options.Checkpoint, options.Data, window, options.Device, options.Dtype, options.Stream, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            using var model = LoadedModel.Open(job);
            var step = TaskStage.StepOf(job) is { } last && TaskStage.CanAnswer(model, last) ? last : null;
            var evaluation = Evaluation(job, parsed.GetValue(options.Data) is { } data && !Directory.Exists(data) ? data : null, parsed.GetValue(window), isNeeded: step is null);
            var result = evaluation is null ? null : Stages.Evaluate(job, model, evaluation);
            var task = step is null ? null : TaskStage.Measure(job, model, step);
            return job.Print(AsJson(result, evaluation, task), output => Write(output, result, task));
        });
        return command;
    }

    // All of a text given here is for evaluation.
    private static PerplexityEvaluation? Evaluation(Job job, string? data, int? window, bool isNeeded)
    {
        if (data is null && job.Settings.Evaluate is null)
        {
            return isNeeded ? throw new SlimException($"{job.Recipe.SpecFile} has no evaluate section: give a text with --data FILE") : null;
        }

        var evaluation = data is null ? job.Settings.Evaluate! : (job.Settings.Evaluate ?? new() { Dataset = new(data) }) with { Dataset = new(Path.GetFullPath(data)) };
        var tokens = window ?? evaluation.Window;
        var positions = job.Recipe.Dense.MaxPositions;
        return tokens <= positions
            ? evaluation with { Window = tokens }
            : throw new SlimException($"--window {tokens}: the model has {positions} positions");
    }

    private static JsonObject AsJson(PerplexityResult? result, PerplexityEvaluation? evaluation, TaskMeasurement? task)
    {
        var json = result is null ? [] : JsonSerializer.SerializeToNode(
            new
            {
                result.Perplexity,
                result.Tokens,
                result.Nll,
                result.Window,
                result.Windows,
                result.Dataset,
                evaluation!.Dataset.From,
                evaluation.Dataset.To,
                result.Dtype,
                result.Seconds,
                Perplexity.Protocol,
            },
            RunFolder.Json)!.AsObject();
        if (task is not null)
        {
            json["task"] = JsonSerializer.SerializeToNode(new { task.Protocol, task.Result }, RunFolder.Json);
        }

        return json;
    }

    private static void Write(TextWriter output, PerplexityResult? result, TaskMeasurement? task)
    {
        if (result is not null)
        {
            var table = new TextTable(">perplexity", ">tokens scored", ">nats a token", ">windows", ">window", "dtype", ">seconds");
            table.Add(result.Perplexity, result.Tokens, result.Nll / result.Tokens, result.Windows, result.Window, result.Dtype, $"{result.Seconds:F1}");
            table.Write(output);
            output.WriteLine($"text: {result.Dataset}; {Perplexity.Protocol}");
        }

        if (task is not null)
        {
            output.WriteLine(TaskStage.Describe(task.Score, task.Protocol));
        }
    }
}
