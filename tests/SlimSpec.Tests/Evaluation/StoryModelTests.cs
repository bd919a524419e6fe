using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SlimSpec.Tests.Evaluation;

/// <summary>Perplexity and greedy text of two published story models, against a float64 reference (goldens/EVAL.md).</summary>
public class StoryModelTests
{
    private const int TextBytes = 102_400;

    /// <summary>Those of llama.cpp's protocol agree with llama.cpp's own on the GGUF of the same weights (EVAL.md).</summary>
    [SharedTheory("goldens/EVAL.md")]
    [InlineData("lm-stories260K")]
    [InlineData("lm-stories3M")]
    public void Perplexities_are_the_golden_ones_in_both_protocols(string name)
    {
        using var folder = HuggingFaceFolder.Open(TestFiles.Shared($"data/{name}"));
        using var model = StoryModels.Load(name, folder);
        var (tokenizer, perplexities) = (folder.LoadTokenizer(), Golden(name).GetProperty("perplexity"));
        var texts = perplexities.GetProperty("texts").EnumerateObject().ToDictionary(text => text.Name, text => Read(text.Name, tokenizer, model));
        foreach (var (text, ids) in texts)
        {
            Hash(ids.Ids).ShouldBe(perplexities.GetProperty("texts").GetProperty(text).GetProperty("ids_sha256").GetString());
        }

        var results = perplexities.GetProperty("results").EnumerateArray().ToList();
        results.Count.ShouldBe(8);
        foreach (var expected in results)
        {
            var (text, window) = (expected.GetProperty("text").GetString()!, expected.GetProperty("window").GetInt32());
            var protocol = expected.GetProperty("protocol").GetString() == "llama.cpp" ? PerplexityProtocol.LlamaCpp : PerplexityProtocol.LlmPruner;

            Check(Perplexity.Measure(model, texts[text], new() { Dataset = new(text), Window = window, Protocol = protocol }), expected);
        }
    }

    [SharedTheory("goldens/EVAL.md")]
    [InlineData("lm-stories260K")]
    [InlineData("lm-stories3M")]
    public void Greedy_ids_are_the_golden_ones(string name)
    {
        using var folder = HuggingFaceFolder.Open(TestFiles.Shared($"data/{name}"));
        using var model = StoryModels.Load(name, folder);
        var tokenizer = folder.LoadTokenizer();
        foreach (var expected in Golden(name).GetProperty("greedy").EnumerateArray())
        {
            var prompt = tokenizer.Encode(expected.GetProperty("prompt").GetString()!, addBos: true);
            prompt.ShouldBe(expected.GetProperty("prompt_ids").Ids());
            var ids = TextGenerator.Generate(model, prompt, new() { MaxNewTokens = 60 }).NewIds;
            ids.ShouldBe(expected.GetProperty("new_ids").Ids());
            tokenizer.Decode(prompt.Concat(ids)).ShouldBe(expected.GetProperty("text").GetString());
        }
    }

    private static void Check(PerplexityResult result, JsonElement expected)
    {
        var (perplexity, nll) = (expected.GetProperty("ppl").GetDouble(), expected.GetProperty("total_nll").GetDouble());
        result.Windows.ShouldBe(expected.GetProperty("windows").GetInt32());
        result.Tokens.ShouldBe(expected.GetProperty("predictions").GetInt64());
        result.Perplexity.ShouldBe(perplexity, 1e-5 * perplexity);
        result.Nll.ShouldBe(nll, 1e-5 * nll);
        foreach (var (score, goldenScore) in result.WindowNll.Zip(expected.GetProperty("first_5_windows_nll").Doubles()))
        {
            score.ShouldBe(goldenScore, 1e-4 * goldenScore);
        }
    }

    private static JsonElement Golden(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(TestFiles.Shared($"goldens/eval-{name}/golden.json"))).RootElement;

    // As a recipe would read a file of the golden's bytes.
    private static TokenDataset Read(string name, Tokenizer tokenizer, CausalLM model)
    {
        using var folder = new TemporaryFolder();
        var file = name.StartsWith("wikitext2", StringComparison.Ordinal) ? "data/wikitext-2/wiki.test.first-half.raw" : "data/tinystories/train-part.txt";
        var format = name == "wikitext2-rows-joined" ? DatasetFormat.Wikitext : DatasetFormat.Text;
        File.WriteAllText(folder["text.txt"], Start(file));
        return TokenDataset.Load(new(folder["text.txt"]) { Format = format }, tokenizer, model.Shape.VocabularySize);
    }

    // The file's first bytes, a character that they cut left out.
    private static string Start(string file)
    {
        using var stream = File.OpenRead(TestFiles.Shared(file));
        var bytes = new byte[TextBytes];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\uFFFD');
    }

    private static string Hash(IEnumerable<int> ids) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', ids))));
}
