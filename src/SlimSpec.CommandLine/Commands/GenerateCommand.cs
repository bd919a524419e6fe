using System.CommandLine;
using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary><c>slim generate</c>: continues a text, word by word as it comes.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var prompt = new Option<string>("--prompt") { HelpName = "TEXT", Description = "Text to continue [none: from the start]", DefaultValueFactory = _ => "" };
        var maxTokens = CommonOptions.Number("--max-tokens", "N", "Tokens to generate at most [200]", 0);
        var temperature = CommonOptions.Real("--temperature", "T", "0 takes the most likely token each time, 1 samples as the model thinks [0]");
        var topK = CommonOptions.Number("--top-k", "K", "Sample from the K most likely tokens only", 0);
        var topP = CommonOptions.Real("--top-p", "P", "Sample from the most likely tokens that make up P together");
        var exits = new Option<string?>("--exits") { HelpName = "FILE|off", Description = "The recipe's early exits as slim exits fitted them, or none [exits.json of the checkpoint, the spec or the run]" };
        var command = new Command("generate", "Continue a text with the model")
        {
            options.Spec, prompt, maxTokens, temperature, topK, topP, exits, options.Seed, options.Checkpoint, options.Device, options.Dtype, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            using var model = LoadedModel.Open(job);
            using var ready = ReadyExits.Find(job, model, parsed.GetValue(exits));
            var tokenizer = model.Tokenizer;
            var settings = new GenerationSettings
            {
                MaxNewTokens = MaxTokens(ready, parsed.GetValue(maxTokens)),
                Temperature = parsed.GetValue(temperature) ?? 0,
                TopK = parsed.GetValue(topK) ?? 0,
                TopP = parsed.GetValue(topP) ?? 1,
                Seed = job.Seed ?? 0,
                StopIds = tokenizer.EndIds,
            };
            return Generate(job, model, ready?.Stack, parsed.GetValue(prompt)!, settings);
        });
        return command;
    }

    // Of the prompt's tokens, deeper layers keep no keys and values for a second one.
    private static int MaxTokens(ReadyExits? ready, int? asked) => ready?.Stack.Settings.Scope != ExitScope.PromptLast ? asked ?? 200
        : asked is null or <= 1 ? asked ?? 1
        : throw new SlimException($"--max-tokens {asked}: exits with scope prompt_last give one token; for more, --exits off");

    // Behind its last position a model has learned nothing.
    private static GenerationSettings WithinPositions(Job job, LoadedModel model, int prompt, GenerationSettings settings)
    {
        var positions = model.Model.Shape.MaxPositions;
        if (prompt > positions)
        {
            throw new SlimException($"--prompt: {prompt} tokens are more than the model's {positions} positions");
        }

        if (prompt + settings.MaxNewTokens <= positions)
        {
            return settings;
        }

        job.Say($"note: generation ends at the model's last position, after {positions - prompt} tokens at most");
        return settings with { MaxNewTokens = positions - prompt };
    }

    private static int Generate(Job job, LoadedModel model, ExitStack? exits, string prompt, GenerationSettings settings)
    {
        var ids = model.Tokenizer.Encode(prompt, addBos: model.Tokenizer.AddsBos || prompt.Length == 0);
        settings = WithinPositions(job, model, ids.Length, settings);
        var decoder = model.Tokenizer.CreateStreamDecoder();
        var unshown = string.Concat(ids.Select(decoder.Append));
        if (exits is null)
        {
            Show(); // with exits it waits for the first token: not every mode takes all settings
        }

        var early = exits is null ? null : ExitGenerator.Generate(exits, ids, settings, Append);
        var result = early?.Result ?? TextGenerator.Generate(model.Model, ids, settings, Append);
        Show(decoder.Finish());
        var printed = job.Print(
            new { Prompt = prompt, Text = model.Tokenizer.Decode([.. ids, .. result.NewIds]), Ids = result.NewIds, result.Stop, result.TokensPerSecond, Exits = AsJson(exits, early?.Statistics) },
            output => output.WriteLine());
        job.Say($"{result.NewIds.Count} tokens, {Numbers.Short(result.TokensPerSecond)} tokens/s{Describe(exits, early?.Statistics)}");
        return printed;

        bool Append(int id)
        {
            Show(decoder.Append(id));
            return true;
        }

        void Show(string text = "")
        {
            if (!job.Json)
            {
                job.Output.Write(unshown + text);
                unshown = "";
                job.Output.Flush();
            }
        }
    }

    private static object? AsJson(ExitStack? exits, ExitStatistics? counted) => exits is null || counted is null
        ? null
        : new { exits.Settings.Mode, exits.Settings.Scope, Layers = exits.Model.Layers.Count, counted.AverageLayers, counted.Tokens, counted.ExitsAfter, counted.Checks, counted.Drafted, counted.Accepted };

    private static string Describe(ExitStack? exits, ExitStatistics? counted) => exits is null || counted is null || counted.Tokens == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; exits, mode {SpecWords.Of(exits.Settings.Mode)}, scope {SpecWords.Of(exits.Settings.Scope)}: {counted.AverageLayers:0.00} of {exits.Model.Layers.Count} layers a token{(exits.Simulates ? $", simulated {counted.AverageExit:0.00}" : "")}");
}
