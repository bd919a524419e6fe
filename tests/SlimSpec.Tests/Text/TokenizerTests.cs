using System.Text;
using System.Text.Json.Nodes;

namespace SlimSpec.Tests.Text;

public sealed class TokenizerTests : IDisposable
{
    // Words, punctuation, several scripts, characters of one to four bytes, runs of spaces, control characters.
    private static readonly string[] Parts =
        ["a", "b", "ab", "he", "the", " ", "  ", "\n", "\t", ".", ",", "'s", "'re", "don't", "1", "23", "ä", "é", "日本", "🦙", "\u00A0", "\u2028", "\0", "\u2581x", "<s>", "</s>", "Ω", "x\u0301"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Merges_go_by_rank_and_from_the_left_whatever_the_text()
    {
        // Few letters and many merges, across spaces too, so that every order of merging occurs.
        var random = new SeededRandom(5);
        for (var round = 0; round < 30; round++)
        {
            var (pieces, merges) = RandomVocabulary(random, "ab\u2581");
            var tokenizer = Tokenizer.Load(WriteTokenizer(pieces, merges));
            for (var i = 0; i < 20; i++)
            {
                var text = string.Concat(Enumerable.Range(0, (int)random.NextIndex(40)).Select(_ => "ab "[(int)random.NextIndex(3)]));
                tokenizer.Encode(text).Select(id => tokenizer.Piece(id)).ShouldBe(MergeSlowly(text.Length == 0 ? "" : "\u2581" + text.Replace(' ', '\u2581'), merges), text);
            }
        }
    }

    [Fact]
    public void Any_text_comes_back_from_its_tokens_in_both_kinds()
    {
        var sentencePiece = Tokenizer.Load(WriteTokenizer(["h", "e", "\u2581", "he", "\u2581he"], ["h e", "\u2581 he"]));
        var byteLevel = ByteLevel("h e", "\u0120 he");
        foreach (var text in RandomTexts(300))
        {
            byteLevel.Decode(byteLevel.Encode(text)).ShouldBe(text);
            sentencePiece.Decode(sentencePiece.Encode(text)).ShouldBe(text.Replace('\u2581', ' '));
        }
    }

    [Fact]
    public void Streaming_gives_whole_characters_and_the_same_text()
    {
        var sentencePiece = Tokenizer.Load(WriteTokenizer(["h", "\u2581"], []));
        var byteLevel = ByteLevel();
        foreach (var text in RandomTexts(100).Append("日本語🦙"))
        {
            foreach (var tokenizer in (Tokenizer[])[sentencePiece, byteLevel])
            {
                var decoder = tokenizer.CreateStreamDecoder();
                var whole = new StringBuilder();
                foreach (var id in tokenizer.Encode(text))
                {
                    var part = decoder.Append(id);
                    part.ShouldNotContain("\uFFFD");
                    (part.Length == 0 || (!char.IsLowSurrogate(part[0]) && !char.IsHighSurrogate(part[^1]))).ShouldBeTrue();
                    whole.Append(part);
                }

                decoder.Finish().ShouldBeEmpty();
                whole.ToString().ShouldBe(tokenizer == byteLevel ? text : text.Replace('\u2581', ' '));
            }
        }
    }

    [Fact]
    public void Bytes_that_are_no_character_become_the_replacement_character()
    {
        var tokenizer = ByteLevel();
        var ids = tokenizer.Encode("日");
        tokenizer.Decode(ids[..2]).ShouldBe("\uFFFD");
        tokenizer.Decode([ids[0], .. tokenizer.Encode("a")]).ShouldBe("\uFFFDa");
        tokenizer.Decode([99999, -1]).ShouldBeEmpty();
    }

    [Fact]
    public void Special_tokens_are_text_unless_asked_for()
    {
        var tokenizer = Tokenizer.Load(WriteTokenizer(["a", "\u2581"], []));
        tokenizer.Encode("<s>a").Length.ShouldBeGreaterThan(3);
        var pieces = tokenizer.Encode("a<s>a</s>", addBos: true, parseSpecial: true).Select(tokenizer.Piece);
        pieces.ShouldBe(["<s>", "\u2581", "a", "<s>", "\u2581", "a", "</s>"]);
        tokenizer.Decode([1, tokenizer.Id("\u2581")!.Value, tokenizer.Id("a")!.Value, 2]).ShouldBe("a");
        tokenizer.Decode([1, tokenizer.Id("a")!.Value, 2], skipSpecial: false).ShouldBe("<s>a</s>");
    }

    [Fact]
    public void The_longest_added_token_wins_and_takes_the_space_it_asks_for()
    {
        var path = WriteTokenizer(["a", "\u2581"], [], tokenizer => tokenizer["added_tokens"] = new JsonArray(
            Added(300, "<x>", special: false), Added(301, "<x><x>", special: false), Added(302, "<l>", special: false, lstrip: true), Added(303, "<r>", special: false, rstrip: true)));
        var tokenizer = Tokenizer.Load(path);
        tokenizer.Encode("<x><x><x>").ShouldBe([301, 300]);
        tokenizer.Encode("a  <l>").Select(tokenizer.Piece).ShouldBe(["\u2581", "a", "<l>"]);
        tokenizer.Encode("<r> \n <l>").ShouldBe([303, 302]);
        tokenizer.VocabularySize.ShouldBe(304);
        tokenizer.Decode([300]).ShouldBe("<x>");
    }

    [Theory]
    [InlineData("always", true, "\u2581|a|\u2581|\u2581|b|<s>|\u2581|c")]
    [InlineData("first", true, "\u2581|a|\u2581|\u2581|b|<s>|c")]
    [InlineData("never", true, "a|\u2581|\u2581|b|<s>|c")]
    [InlineData("always", false, "\u2581|a|\u2581\u2581|b|<s>|\u2581|c")]
    public void Metaspace_puts_spaces_where_its_scheme_says(string scheme, bool split, string expected)
    {
        var path = WriteTokenizer(["a", "b", "c", "\u2581", "\u2581\u2581"], ["\u2581 \u2581"], tokenizer =>
        {
            tokenizer["normalizer"] = null;
            tokenizer["pre_tokenizer"] = new JsonObject { ["type"] = "Metaspace", ["replacement"] = "\u2581", ["prepend_scheme"] = scheme, ["split"] = split };
        });
        var tokenizer = Tokenizer.Load(path);
        string.Join('|', tokenizer.Encode("a  b<s>c", parseSpecial: true).Select(tokenizer.Piece)).ShouldBe(expected);
    }

    [Fact]
    public void Unknown_characters_without_bytes_fuse_into_one_id()
    {
        var path = WriteTokenizer(["a", "\u2581"], [], tokenizer => tokenizer["model"]!["byte_fallback"] = false);
        Tokenizer.Load(path).Encode("axyza").Select(Tokenizer.Load(path).Piece).ShouldBe(["\u2581", "a", "<unk>", "a"]);
        path = WriteTokenizer(["a", "\u2581"], [], tokenizer => (tokenizer["model"]!["byte_fallback"], tokenizer["model"]!["fuse_unk"]) = (false, false));
        Tokenizer.Load(path).Encode("axya").Count(id => id == 0).ShouldBe(2);
    }

    [Fact]
    public void Bos_and_eos_come_from_the_configuration_beside()
    {
        WriteTokenizer(["a"], []);
        _folder.Write("tokenizer_config.json", """{"bos_token": {"content": "</s>"}, "eos_token": "<unk>", "add_bos_token": false}""");
        var tokenizer = Tokenizer.Load(_folder.Path);
        (tokenizer.BosId, tokenizer.EosId, tokenizer.AddsBos).ShouldBe((2, 0, false));
    }

    [Theory]
    [InlineData("model", "type", "\"Unigram\"", "model.type: 'Unigram' is not served")]
    [InlineData("model", "vocab", "{\"a\": 1, \"b\": 1}", "model.vocab.b: id 1 is also that of 'a'")]
    [InlineData("model", "vocab", "{\"a\": -1}", "model.vocab.a: -1 is not an integer from 0")]
    [InlineData("model", "vocab", "[]", "model.vocab: an array is not an object")]
    [InlineData("model", "vocab", "{}", "there are no pieces")]
    [InlineData("model", "merges", "[\"a\"]", "model.merges[0]: 'a' is not a merge of two pieces")]
    [InlineData("model", "merges", "[\"a q\"]", "needs the piece 'q', which is not in the vocabulary")]
    [InlineData("model", "merges", "[[\"a\", \"a\"]]", "needs the piece 'aa', which is not in the vocabulary")]
    [InlineData("model", "merges", "[7]", "model.merges[0]: 7 is not a string")]
    [InlineData("model", "merges", "null", "'merges' is missing")]
    [InlineData("model", "unk_token", "\"[UNK]\"", "model.unk_token: '[UNK]' is not in the vocabulary")]
    [InlineData("model", "continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix: is not served")]
    [InlineData("normalizer", "type", "\"NFKC\"", "normalizer.type: 'NFKC' is not served")]
    [InlineData("decoder", "type", "\"WordPiece\"", "decoder.type: 'WordPiece' is not served")]
    public void A_malformed_tokenizer_is_named_at_its_key(string part, string key, string value, string expected)
    {
        var path = WriteTokenizer(["a"], [], tokenizer => tokenizer[part]![key] = JsonNode.Parse(value));
        var failure = Should.Throw<SlimException>(() => Tokenizer.Load(path));
        failure.Message.ShouldStartWith(path);
        failure.Message.ShouldContain(expected);
    }

    [Fact]
    public void Files_that_are_missing_or_no_JSON_are_named()
    {
        Should.Throw<SlimException>(() => Tokenizer.Load(_folder["tokenizer.json"])).Message.ShouldContain("tokenizer.json: there is no such file");
        Should.Throw<SlimException>(() => Tokenizer.Load(_folder.Path)).Message.ShouldContain("there is neither tokenizer.json nor vocab.json");
        Should.Throw<SlimException>(() => Tokenizer.Load(_folder.Write("tokenizer.json", "{\n\"model\": oops"))).Message.ShouldContain("line 2: not valid JSON");
        File.WriteAllBytes(_folder["tokenizer.json"], [(byte)'{', 0xFF, (byte)'}']);
        Should.Throw<SlimException>(() => Tokenizer.Load(_folder.Path)).Message.ShouldContain("not UTF-8");
        File.Delete(_folder["tokenizer.json"]);
        _folder.Write("vocab.json", """{"a": 0, "b": 1, "ab": 2}""");
        _folder.Write("merges.txt", "#version: 0.2\na b\nb c\n");
        Should.Throw<SlimException>(() => Tokenizer.Load(_folder.Path)).Message.ShouldContain("merges.txt: line 3: 'b c' needs the piece 'c'");
    }

    [Fact]
    public void A_megabyte_without_a_space_takes_no_quadratic_time()
    {
        var tokenizer = Tokenizer.Load(WriteTokenizer(["a", "b", "ab", "aba", "abab"], ["a b", "ab a", "ab ab"]));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        tokenizer.Encode(string.Concat(Enumerable.Repeat("abaabbab", 125_000))).Length.ShouldBeGreaterThan(100_000);
        // About half a second on an idle core; quadratic time would be hours.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }

    private static JsonObject Added(int id, string content, bool special, bool lstrip = false, bool rstrip = false) =>
        new() { ["id"] = id, ["content"] = content, ["special"] = special, ["lstrip"] = lstrip, ["rstrip"] = rstrip, ["single_word"] = false, ["normalized"] = false };

    // A LLaMA-like tokenizer.json with the special tokens, the bytes and the given pieces.
    private string WriteTokenizer(IEnumerable<string> pieces, IEnumerable<string> merges, Action<JsonObject>? change = null)
    {
        BpeVocabulary vocabulary = new(
            [.. BpeTrainer.SpecialTokens, .. Enumerable.Range(0, 256).Select(BytePiece.Name), .. pieces],
            [.. merges.Select(merge => merge.Split(' ')).Select(parts => (parts[0], parts[1]))]);
        TokenizerWriter.Write(vocabulary, _folder.Path);
        if (change is not null)
        {
            var tokenizer = (JsonObject)JsonNode.Parse(File.ReadAllText(_folder["tokenizer.json"]))!;
            change(tokenizer);
            _folder.Write("tokenizer.json", tokenizer.ToJsonString());
        }

        return _folder["tokenizer.json"];
    }

    private Tokenizer ByteLevel(params string[] merges)
    {
        using var folder = new TemporaryFolder();
        var vocabulary = new JsonObject(Enumerable.Range(0, 256).Select(value => ByteLevelAlphabet.Character((byte)value).ToString())
            .Concat(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal))).Select((piece, id) => KeyValuePair.Create(piece, (JsonNode?)id)));
        folder.Write("vocab.json", vocabulary.ToJsonString());
        folder.Write("merges.txt", "#version: 0.2\n" + string.Join('\n', merges) + "\n");
        return Tokenizer.Load(folder.Path);
    }

