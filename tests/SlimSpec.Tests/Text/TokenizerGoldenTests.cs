using System.Text.Json;

namespace SlimSpec.Tests.Text;

/// <summary>Real vocabularies, against the tokens that llama.cpp, llama-tokenizer-js and gpt-3-encoder agree on.</summary>
public sealed class TokenizerGoldenTests
{
    [SharedFact("data/lm-stories260K")]
    public void Stories260K_is_tokenized_exactly() => Check("lm-stories260K");

    [SharedFact("data/lm-stories3M")]
    public void Stories3M_is_tokenized_exactly() => Check("lm-stories3M");

    [SharedFact("data/tokenizer-llama2")]
    public void Llama2_is_tokenized_exactly() => Check("tokenizer-llama2");

    [SharedFact("data/tokenizer-gpt2")]
    public void Gpt2_is_tokenized_exactly() => Check("tokenizer-gpt2");

    [SharedFact("data/tokenizer-llama2")]
    public void Llama2_knows_its_special_tokens()
    {
        var tokenizer = Tokenizer.Load(TestFiles.Shared("data/tokenizer-llama2"));
        (tokenizer.BosId, tokenizer.EosId, tokenizer.AddsBos, tokenizer.VocabularySize).ShouldBe((1, 2, true, 32000));
        var gpt2 = Tokenizer.Load(TestFiles.Shared("data/tokenizer-gpt2"));
        (gpt2.BosId, gpt2.EosId, gpt2.AddsBos, gpt2.VocabularySize).ShouldBe((50256, 50256, false, 50257));
        gpt2.Encode("<|endoftext|>").Length.ShouldBeGreaterThan(1);
        gpt2.Encode("a<|endoftext|>", parseSpecial: true).ShouldBe([64, 50256]);
        gpt2.Decode([64, 50256, 64]).ShouldBe("aa");
        gpt2.Decode([64, 50256], skipSpecial: false).ShouldBe("a<|endoftext|>");
    }

    [SharedFact("data/tinystories")]
    public void A_whole_text_comes_back_from_its_tokens()
    {
        var text = File.ReadAllText(TestFiles.Shared("data/tinystories/train-part.txt"));
        foreach (var name in (string[])["lm-stories3M", "tokenizer-gpt2"])
        {
            var tokenizer = Tokenizer.Load(TestFiles.Shared($"data/{name}"));
            tokenizer.Decode(tokenizer.Encode(text, addBos: tokenizer.AddsBos)).ShouldBe(text);
        }
    }

    private static void Check(string name)
    {
        var tokenizer = Tokenizer.Load(TestFiles.Shared($"data/{name}"));
        using var golden = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Shared("goldens/tokenizers/golden.json")));
        var texts = golden.RootElement.GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToArray();
        var expected = golden.RootElement.GetProperty(name);
        for (var i = 0; i < texts.Length; i++)
        {
            var ids = expected.GetProperty("ids")[i].Ids();
            tokenizer.Encode(texts[i]).ShouldBe(ids, texts[i]);
            tokenizer.Decode(ids).ShouldBe(expected.TryGetProperty("decoded", out var decoded) ? decoded[i].GetString() : texts[i]);
            if (expected.TryGetProperty("ids_with_bos", out var withBos))
            {
                tokenizer.Encode(texts[i], addBos: true).ShouldBe(withBos[i].Ids(), texts[i]);
            }

            if (expected.TryGetProperty("ids_special_parsed", out var parsed) && parsed.TryGetProperty($"{i}", out var special))
            {
                tokenizer.Encode(texts[i], parseSpecial: true).ShouldBe(special.Ids(), texts[i]);
            }
        }
    }
}
