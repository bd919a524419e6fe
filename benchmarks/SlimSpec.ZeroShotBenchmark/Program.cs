using System.Diagnostics;
using System.Globalization;
using SlimSpec;
using SlimSpec.ExitBenchmark;
using SlimSpec.ZeroShotBenchmark;
using TorchSharp;

// How fast multiple-choice tasks are answered beside plain prefill; see ../README.md.
const int PromptTokens = 512;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not [var tokenizerFolder, var rows, var count])
{
    Console.Error.WriteLine("usage: SlimSpec.ZeroShotBenchmark TOKENIZER ROWS ROUNDS");
    return 2;
}

torch.set_num_threads(Environment.ProcessorCount);
using var noGradients = torch.no_grad();
using var model = RandomModel.Create(ZeroShot110M.Instance, seed: 0);
var tokenizer = Tokenizer.Load(tokenizerFolder);
MultipleChoiceTask[] tasks = [.. ZeroShot110M.Instance.Settings.Evaluate!.Tasks.Select(task => task with { Dataset = task.Dataset with { Path = Path.Combine(rows, task.Dataset.Path) } })];
using var prompt = torch.randint(0, model.Shape.VocabularySize, [1, PromptTokens], dtype: torch.ScalarType.Int64);

Console.WriteLine("| task | rows | tokens, each choice by itself | tokens computed | prefill, tokens/s | answered, tokens/s computed | of prefill | answered, tokens/s of all choices | of prefill |");
Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
var totals = new List<(double Prefill, double Task, MultipleChoiceResult Result)>();
foreach (var task in tasks)
{
    var result = MultipleChoice.Measure(model, tokenizer, task); // warms up
    Prefill(result.ComputedTokens);
    List<(double Prefill, double Task)> rounds = [];
    for (var round = 0; round < int.Parse(count, CultureInfo.InvariantCulture); round++)
    {
        var prefill = round % 2 == 0 ? Prefill(result.ComputedTokens) : 0;
        var answered = MultipleChoice.Measure(model, tokenizer, task).Seconds;
        rounds.Add((round % 2 == 0 ? prefill : Prefill(result.ComputedTokens), answered));
    }

    totals.Add((Median(rounds.Select(round => round.Prefill)), Median(rounds.Select(round => round.Task)), result));
    Write(task.Task, result.Answers.Count, result.SequenceTokens, result.ComputedTokens, totals[^1].Prefill, totals[^1].Task);
}

Write("all", totals.Sum(total => total.Result.Answers.Count), totals.Sum(total => total.Result.SequenceTokens), totals.Sum(total => total.Result.ComputedTokens), totals.Sum(total => total.Prefill), totals.Sum(total => total.Task));
return 0;

// Seconds for at least so many tokens, scaled down to them.
double Prefill(long tokens)
{
    var prompts = (tokens + PromptTokens - 1) / PromptTokens;
    var watch = Stopwatch.StartNew();
    for (var i = 0; i < prompts; i++)
    {
        using var scope = torch.NewDisposeScope();
        using var cache = model.CreateCache(capacity: PromptTokens);
        _ = model.Prefill(prompt, cache);
    }

    return watch.Elapsed.TotalSeconds * tokens / (prompts * PromptTokens);
}

static double Median(IEnumerable<double> values) => values.Order().ToArray() is var all ? all[all.Length / 2] : 0;

static void Write(string task, int rows, long sequence, long computed, double prefill, double answered)
{
    var plain = computed / prefill;
    Console.WriteLine($"| {task} | {rows} | {sequence:N0} | {computed:N0} | {plain:N0} | {computed / answered:N0} | {computed / answered / plain:F2} | {sequence / answered:N0} | {sequence / answered / plain:F2} |");
}
