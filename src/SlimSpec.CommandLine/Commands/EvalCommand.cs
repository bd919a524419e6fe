using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary><c>slim eval</c>: perplexity of a checkpoint on texts, scores of multiple-choice tasks, and accuracy on the spec's classification.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var window = CommonOptions.Number("--window", "N", "Tokens a window, instead of the spec's", 2);
        var protocol = new Option<string?>("--protocol")
        {
            HelpName = "NAME",
            Description = "Whose perplexity, instead of the spec's: llm_pruner (every token of a window but its first) or llama_cpp (BOS first in each window, second half scored)",
        };
        var tasks = new ChoiceOptions();
        var command = new Command("eval", "Perplexity of a model on texts, and its accuracy on tasks")
        {
            options.Spec, options.Checkpoint, options.Data, window, protocol, tasks.Tasks, tasks.Limit, tasks.NumFewshot, tasks.Samples, options.Device, options.Dtype, options.Stream, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            using var model = LoadedModel.Open(job);
            var step = TaskStage.StepOf(job) is { } last && TaskStage.CanAnswer(model, last) ? last : null;
            var text = parsed.GetValue(options.Data) is { } data && !Directory.Exists(data) ? data : null;
            var choices = tasks.Read(parsed, job);
            var evaluations = tasks.AreAsked(parsed) && text is null
                ? []
                : Evaluations(job, text, parsed.GetValue(window), Protocol(parsed.GetValue(protocol)), isNeeded: step is null && choices.Count == 0);
            var perplexities = EvaluationStage.Perplexities(job, model, evaluations);
            var answers = ChoiceStage.Measure(job, model, choices, parsed.GetValue(tasks.Samples));
            var task = step is null || tasks.AreAsked(parsed) ? null : TaskStage.Measure(job, model, step);
            return job.Print(AsJson(perplexities, answers, task), output => Write(output, perplexities, answers, task));
        });
        return command;
    }

    // All of a text given here is for evaluation.
    private static IReadOnlyList<PerplexityEvaluation> Evaluations(Job job, string? text, int? window, PerplexityProtocol? protocol, bool isNeeded)
    {
        var written = job.Settings.Evaluate?.Perplexity ?? [];
        if (text is null && written.Count == 0)
        {
            return isNeeded ? throw new SlimException($"{job.Recipe.SpecFile} measures nothing: give a text with --data FILE, or add an evaluate section") : [];
        }

        var positions = job.Recipe.Dense.MaxPositions;
        if (window > positions)
        {
            throw new SlimException($"--window {window}: the model has {positions} positions");
        }

        var texts = text is null ? written : RunSettings.OnText(written, new(Path.GetFullPath(text)));
        return [.. texts.Select(one => one with { Window = window ?? one.Window, Protocol = protocol ?? one.Protocol }).Distinct()];
    }

    private static PerplexityProtocol? Protocol(string? word) => word is null ? null : SpecWords.Find<PerplexityProtocol>(word)
        ?? throw new SlimException($"--protocol {word}: there is no such protocol{Words.Hint(word, [.. Enum.GetValues<PerplexityProtocol>().Select(value => SpecWords.Of(value))])}");

    // The first perplexity's figures are at the top, where there is one alone to be read.
    private static JsonObject AsJson(IReadOnlyList<PerplexityMeasurement> perplexities, IReadOnlyList<MultipleChoiceResult> answers, TaskMeasurement? task)
    {
        var json = perplexities.Count == 0 ? [] : JsonSerializer.SerializeToNode(AsJson(perplexities[0]), RunFolder.Json)!.AsObject();
        json["perplexities"] = JsonSerializer.SerializeToNode(perplexities.Select(AsJson), RunFolder.Json);
        if (answers.Count > 0)
        {
            json["zero_shot"] = ChoiceTable.Mean(answers.Select(answer => answer.Score));
            json["choices"] = JsonSerializer.SerializeToNode(answers.Select(answer => new { answer.Protocol, answer.Score.Metrics, answer.SequenceTokens, answer.ComputedTokens, answer.Seconds }), RunFolder.Json);
        }

        if (task is not null)
        {
            json["task"] = JsonSerializer.SerializeToNode(new { task.Protocol, task.Result }, RunFolder.Json);
        }

        return json;
    }

    private static object AsJson(PerplexityMeasurement measured) => new
    {
        measured.Result.Perplexity,
        measured.Result.Tokens,
        measured.Result.Nll,
        measured.Result.Window,
        measured.Result.Windows,
        measured.Result.Dataset,
        measured.Asked.Dataset.From,
        measured.Asked.Dataset.To,
        measured.Result.Dtype,
        measured.Result.Seconds,
        measured.Result.Protocol,
    };

    private static void Write(TextWriter output, IReadOnlyList<PerplexityMeasurement> perplexities, IReadOnlyList<MultipleChoiceResult> answers, TaskMeasurement? task)
    {
        if (perplexities.Count > 0)
        {
            var table = new TextTable(">perplexity", ">tokens scored", ">nats a token", ">windows", ">window", "dtype", ">seconds", "text");
            foreach (var (_, result) in perplexities)
            {
                table.Add(result.Perplexity, result.Tokens, result.Nll / result.Tokens, result.Windows, result.Window, result.Dtype, $"{result.Seconds:F1}", $"{result.Dataset}; {Perplexity.Describe(result.Protocol)}");
            }

            table.Write(output);
        }

        if (answers.Count > 0)
        {
            ChoiceTable.Write(output, answers);
        }

        if (task is not null)
        {
            output.WriteLine(TaskStage.Describe(task.Score, task.Protocol));
        }
    }
}