    private static IEnumerable<string> RandomTexts(int count)
    {
        var random = new SeededRandom(3);
        return Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, (int)random.NextIndex(12)).Select(_ => Parts[random.NextIndex(Parts.Length)])));
    }

    private static (List<string> Pieces, List<string> Merges) RandomVocabulary(SeededRandom random, string letters)
    {
        List<string> pieces = [.. letters.Select(letter => letter.ToString())];
        var merges = new List<string>();
        while (merges.Count < 25)
        {
            var (left, right) = (pieces[(int)random.NextIndex(pieces.Count)], pieces[(int)random.NextIndex(pieces.Count)]);
            if (left.Length + right.Length <= 6 && !merges.Contains($"{left} {right}"))
            {
                merges.Add($"{left} {right}");
                if (!pieces.Contains(left + right))
                {
                    pieces.Add(left + right);
                }
            }
        }

        return (pieces, merges);
    }

    // The definition, word for word.
    private static List<string> MergeSlowly(string text, List<string> merges)
    {
        List<string> symbols = [.. text.Select(character => character.ToString())];
        while (true)
        {
            var ranks = Enumerable.Range(0, Math.Max(0, symbols.Count - 1)).Select(i => merges.IndexOf($"{symbols[i]} {symbols[i + 1]}")).ToList();
            if (!ranks.Exists(rank => rank >= 0))
            {
                return symbols;
            }

            var place = ranks.IndexOf(ranks.Where(rank => rank >= 0).Min());
            symbols[place] += symbols[place + 1];
            symbols.RemoveAt(place + 1);
        }
    }
}
