namespace SlimSpec.Tests.Export;

/// <summary>Tokenizers as GGUF has them.</summary>
public sealed class GgufTokenizerTests
{
    [SharedFact("data/tokenizer-gpt2")]
    public void A_byte_level_tokenizer_has_its_merges_and_one_special_token()
    {
        var tokenizer = Tokenizer.Load(TestFiles.Shared("data/tokenizer-gpt2"));
        var file = Write(tokenizer, tokenizer.VocabularySize + 2, out var note);

        note.ShouldBeNull();
        file["tokenizer.ggml.model"].ShouldBe("gpt2");
        file["tokenizer.ggml.pre"].ShouldBe("gpt-2");
        file["tokenizer.ggml.add_bos_token"].ShouldBe(false);
        file["tokenizer.ggml.bos_token_id"].ShouldBe(50256u);
        ((object[])file["tokenizer.ggml.merges"]).ShouldBe(File.ReadLines(TestFiles.Shared("data/tokenizer-gpt2/merges.txt")).Skip(1).Where(line => line.Length > 0));
        ((object[])file["tokenizer.ggml.tokens"])[^1].ShouldBe("[PAD50258]");
        ((object[])file["tokenizer.ggml.token_type"]).Skip(50255).ShouldBe([1, 3, 5, 5]); // normal, control, and two that no text has
    }

    /// <summary>The published SentencePiece model of the same vocabulary has the scores that llama.cpp's own converter copies.</summary>
    [SharedFact("data/tokenizer-llama2")]
    public void Pieces_have_the_types_and_the_order_of_scores_of_the_sentencepiece_model()
    {
        var tokenizer = Tokenizer.Load(TestFiles.Shared("data/tokenizer-llama2"));
        var published = SentencePieces(File.ReadAllBytes(TestFiles.Shared("data/tokenizer-llama2/tokenizer.model")));
        var file = Write(tokenizer, tokenizer.VocabularySize, out var note);

        note.ShouldBeNull();
        var scores = ((object[])file["tokenizer.ggml.scores"]).Cast<float>().ToArray();
        published.Select(piece => piece.Type).SequenceEqual(((object[])file["tokenizer.ggml.token_type"]).Cast<int>()).ShouldBeTrue();
        published.Select(piece => piece.Text).SequenceEqual(((object[])file["tokenizer.ggml.tokens"]).Cast<string>()).ShouldBeTrue();
        scores[..259].ShouldAllBe(score => score == 0); // control tokens and bytes
        var merged = Enumerable.Range(259, published.Count - 259).Where(id => published[id].Text.EnumerateRunes().Count() > 1); // nothing is merged into a single character
        var byScore = merged.OrderByDescending(id => published[id].Score).ThenByDescending(id => scores[id]).ToList();
        byScore.Zip(byScore.Skip(1)).Count(pair => scores[pair.First] <= scores[pair.Second]).ShouldBe(0);
        file["tokenizer.ggml.add_space_prefix"].ShouldBe(true);
        file["tokenizer.ggml.add_bos_token"].ShouldBe(true);
    }

    [SharedFact("data/tokenizer-llama2")]
    public void A_vocabulary_larger_than_the_models_is_refused() =>
        Should.Throw<SlimException>(() => Write(Tokenizer.Load(TestFiles.Shared("data/tokenizer-llama2")), 31_000, out _)).Message.ShouldContain("32000 tokens, but the model 31000 ids");

    [Fact]
    public void A_tokenizer_that_knows_fewer_merges_than_pieces_is_noted()
    {
        // The embedded story model's was trained here: each piece by one pair.
        Write(Tokenizer.Load(Path.Combine(TestFiles.Root, "models", "tales")), 2048, out var note);
        note.ShouldNotBeNull().ShouldContain("llama.cpp may tokenize rare text otherwise");
    }

    private static Dictionary<string, object> Write(Tokenizer tokenizer, int vocabulary, out string? note)
    {
        using var folder = new TemporaryFolder();
        var metadata = new GgufMetadata();
        note = GgufTokenizer.Write(metadata, tokenizer, vocabulary);
        GgufWriter.Write(folder["a.gguf"], metadata, []);
        return new GgufBytes(folder["a.gguf"]).Metadata;
    }

    // Field 1 of the file, again and again: text (1), score (2) and type (3, normal where absent) of a piece.
    private static List<(string Text, float Score, int Type)> SentencePieces(byte[] file)
    {
        var pieces = new List<(string, float, int)>();
        for (var at = 0; file[at] == 0x0A;)
        {
            at++;
            var (text, score, type, end) = ("", 0f, 1, Number(ref at) + at);
            while (at < end)
            {
                switch (file[at++])
                {
                    case 0x0A:
                        var length = Number(ref at);
                        text = System.Text.Encoding.UTF8.GetString(file, at, length);
                        at += length;
                        break;
                    case 0x15:
                        score = BitConverter.ToSingle(file, at);
                        at += 4;
                        break;
                    default:
                        type = Number(ref at);
                        break;
                }
            }

            pieces.Add((text, score, type));
        }

        return pieces;

        int Number(ref int at)
        {
            var (value, shift) = (0, 0);
            do
            {
                value |= (file[at] & 0x7F) << shift;
                shift += 7;
            }
            while ((file[at++] & 0x80) != 0);
            return value;
        }
    }
}
