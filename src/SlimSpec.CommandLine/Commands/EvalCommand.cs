using System.CommandLine;

namespace SlimSpec.CommandLine;

/// <summary><c>slim eval</c>: perplexity of a checkpoint on a text.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var window = CommonOptions.Number("--window", "N", "Tokens a window, instead of the spec's", 2);
        var command = new Command("eval", "Perplexity of a model on a text")
        {
            options.Spec, options.Checkpoint, options.Data, window, options.Device, options.Dtype, options.Stream, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var evaluation = Evaluation(job, parsed.GetValue(options.Data), parsed.GetValue(window));
            using var model = LoadedModel.Open(job);
            var result = Stages.Evaluate(job, model, evaluation);
            return job.Print(AsJson(result, evaluation), output => Write(output, result));
        });
        return command;
    }

    // All of a text given here is for evaluation.
    private static PerplexityEvaluation Evaluation(Job job, string? data, int? window)
    {
        var evaluation = data is null
            ? job.Settings.Evaluate ?? throw new SlimException($"{job.Recipe.SpecFile} has no evaluate section: give a text with --data FILE")
            : (job.Settings.Evaluate ?? new() { Dataset = new(data) }) with { Dataset = new(Path.GetFullPath(data)) };
        var tokens = window ?? evaluation.Window;
        var positions = job.Recipe.Dense.MaxPositions;
        return tokens <= positions
            ? evaluation with { Window = tokens }
            : throw new SlimException($"--window {tokens}: the model has {positions} positions");
    }

    private static object AsJson(PerplexityResult result, PerplexityEvaluation evaluation) => new
    {
        result.Perplexity,
        result.Tokens,
        result.Nll,
        result.Window,
        result.Windows,
        result.Dataset,
        evaluation.Dataset.From,
        evaluation.Dataset.To,
        result.Dtype,
        result.Seconds,
        Perplexity.Protocol,
    };

    private static void Write(TextWriter output, PerplexityResult result)
    {
        var table = new TextTable(">perplexity", ">tokens scored", ">nats a token", ">windows", ">window", "dtype", ">seconds");
        table.Add(result.Perplexity, result.Tokens, result.Nll / result.Tokens, result.Windows, result.Window, result.Dtype, $"{result.Seconds:F1}");
        table.Write(output);
        output.WriteLine($"text: {result.Dataset}; {Perplexity.Protocol}");
    }
}
