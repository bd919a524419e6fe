using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SlimSpec.Tests.Evaluation;

/// <summary>Perplexity and greedy text of two published story models, against a float64 reference (goldens/EVAL.md).</summary>
public class StoryModelTests
{
    private const int TextBytes = 102_400;

    [SharedTheory("goldens/EVAL.md")]
    [InlineData("lm-stories260K", "wikitext2-raw", 128)]
    [InlineData("lm-stories260K", "wikitext2-rows-joined", 512)]
    [InlineData("lm-stories260K", "tinystories-raw", 512)]
    [InlineData("lm-stories3M", "tinystories-raw", 128)]
    public void Perplexities_are_the_golden_ones(string name, string text, int window)
    {
        var expected = Result(name, text, "llm-pruner", window);
        using var folder = HuggingFaceFolder.Open(TestFiles.Shared($"data/{name}"));
        using var model = Load(name, folder);
        var ids = folder.LoadTokenizer().Encode(Text(text), addBos: true);
        Hash(ids).ShouldBe(Golden(name).GetProperty("perplexity").GetProperty("texts").GetProperty(text).GetProperty("ids_sha256").GetString());

        var result = Perplexity.Measure(model, ids, window, text);

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

    /// <summary>The golden numbers of this protocol agree with llama.cpp's on the GGUF of the same weights (EVAL.md).</summary>
    [SharedTheory("goldens/EVAL.md")]
    [InlineData("lm-stories260K", "wikitext2-raw")]
    [InlineData("lm-stories260K", "tinystories-raw")]
    [InlineData("lm-stories3M", "tinystories-raw")]
    public void Perplexities_are_those_that_llama_cpp_gives_on_the_same_weights(string name, string text)
    {
        const int Window = 512, FirstScored = 257;
        var expected = Result(name, text, "llama.cpp", Window);
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var folder = HuggingFaceFolder.Open(TestFiles.Shared($"data/{name}"));
        using var model = Load(name, folder);
        var ids = folder.LoadTokenizer().Encode(Text(text), addBos: true);
        var bos = ids[0];

        var windows = ids.Chunk(Window).Where(window => window.Length == Window).ToArray();
        double nll = 0;
        foreach (var window in windows)
        {
            using var windowScope = torch.NewDisposeScope();
            window[0] = bos; // every window begins as a text does, and its first half is context alone
            var tokens = Tensors.Of([window]);
            var logits = model.forward(tokens)[0].narrow(0, FirstScored - 1, Window - FirstScored);
            nll += Loss.PerToken(logits, tokens[0].narrow(0, FirstScored, Window - FirstScored)).to(torch.ScalarType.Float64).sum().item<double>();
        }

        windows.Length.ShouldBe(expected.GetProperty("windows").GetInt32());
        var perplexity = expected.GetProperty("ppl").GetDouble();
        Math.Exp(nll / (windows.Length * (Window - FirstScored))).ShouldBe(perplexity, 1e-5 * perplexity);
    }

    [SharedTheory("goldens/EVAL.md")]
    [InlineData("lm-stories260K")]
    [InlineData("lm-stories3M")]
    public void Greedy_ids_are_the_golden_ones(string name)
    {
        using var folder = HuggingFaceFolder.Open(TestFiles.Shared($"data/{name}"));
        using var model = Load(name, folder);
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

    private static CausalLM Load(string name, HuggingFaceFolder folder)
    {
        Recipe recipe = name == "lm-stories260K" ? Stories260K.Instance : Stories3M.Instance;
        folder.Check(recipe);
        var model = recipe.CreateModel(recipe.Dense, torch.ScalarType.Float32, torch.CPU);
        folder.LoadInto(model);
        return model;
    }

    private static JsonElement Result(string name, string text, string protocol, int window) =>
        Golden(name).GetProperty("perplexity").GetProperty("results").EnumerateArray().Single(entry =>
            entry.GetProperty("protocol").GetString() == protocol && entry.GetProperty("text").GetString() == text && entry.GetProperty("window").GetInt32() == window);

    private static JsonElement Golden(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(TestFiles.Shared($"goldens/eval-{name}/golden.json"))).RootElement;

    private static string Text(string name) => name switch
    {
        "wikitext2-raw" => Start("data/wikitext-2/wiki.test.first-half.raw"),
        "wikitext2-rows-joined" => JoinRows(Start("data/wikitext-2/wiki.test.first-half.raw")),
        "tinystories-raw" => Start("data/tinystories/train-part.txt"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "the golden has no such text"),
    };

    // The file's first bytes, a character that they cut left out.
    private static string Start(string file)
    {
        using var stream = File.OpenRead(TestFiles.Shared(file));
        var bytes = new byte[TextBytes];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes).TrimEnd('\uFFFD');
    }

    // As the line-wise data set has it: a line of white space becomes an empty row, any other keeps its newline.
    private static string JoinRows(string text)
    {
        var lines = text.Split('\n');
        var rows = lines.Select((line, index) => string.IsNullOrWhiteSpace(line) ? "" : index < lines.Length - 1 ? line + "\n" : line);
        return string.Join("\n\n", rows);
    }

    private static string Hash(int[] ids) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', ids))));
}
