using System.Text.Json;

namespace SlimSpec.Tests.Evaluation;

/// <summary>What a task is scored by, what becomes of its rows, and what is kept of its answers.</summary>
public sealed class MultipleChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CausalLM _model = GoldenModels.Load("llama-mha");
    private readonly Tokenizer _tokenizer;

    public MultipleChoiceTests()
    {
        // A character a token, and as many as the model knows.
        var pieces = Enumerable.Range(0, 200).Select(id => $"\"{(id is 0 ? "<unk>" : id < 95 ? JsonEncodedText.Encode(((char)(id + 31)).ToString()).ToString() : $"x{id}x")}\":{id}");
        _folder.Write("tokenizer.json", $$$"""{"model":{"type":"BPE","unk_token":"<unk>","vocab":{ {{{string.Join(',', pieces)}}} },"merges":[]}}""");
        _tokenizer = Tokenizer.Load(_folder.Path);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_choice_scores_the_sum_of_its_tokens_behind_its_context()
    {
        var result = Measure(Task("""{ "q": "a b", "c": ["yes", "no way", "no"], "gold": 2 }"""));
        var answer = result.Answers.ShouldHaveSingleItem();
        string[] choices = [" yes", " no way", " no"];
        answer.LogLikelihoods.ShouldBe(choices.Select(choice => Alone("a b", choice)), 1e-4);
        answer.Characters.ShouldBe([3, 6, 2]);
        answer.ContextTokens.ShouldBe([3, 3, 3]);
        answer.ContinuationTokens.ShouldBe([4, 7, 3]);
        result.SequenceTokens.ShouldBe(6 + 9 + 5);
        result.ComputedTokens.ShouldBe(4 + 2 + 5 + 1, "the context and the space are shared by all");
    }

    [Fact]
    public void A_prompt_that_is_a_number_says_which_prompt_is_right()
    {
        var task = Task("""{ "o": ["an", "bet"], "c": "is it", "gold": "1" }""") with { DocToText = "{{ gold|int }}", DocToChoice = "o", DocToTarget = "c" };
        var answer = Measure(task).Answers.ShouldHaveSingleItem();
        answer.Gold.ShouldBe(1);
        answer.LogLikelihoods.ShouldBe([Alone("an", " is it"), Alone("bet", " is it")], 1e-4);
        answer.Characters.ShouldBe([5, 5]);
    }

    [Fact]
    public void What_does_not_fit_is_cut_off_at_the_start()
    {
        var positions = _model.Shape.MaxPositions;
        var context = string.Concat(Enumerable.Range(0, positions).Select(place => (char)('a' + (place % 26))));
        var answer = Measure(Task($$"""{ "q": "{{context}}", "c": ["yes", "y"], "gold": 0 }""")).Answers.ShouldHaveSingleItem();
        answer.Truncated.ShouldBeTrue();
        answer.ContextTokens[0].ShouldBe(positions);
        answer.LogLikelihoods.ShouldBe([Alone(context[3..], " yes"), Alone(context[1..], " y")], 1e-4);
    }

    [Fact]
    public void Examples_are_drawn_by_the_seed_and_never_the_row_that_is_asked()
    {
        var rows = string.Join('\n', Enumerable.Range(0, 8).Select(row => $$"""{ "q": "{{row}}?", "c": ["n{{row}}", "y{{row}}"], "gold": 1 }"""));
        var task = Task(rows) with { NumFewshot = 3, Description = "D:", FewshotDelimiter = "|" };
        var items = MultipleChoicePrompts.Render(task);
        foreach (var item in items)
        {
            var parts = item.Choices[0].Context["D:".Length..].Split('|');
            parts[^1].ShouldBe($"{item.Doc}?");
            parts[..^1].ShouldBe(parts[..^1].Distinct());
            parts[..^1].ShouldAllBe(part => part.Length == 5 && part.Substring(1, 3) == "? y" && part[0] == part[4] && part[0] != '0' + item.Doc);
            parts.Length.ShouldBe(4);
        }

        items.Select(item => string.Concat(item.Choices[0].Context.Where(char.IsAsciiDigit))).Distinct().Count().ShouldBe(8);
        MultipleChoicePrompts.Render(task).Select(item => item.TextHash).ShouldBe(items.Select(item => item.TextHash));
        MultipleChoicePrompts.Render(task with { Limit = 2 }).Select(item => item.TextHash).ShouldBe(items.Take(2).Select(item => item.TextHash));
        MultipleChoicePrompts.Render(task with { Seed = 1 }).Select(item => item.TextHash).ShouldNotBe(items.Select(item => item.TextHash));
        Should.Throw<SlimException>(() => MultipleChoicePrompts.Render(task with { NumFewshot = 8 })).Message.ShouldContain("asks for 8 solved examples, and there are 7");
        var other = Task("""{ "q": "z?", "c": ["z", "zz"], "gold": 0 }""", "others.jsonl").Dataset;
        MultipleChoicePrompts.Render(task with { NumFewshot = 1, Fewshot = other })[2].Choices[1].Context.ShouldBe("D:z? z|2?");
    }

    [Fact]
    public void Metrics_take_the_first_of_equals_and_the_likeliest_for_its_length()
    {
        MultipleChoiceAnswer Answer(double[] scores, params int[] characters) => new()
        {
            Doc = 0,
            Gold = 0,
            LogLikelihoods = scores,
            Characters = characters,
            ContextTokens = [],
            ContinuationTokens = [],
            Truncated = false,
            TextSha256 = "",
        };
        Answer([-2, -1, -1], 1, 1, 1).Chosen(MultipleChoiceMetric.Acc).ShouldBe(1);
        Answer([-3, -4], 1, 4).Chosen(MultipleChoiceMetric.Acc).ShouldBe(0);
        Answer([-3, -4], 1, 4).Chosen(MultipleChoiceMetric.AccNorm).ShouldBe(1);
    }

    [Fact]
    public void A_run_that_was_cut_off_takes_up_what_was_answered()
    {
        var task = Task(string.Join('\n', Enumerable.Range(0, 20).Select(row => $$"""{ "q": "{{new string('a', 4 * row)}}b", "c": ["yes", "no"], "gold": {{row % 2}} }""")));
        var journal = new MultipleChoiceJournal(_folder["samples"], "model one");
        var whole = MultipleChoice.Measure(_model, _tokenizer, task, journal);
        var text = File.ReadAllText(_folder["samples/test.jsonl"]);
        var lines = text.TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(21);
        JsonDocument.Parse(lines[3]).RootElement.GetProperty("chosen").GetProperty("acc").GetInt32().ShouldBe(whole.Answers[2].Chosen(MultipleChoiceMetric.Acc));

        MultipleChoice.Measure(_model, _tokenizer, task, journal).ComputedTokens.ShouldBe(0);
        File.WriteAllText(_folder["samples/test.jsonl"], text[..(text.Length / 2)]);
        var again = MultipleChoice.Measure(_model, _tokenizer, task, journal);
        again.ComputedTokens.ShouldBe(whole.ComputedTokens, "one pass holds all of them");
        File.ReadAllText(_folder["samples/test.jsonl"]).ShouldBe(text);
        again.Score.Metrics.ShouldBe(whole.Score.Metrics);

        MultipleChoice.Measure(_model, _tokenizer, task with { DocToText = "{{ q }}!" }, journal).ComputedTokens.ShouldBeGreaterThan(0);
        MultipleChoice.Measure(_model, _tokenizer, task, new MultipleChoiceJournal(_folder["samples"], "model two")).ComputedTokens.ShouldBe(whole.ComputedTokens);
    }

    [Fact]
    public void A_streamed_model_answers_as_one_in_memory()
    {
        using var folder = HuggingFaceFolder.Open(TestFiles.Golden("llama-mha"));
        using var streamed = folder.OpenStream(GoldenModels.Recipe("llama-mha"), torch.ScalarType.Float32, torch.CPU);
        var task = Task(string.Join('\n', Enumerable.Range(0, 200).Select(row => $$"""{ "q": "{{new string('a', 1 + (row % 20))}}b", "c": ["yes", "no"], "gold": 0 }""")));
        var result = MultipleChoice.Measure(streamed, _tokenizer, task);
        result.Answers.Select(answer => answer.LogLikelihoods).ShouldBe(Measure(task).Answers.Select(answer => answer.LogLikelihoods));
        result.ComputedTokens.ShouldBeGreaterThan(2048, "several passes");
        streamed.Stream!.BytesRead.ShouldBe(4 * streamed.Shape.Parameters);
    }

    [Fact]
    public void It_leaks_no_tensor()
    {
        var task = Task("""{ "q": "a b", "c": ["yes", "no"], "gold": 1 }""");
        Measure(task);
        var before = DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
        Measure(task);
        DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount.ShouldBe(before);
    }

    [Theory]
    [InlineData("""{ "q": "a", "c": ["x"], "gold": 0 }""", "rows.jsonl(2): doc_to_choice: it must give a list of two choices or more")]
    [InlineData("""{ "q": "a", "c": ["x", "y"], "gold": 2 }""", "rows.jsonl(2): doc_to_target: it gives 2, but the 2 choices are 0 to 1")]
    [InlineData("""{ "q": "a", "c": ["x", "y"], "gold": "z" }""", "rows.jsonl(2): doc_to_target: it gives 'z', which is neither a choice's number nor the text of one")]
    [InlineData("""{ "q": "a", "c": ["x", "y"], "gould": 2 }""", "rows.jsonl(2): doc_to_target: character 1: there is no field 'gold'; did you mean 'gould'?")]
    [InlineData("""{ "q": "a", "c": """, "rows.jsonl(2): it is not valid JSON")]
    [InlineData("[1]", "rows.jsonl(2): it is a number, not an object")]
    public void A_row_that_cannot_be_put_into_words_is_named(string row, string message) =>
        Should.Throw<SlimException>(() => Measure(Task($"\n{row}"))).Message.ShouldContain(message);

    private MultipleChoiceResult Measure(MultipleChoiceTask task) => MultipleChoice.Measure(_model, _tokenizer, task);

    private MultipleChoiceTask Task(string rows, string file = "rows.jsonl") => new()
    {
        Task = "test",
        Dataset = new(_folder.Write(file, rows)),
        DocToText = "q",
        DocToChoice = "c",
        DocToTarget = "gold",
        Metrics = [MultipleChoiceMetric.Acc, MultipleChoiceMetric.AccNorm],
    };

    private double Alone(string context, string continuation)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        int[] ids = [.. _tokenizer.Encode(context), .. _tokenizer.Encode(continuation)];
        var scores = _model.forward(Tensors.Of([ids[..^1]]))[0].log_softmax(-1).to(torch.ScalarType.Float64);
        return Enumerable.Range(ids.Length - continuation.Length, continuation.Length).Sum(place => scores[place - 1, ids[place]].item<double>());
    }
}
