namespace SlimSpec.Tests.Text;

public sealed class TokenDatasetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Tokenizer _tokenizer;

    public TokenDatasetTests()
    {
        // Every character is a piece of its own, so tokens can be counted by eye.
        TokenizerWriter.Write(new([.. BpeTrainer.SpecialTokens, .. Enumerable.Range(0, 256).Select(BytePiece.Name), "\u2581", "a", "b", "c"], []), _folder["tokenizer"]);
        _tokenizer = Tokenizer.Load(_folder["tokenizer"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_text_is_one_stream_with_bos_once()
    {
        var data = Load("abc\nabc\n");
        data.Ids.ShouldBe([1, .. _tokenizer.Encode("abc\nabc\n")]);
        data.Ids.Count.ShouldBe(10);
        data.Sequences(4).Select(row => row.Length).ShouldBe([4, 4]);
        data.Sequences(4).SelectMany(row => row).ShouldBe(data.Ids.Take(8));
    }

    [Theory]
    [InlineData(0, 1, "aaaa\nbbbb\ncc\n")]
    [InlineData(0, 0.4, "aaaa\n")]
    [InlineData(0.4, 1, "bbbb\ncc\n")]
    [InlineData(0.4, 0.7, "bbbb\n")]
    [InlineData(0.7, 1, "cc\n")]
    public void A_part_ends_where_a_line_ends(double from, double to, string expected)
    {
        var path = _folder.Write("lines.txt", "aaaa\nbbbb\ncc\n");
        var data = TokenDataset.Load(new(path, from, to), _tokenizer, 300);
        _tokenizer.Decode(data.Ids).ShouldBe(expected);
    }

    [Fact]
    public void Neighbouring_parts_share_nothing_and_leave_nothing_out()
    {
        var text = string.Concat(Enumerable.Range(0, 50).Select(line => new string('a', line % 7) + "\n"));
        var path = _folder.Write("lines.txt", text);
        for (var cut = 0.05; cut < 1; cut += 0.05)
        {
            var (head, tail) = (TokenDataset.Load(new(path, 0, cut), _tokenizer, 300), TokenDataset.Load(new(path, cut, 1), _tokenizer, 300));
            (_tokenizer.Decode(head.Ids) + _tokenizer.Decode(tail.Ids)).ShouldBe(text);
        }
    }

    [Fact]
    public void Samples_follow_from_the_seed_alone_and_do_not_overlap()
    {
        var data = Load(string.Concat(Enumerable.Range(0, 400).Select(i => "abc"[i * i % 3])));
        var samples = data.SampleWindows(20, 16, seed: 7);
        samples.ShouldBe(data.SampleWindows(20, 16, seed: 7));
        samples.ShouldNotBe(data.SampleWindows(20, 16, seed: 8));
        samples.ShouldAllBe(row => row.Length == 16);

        // Numbered ids show where each window lies.
        var starts = Numbered(400).SampleWindows(25, 16, seed: 3).Select(row => row[0]).ToList();
        starts.Distinct().Count().ShouldBe(25);
        starts.ShouldAllBe(start => start % 16 == 0);
    }

    [Fact]
    public void The_sampling_is_the_same_on_every_machine()
    {
        Numbered(100).SampleWindows(5, 10, seed: 0).Select(row => row[0]).ShouldBe(ExpectedStarts);
    }

    [Fact]
    public void A_short_text_gives_overlapping_samples_rather_than_fewer()
    {
        var starts = Numbered(20).SampleWindows(8, 10, seed: 1).Select(row => row[0]).ToList();
        starts.Count.ShouldBe(8);
        starts.Distinct().Count().ShouldBe(8);
        Numbered(10).SampleWindows(3, 10, seed: 1).Length.ShouldBe(3);
    }

    [Fact]
    public void Each_round_gives_fresh_samples_until_all_have_been_given()
    {
        var rounds = Enumerable.Range(0, 3).Select(round => Numbered(100).SampleWindows(4, 10, seed: 2, round).Select(row => row[0]).ToArray()).ToArray();
        rounds[0].ShouldBe(Numbered(100).SampleWindows(4, 10, seed: 2).Select(row => row[0]));
        rounds.SelectMany(starts => starts).Distinct().Count().ShouldBe(10, "of ten windows");

        var rows = Rows("""{"ids": [[1, 2], [3, 4], [5, 6]]}""");
        rows.SampleWindows(2, 2, seed: 0, round: 1).ShouldBe([[5, 6], [1, 2]]);
    }

    [Fact]
    public void Ready_rows_are_used_as_they_are()
    {
        var data = Rows("""{"ids": [[5, 6, 7], [8, 9, 10, 11], [1]]}""");
        data.SampleWindows(2, 3, seed: 4).ShouldBe([[5, 6, 7], [8, 9, 10]]);
        data.Sequences(3).ShouldBe([[5, 6, 7], [8, 9, 10], [1]]);
        Should.Throw<SlimException>(() => data.SampleWindows(3, 3, 0)).Message.ShouldContain("rows.json: ids[2] has 1 tokens, but 3 were asked for");
        Should.Throw<SlimException>(() => data.SampleWindows(4, 1, 0)).Message.ShouldContain("there are 3 rows, but 4 samples were asked for");
    }

    [Fact]
    public void Rows_are_the_text_that_their_texts_make_joined_by_blank_lines()
    {
        var data = TokenDataset.Load(new(_folder.Write("rows.jsonl", "{\"text\": \"abc\\n\"}\n{\"txt\": \"b\"}\n{\"text\": \"ca\"}\n")), _tokenizer, 300);
        _tokenizer.Decode(data.Ids).ShouldBe("abc\n\nca");
        data.Ids.Count(id => id == _tokenizer.BosId).ShouldBe(1);
        data.Notes.Lines.ShouldBe([$"1 of 3 rows cannot be used: {_folder["rows.jsonl"]}(2): there is no field 'text'; did you mean 'txt'?"]);

        var table = TokenDataset.Load(new(_folder.Write("rows.csv", "a,\"b, b\"\nc,abc\n")) { Text = ["1", "0"] }, _tokenizer, 300);
        _tokenizer.Decode(table.Ids).ShouldBe("b, b a\n\nabc c");
        table.Notes.Lines.ShouldBeEmpty();

        var instructions = TokenDataset.Load(new(_folder.Write("alpaca.json", """[{"instruction": "aa", "output": "bb"}]""")) { Format = DatasetFormat.Alpaca }, _tokenizer, 300);
        _tokenizer.Decode(instructions.Ids).ShouldEndWith("### Instruction:\naa\n\n### Response:\nbb");
    }

    [Fact]
    public void A_limit_is_for_rows_alone()
    {
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder.Write("text.txt", "abc")) { Limit = 3 }, _tokenizer, 300)).Message.ShouldContain("'limit' is for rows with texts; format 'text' has none");
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder.Write("rows.json", "{}")) { Limit = 3 }, _tokenizer, 300)).Message.ShouldContain("format 'ids' has none");
    }

    [Theory]
    [InlineData("""{"ids": []}""", "'ids' has no rows")]
    [InlineData("""{"ids": [[1], []]}""", "ids[1] is empty")]
    [InlineData("""{"ids": [[1, 300]]}""", "ids[0][1]: 300 is not an integer from 0 to 299")]
    [InlineData("""{"ids": [1]}""", "ids[0]: 1 is not an array")]
    [InlineData("""{"rows": []}""", "'ids' is missing")]
    [InlineData("[[1]]", "the outermost value is an array")]
    public void Malformed_rows_are_named(string text, string expected)
    {
        Should.Throw<SlimException>(() => Rows(text)).Message.ShouldContain(expected);
    }

    [Fact]
    public void Texts_that_cannot_be_used_are_named_with_counts()
    {
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder["none.txt"]), _tokenizer, 300)).Message.ShouldBe($"{_folder["none.txt"]}: there is no such file");
        Should.Throw<SlimException>(() => Load("")).Message.ShouldContain("the file is empty");
        Should.Throw<SlimException>(() => Load("abc").SampleWindows(1, 50, 0)).Message.ShouldContain("text.txt: 5 tokens are too few for one window of 50");
        Should.Throw<SlimException>(() => Load("abc").Sequences(50)).Message.ShouldContain("5 tokens are too few");
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder["text.txt"]), null, 300)).Message.ShouldContain("needs a tokenizer");
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder["text.txt"]), _tokenizer, 10)).Message.ShouldContain("belongs to another model");
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder["text.txt"], 0.5, 0.2), _tokenizer, 300)).Message.ShouldContain("not a part");
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder["text.txt"], 0.1, 0.2), _tokenizer, 300)).Message.ShouldContain("that part is empty");
        File.WriteAllBytes(_folder["binary.txt"], [1, 0xFF, 0xFE]);
        Should.Throw<SlimException>(() => TokenDataset.Load(new(_folder["binary.txt"]), _tokenizer, 300)).Message.ShouldContain("not UTF-8");
    }

    private static readonly int[] ExpectedStarts = [70, 80, 30, 10, 50];

    private TokenDataset Load(string text) => TokenDataset.Load(new(_folder.Write("text.txt", text)), _tokenizer, 300);

    private TokenDataset Rows(string json) => TokenDataset.Load(new(_folder.Write("rows.json", json)), null, 300);

    // A stream whose ids count up from 0.
    private static TokenDataset Numbered(int count) => TokenDataset.FromStream("numbers", [.. Enumerable.Range(0, count)]);
}
