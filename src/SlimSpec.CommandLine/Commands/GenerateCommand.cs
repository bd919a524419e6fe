using System.CommandLine;

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
        var command = new Command("generate", "Continue a text with the model")
        {
            options.Spec, prompt, maxTokens, temperature, topK, topP, options.Seed, options.Checkpoint, options.Device, options.Dtype, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            using var model = LoadedModel.Open(job);
            var tokenizer = model.Tokenizer;
            var settings = new GenerationSettings
            {
                MaxNewTokens = parsed.GetValue(maxTokens) ?? 200,
                Temperature = parsed.GetValue(temperature) ?? 0,
                TopK = parsed.GetValue(topK) ?? 0,
                TopP = parsed.GetValue(topP) ?? 1,
                Seed = job.Seed ?? 0,
                // A BOS inside a text begins the next one.
                StopIds = [.. new[] { tokenizer.EosId, tokenizer.BosId }.OfType<int>()],
            };
            return Generate(job, model, parsed.GetValue(prompt)!, settings);
        });
        return command;
    }

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

    private static int Generate(Job job, LoadedModel model, string prompt, GenerationSettings settings)
    {
        var ids = model.Tokenizer.Encode(prompt, addBos: model.Tokenizer.AddsBos || prompt.Length == 0);
        settings = WithinPositions(job, model, ids.Length, settings);
        var decoder = model.Tokenizer.CreateStreamDecoder();
        var shown = string.Concat(ids.Select(decoder.Append));
        Stream(shown);
        var result = TextGenerator.Generate(model.Model, ids, settings, id =>
        {
            Stream(decoder.Append(id));
            return true;
        });
        Stream(decoder.Finish());
        var printed = job.Print(
            new { Prompt = prompt, Text = model.Tokenizer.Decode([.. ids, .. result.NewIds]), Ids = result.NewIds, result.Stop, result.TokensPerSecond },
            output => output.WriteLine());
        job.Say($"{result.NewIds.Count} tokens, {Numbers.Short(result.TokensPerSecond)} tokens/s");
        return printed;

        void Stream(string text)
        {
            if (!job.Json)
            {
                job.Output.Write(text);
                job.Output.Flush();
            }
        }
    }
}
