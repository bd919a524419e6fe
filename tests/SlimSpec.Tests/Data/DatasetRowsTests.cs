namespace SlimSpec.Tests.Data;

/// <summary>What each format's file gives, row by row.</summary>
public sealed class DatasetRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Json_is_an_array_or_an_object_a_line()
    {
        Texts("a.json", """[ {"text": "one"},{"text": "two\nlines"}, {"text": 3} ]""", DatasetFormat.Json).ShouldBe(["one", "two\nlines", "3"]);
        Texts("a.jsonl", "{\"text\": \"one\"}\r\n\n{\"text\": \"two\"}").ShouldBe(["one", "two"]);
        Texts("b.jsonl", """{"text": "one", "title": "A"}""", text: ["title", "text"]).ShouldBe(["A one"]);
    }

    [Fact]
    public void Objects_that_cannot_be_used_are_named_by_the_line_they_begin_on()
    {
        var (texts, counts) = Read("a.json", "[\n  {\"text\": \"one\"},\n  {\n    \"Text\": \"two\"\n  },\n  [1], {\"text\": [2]},\n  {\"text\": \" \"}, {\"text\": null}, {\"text\": \"\\ud800\"}]", DatasetFormat.Json);
        texts.ShouldBe(["one"]);
        (counts.Rows, counts.Malformed).ShouldBe((7, 6));
        counts.FirstMalformed.ShouldBe(
        [
            $"{_folder["a.json"]}(3): there is no field 'text'; did you mean 'Text'?",
            $"{_folder["a.json"]}(6): it is an array, not an object",
            $"{_folder["a.json"]}(6): 'text' is an array, not a string or a number",
            $"{_folder["a.json"]}(7): its text is empty",
            $"{_folder["a.json"]}(7): 'text' is null, not a string or a number",
        ]);
    }

    [Fact]
    public void A_broken_line_costs_one_row_and_a_broken_array_the_file()
    {
        var (texts, counts) = Read("a.jsonl", "{\"text\": \"one\"}\n{\"text\": \"tw\n{\"text\": \"three\", \"text\": \"four\"}\n{\"text\": \"five\"}\n");
        texts.ShouldBe(["one", "five"]);
        counts.FirstMalformed[0].ShouldStartWith($"{_folder["a.jsonl"]}(2): it is not valid JSON");
        counts.FirstMalformed[1].ShouldStartWith($"{_folder["a.jsonl"]}(3): it is not valid JSON");

        Should.Throw<SlimException>(() => Texts("a.json", "[{\"text\": \"one\"},\n{\"text\": ]", DatasetFormat.Json)).Message.ShouldStartWith($"{_folder["a.json"]}: line 2: not valid JSON");
        Should.Throw<SlimException>(() => Texts("a.json", "[{\"text\": \"one\"}] x", DatasetFormat.Json)).Message.ShouldStartWith($"{_folder["a.json"]}: line 1: not valid JSON");
    }

    [Fact]
    public void Comma_separated_values_are_quoted_as_in_rfc_4180()
    {
        Texts("a.csv", "id,text\r\n1,plain\r\n2,\"with, comma\"\r\n3,\"with \"\"quotes\"\"\"\r\n4,\"two\r\nlines\"\r\n5,in the \"middle\"\r\n")
            .ShouldBe(["plain", "with, comma", "with \"quotes\"", "two\r\nlines", "in the \"middle\""]);
        Texts("b.csv", "1,\"one\"\n2,two", text: ["1"]).ShouldBe(["one", "two"]);
        Texts("c.csv", "1,\"one\",\n", text: ["1", "2"]).ShouldBe(["one"]);
    }

    [Fact]
    public void Quotes_that_do_not_match_cost_the_row_and_no_other()
    {
        var (texts, counts) = Read("a.csv", "text,id\n\"one\",1\n\"two,2\nthree,3\n\"four\" x,4\n\n\"fi\nve\",5\n\"six,6", text: ["text"]);
        texts.ShouldBe(["one", "three", "fi\nve"]);
        counts.FirstMalformed.ShouldBe(
        [
            $"{_folder["a.csv"]}(3): something follows the closing quote of column 0",
            $"{_folder["a.csv"]}(5): something follows the closing quote of column 0",
            $"{_folder["a.csv"]}(9): the quote of column 0 is not closed",
        ]);
    }

    [Fact]
    public void Values_between_tabs_are_not_quoted()
    {
        Texts("a.tsv", "text\tid\n\"one\"\t1\n\"two, three\t2\n").ShouldBe(["\"one\"", "\"two, three"]);
        Texts("b.tsv", "x\tone\ny\ttwo\r\n", text: ["1"]).ShouldBe(["one", "two"]);
        Texts("c.tsv", "x\tone\ny\ttwo\n", text: ["0", "1"], header: true).ShouldBe(["y two"]);
    }

    [Fact]
    public void A_row_with_more_or_fewer_columns_is_malformed()
    {
        var (texts, counts) = Read("a.tsv", "one\t1\ntwo\nthree\t3\t3\nfour\t4\n", text: ["0"]);
        texts.ShouldBe(["one", "four"]);
        counts.FirstMalformed.ShouldBe(
        [
            $"{_folder["a.tsv"]}(2): the number of columns is 1, not 2 as in the first row",
            $"{_folder["a.tsv"]}(3): the number of columns is 3, not 2 as in the first row",
        ]);
        Read("b.tsv", "text\tid\none\n\ntwo\t2\n").Counts.FirstMalformed.ShouldBe([$"{_folder["b.tsv"]}(2): the number of columns is 1, not 2 as there are names"]);
    }

    [Fact]
    public void Columns_that_are_not_there_are_named_with_the_nearest()
    {
        Should.Throw<SlimException>(() => Texts("a.tsv", "sentense\tlabel\nx\t1\n", text: ["sentence"])).Message
            .ShouldBe($"{_folder["a.tsv"]}: there is no column 'sentence'; did you mean 'sentense'?; its columns are sentense, label");
        Should.Throw<SlimException>(() => Texts("a.tsv", "x\t1\n", text: ["2"])).Message.ShouldBe($"{_folder["a.tsv"]}: there is no column 2; line 1 has columns 0 to 1");
        Should.Throw<SlimException>(() => Texts("a.tsv", "text\tlabel\n", text: ["text", "2"])).Message.ShouldBe($"{_folder["a.tsv"]}: there is no column 2; it has columns 0 to 1 (text, label)");
        Should.Throw<SlimException>(() => Texts("a.tsv", "x\t1\n", text: ["text"], header: false)).Message.ShouldContain("its columns have no names, so 'text' cannot be found");
    }

    [Fact]
    public void Known_formats_know_their_columns()
    {
        Texts("a", "NUM:dist How far is it ?\nHUM:desc Who was he ?\n", DatasetFormat.Trec).ShouldBe(["How far is it ?", "Who was he ?"]);
        Texts("a", "NUM:dist How far is it ?\n", DatasetFormat.Trec, ["sublabel", "text"]).ShouldBe(["dist How far is it ?"]);
        Texts("a", "\"3\",\"Title\",\"It said \"\"no\"\".\"\n", DatasetFormat.AgNews).ShouldBe(["Title It said \"no\"."]);
        Texts("a", "\"3\",\"Title\",\"Text\"\n", DatasetFormat.AgNews, ["2"]).ShouldBe(["Text"]);
        Texts("a", "Class Index,Title,Description\n3,Title,Text\n", DatasetFormat.AgNews, header: true).ShouldBe(["Title Text"]);
        Texts("a", "sentence\tlabel\nfine \t1\n", DatasetFormat.Sst2).ShouldBe(["fine"]);
        Texts("a", "fine\t1\n", DatasetFormat.Sst2).ShouldBe(["fine"]);
        Texts("a", "id\tturn1\tturn2\tturn3\tlabel\n0\tHi\tYou?\tFine\tothers\n", DatasetFormat.Emocontext).ShouldBe(["Hi You? Fine"]);
        Texts("a", """{"text": "one"}""", DatasetFormat.Completion).ShouldBe(["one"]);
        Read("a", "DESC: How\nDESC How: so\nNUM:x y\n:x y\n", DatasetFormat.Trec).Counts.FirstMalformed.ShouldBe(
            [$"{_folder["a"]}(2): it does not begin with 'LABEL:sublabel '", $"{_folder["a"]}(4): it does not begin with 'LABEL:sublabel '"]);
    }

    [Fact]
    public void Parts_of_the_rows_share_nothing_and_leave_nothing_out()
    {
        var path = _folder.Write("a.tsv", string.Concat(Enumerable.Range(0, 37).Select(row => $"row {row}\t{row}\n")));
        var all = Texts(new(path) { Text = ["0"] });
        all.Count.ShouldBe(37);
        for (var cut = 0.1; cut < 0.95; cut += 0.1)
        {
            Texts(new(path, 0, cut) { Text = ["0"] }).Concat(Texts(new(path, cut, 1) { Text = ["0"] })).ShouldBe(all);
        }

        Should.Throw<SlimException>(() => Texts(new(path, 0.51, 0.52) { Text = ["0"] })).Message.ShouldBe($"{path}: from 0.51 to 0.52 of its 37 rows there is none");
        Should.Throw<SlimException>(() => Texts(new(path, 0.5, 1.5) { Text = ["0"] })).Message.ShouldContain("0.5 to 1.5 is not a part of a dataset");
    }

    [Fact]
    public void A_limit_draws_usable_rows_by_its_seed_and_keeps_their_order()
    {
        var path = _folder.Write("a.tsv", string.Concat(Enumerable.Range(0, 40).Select(row => $"{(row % 2 == 0 ? $"{row:00}" : "")}\t{row}\n")));
        var drawn = Texts(new(path) { Text = ["0"], Limit = 7, Seed = 3 });
        drawn.Count.ShouldBe(7);
        drawn.ShouldBe(drawn.Order());
        Texts(new(path) { Text = ["0"], Limit = 7, Seed = 3 }).ShouldBe(drawn);
        Texts(new(path) { Text = ["0"], Limit = 7, Seed = 4 }).ShouldNotBe(drawn);
        Texts(new(path) { Text = ["0"], Limit = 70 }).Count.ShouldBe(20);
    }

    [Fact]
    public void Files_without_a_usable_row_say_so()
    {
        Should.Throw<SlimException>(() => Texts("a.jsonl", "\n")).Message.ShouldBe($"{_folder["a.jsonl"]}: the file has no rows");
        Should.Throw<SlimException>(() => Texts("a.jsonl", "1\n2\n")).Message.ShouldBe($"{_folder["a.jsonl"]}: none of 2 rows can be used; the first: {_folder["a.jsonl"]}(1): it is a number, not an object");
        Should.Throw<SlimException>(() => Texts("a.json", "{}")).Message.ShouldContain("format 'ids' has no rows with named values");
        Should.Throw<SlimException>(() => Texts(new(_folder["none.csv"]))).Message.ShouldBe($"{_folder["none.csv"]}: there is no such file");
    }

    [SharedFact("data/trec")]
    public void The_files_of_the_tasks_are_read_whole()
    {
        Classes("trec/train_5500.label", DatasetFormat.Trec, null, "ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM").ShouldBe("86, 1250, 1162, 1223, 835, 896; 0");
        Classes("trec/TREC_10.even.label", DatasetFormat.Trec, null, "ABBR", "ENTY", "DESC", "HUM", "LOC", "NUM").ShouldBe("6, 44, 72, 25, 42, 61; 0");
        Classes("sst2/train.tsv", DatasetFormat.Sst2, null, "0", "1").ShouldBe("3310, 3610; 0");
        Classes("sst2/dev.tsv", DatasetFormat.Sst2, null, "0", "1").ShouldBe("428, 444; 0");
        Classes("ag-news/train-part.tsv", DatasetFormat.Tsv, null, "World", "Sports", "Business", "Sci/Tech").ShouldBe("2509, 2458, 2496, 2538; 0");
        Classes("ag-news/test.even.csv", DatasetFormat.AgNews, null, "1", "2", "3", "4").ShouldBe("949, 949, 947, 955; 0");
        var emotions = new[] { "anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise" };
        Classes("goemotions-ekman/train.tsv", DatasetFormat.Tsv, emotions.Index().ToDictionary(entry => $"{entry.Index}", entry => entry.Item), emotions).ShouldBe("4293, 498, 541, 15216, 12823, 2326, 3858; 3855");
    }

    // Rows of each class; those left out.
    private static string Classes(string file, DatasetFormat format, Dictionary<string, string>? labels, params string[] classes)
    {
        var reference = new DatasetReference(TestFiles.Shared($"data/{file}")) { Format = format, Text = format == DatasetFormat.Tsv ? ["0"] : null, Label = format == DatasetFormat.Tsv ? "1" : null, Labels = labels };
        var task = new ClassificationTask { Name = "task", Template = "{text}", LabelWords = classes.ToDictionary(name => name), Test = reference };
        var counts = new DataCounts();
        var rows = LabelledRow.Read(reference, task, counts);
        counts.FirstMalformed.ShouldBeEmpty();
        return $"{string.Join(", ", classes.Select((_, number) => rows.Count(row => row.Class == number)))}; {counts.OtherLabels}";
    }

    private (List<string> Texts, DataCounts Counts) Read(string name, string content, DatasetFormat? format = null, string[]? text = null)
    {
        var counts = new DataCounts();
        return (Texts(new(_folder.Write(name, content)) { Format = format, Text = text }, counts), counts);
    }

    private List<string> Texts(string name, string content, DatasetFormat? format = null, string[]? text = null, bool? header = null) =>
        Texts(new(_folder.Write(name, content)) { Format = format, Text = text, Header = header });

    private static List<string> Texts(DatasetReference reference, DataCounts? counts = null) =>
        DataFile.Read<string>(reference, DatasetFormats.Text(reference), counts ?? new(), (string[] values, out string? fault) =>
        {
            var text = string.Join(' ', values).Trim();
            fault = text.Length == 0 ? "its text is empty" : null;
            return fault is null ? text : null;
        });
}
