using System.Globalization;
using TorchSharp;

namespace SlimSpec.ExitBenchmark;

/// <summary>Long generations with exits that nothing verifies, beside the dense model's: what becomes of the text, and of what the certificate promises.</summary>
/// <param name="checkpoint">The model's folder.</param>
/// <param name="text">A text that it knows the kind of.</param>
internal sealed class LongTexts(string checkpoint, string text)
{
    private const int NewTokens = 1000;
    private const int Within = 400; // of the model's 512 positions, prompt included
    private const int Texts = 8;

    private static readonly GenerationSettings Settings = new() { MaxNewTokens = NewTokens };

    /// <summary>Writes a row for the dense model and one for each recipe, which is calibrated first.</summary>
    public void Write(TextWriter output, params IReadOnlyList<Recipe> recipes)
    {
        output.WriteLine($"| keys and values | exits wrong at most, certified | exits wrong, behind the dense model's text | average layers | texts equal | perplexity under the dense model | of the first {Within} tokens |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        using var folder = HuggingFaceFolder.Open(checkpoint);
        var tokenizer = folder.LoadTokenizer();
        var calibrate = recipes[0].Settings.Exits!.Calibrate! with { Dataset = new(text) };
        var prompts = ExitPrompts.Take(calibrate with { NumPrompts = calibrate.NumPrompts + Texts }, tokenizer, recipes[0].Dense.VocabularySize);
        var (fresh, seen) = (prompts.Take(Texts).ToList(), prompts.Skip(Texts).ToList());
        List<IReadOnlyList<int>>? dense = null;
        foreach (var recipe in recipes)
        {
            using var model = recipe.CreateModel(folder.ReadShape(recipe), torch.ScalarType.Float32, torch.CPU);
            folder.LoadInto(model);
            if (dense is null)
            {
                dense = [.. fresh.Select(prompt => TextGenerator.Generate(model, prompt, Settings).NewIds)];
                output.WriteLine($"| dense | | | {recipe.Dense.LayerCount:0.00} | {Texts} of {Texts} | {Perplexity(model, fresh, dense, NewTokens):0.000} | {Perplexity(model, fresh, dense, Within):0.000} |");
            }

            output.WriteLine(Row(recipe, model, ExitCalibration.Run(recipe, model, seen, CheckpointFingerprint.Of(checkpoint)), fresh, dense));
            output.Flush();
        }
    }

    private static string Row(Recipe recipe, CausalLM model, ExitsFile file, List<int[]> prompts, List<IReadOnlyList<int>> dense)
    {
        using var factors = file.Factors;
        using var head = ExitHeads.Create(model, recipe.Settings.Exits!, factors);
        using var exits = recipe.CreateExits(model, head, file.CreatePolicy());
        var early = prompts.Select(prompt => ExitGenerator.Generate(exits, prompt, Settings)).ToList();
        var texts = early.Select(generated => generated.Result.NewIds).ToList();
        var wrong = Wrong(exits, prompts, dense);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {recipe.Settings.Exits!.Cache.Policy.ToString().ToLowerInvariant()} | {file.Certificate.UpperBound:0.00 %} | {wrong:0.00 %} | {early.Average(generated => generated.Statistics.AverageLayers):0.00} | {texts.Zip(dense).Count(pair => pair.First.SequenceEqual(pair.Second))} of {Texts} | {Perplexity(model, prompts, texts, NewTokens):0.000} | {Perplexity(model, prompts, texts, Within):0.000} |");
    }

    // Of the tokens that left early, within the model's positions, as the certificate counts them.
    private static double Wrong(ExitStack exits, List<int[]> prompts, List<IReadOnlyList<int>> dense)
    {
        var (left, wrong) = (0L, 0L);
        for (var i = 0; i < prompts.Count; i++)
        {
            var said = ExitGenerator.Follow(exits, prompts[i], [.. dense[i].Take(Within - 1)]);
            left += exits.Statistics.Passes - exits.Statistics.ExitsAfter[^1];
            wrong += said.Zip(dense[i]).Count(pair => pair.First != pair.Second);
        }

        return (double)wrong / left;
    }

    // Of prompt and text together.
    private static double Perplexity(CausalLM model, List<int[]> prompts, List<IReadOnlyList<int>> texts, int tokens)
    {
        var results = prompts.Zip(texts, (prompt, text) => (int[])[.. prompt, .. text.Take(tokens)]).Select(ids => SlimSpec.Perplexity.Measure(model, ids, ids.Length, "text")).ToList();
        return Math.Exp(results.Sum(result => result.Nll) / results.Sum(result => result.Tokens));
    }
}
