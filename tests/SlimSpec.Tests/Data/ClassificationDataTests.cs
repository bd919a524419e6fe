namespace SlimSpec.Tests.Data;

/// <summary>What a classification trains on and is measured on.</summary>
public sealed class ClassificationDataTests : IDisposable
{
    private const int Vocabulary = 300;
    private readonly TemporaryFolder _folder = new();
    private readonly Tokenizer _tokenizer;

    public ClassificationDataTests()
    {
        // Every character is a piece of its own, so tokens can be counted by eye; words begin with their space.
        TokenizerWriter.Write(new([.. BpeTrainer.SpecialTokens, .. Enumerable.Range(0, 256).Select(BytePiece.Name), "\u2581", "G", "B", "\u2581G", "\u2581B"], [("\u2581", "G"), ("\u2581", "B")]), _folder["tokenizer"]);
        _tokenizer = Tokenizer.Load(_folder["tokenizer"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_prompt_is_the_template_behind_bos_and_the_label_words_first_tokens_answer_it()
    {
        var set = Read(Step(RecoveryObjective.PromptLm, "fine\tpos\npoor\tneg\n"));
        set.Training.Select(Text).Order().ShouldBe(["It: fine\nSo:", "It: poor\nSo:"]);
        set.Training.ShouldAllBe(example => example.Ids[0] == _tokenizer.BosId && example.Label == (Text(example) == "It: fine\nSo:" ? 1 : 0));
        set.Classes.ShouldBe(["neg", "pos"]);
        set.LabelTokens.ShouldBe([_tokenizer.Id("\u2581B")!.Value, _tokenizer.Id("\u2581G")!.Value]);
        set.Validation.ShouldBeEmpty();
    }

    [Fact]
    public void The_objectives_differ_in_the_text_and_agree_in_the_rows()
    {
        var step = Step(RecoveryObjective.PromptLm, Rows(20), demonstrations: 1, shots: 3, validation: 4);
        var (lm, head, plain) = (Read(step), Read(step with { Objective = RecoveryObjective.PCls }), Read(step with { Objective = RecoveryObjective.Cls }));
        head.Training.Select(Text).ShouldBe(lm.Training.Select(Text));
        head.LabelTokens.ShouldBeEmpty();
        plain.Training.Select(Text).ShouldAllBe(text => text.Length == 3);
        plain.Training.Zip(lm.Training).ShouldAllBe(pair => Text(pair.Second).EndsWith($"\nIt: {Text(pair.First)}\nSo:", StringComparison.Ordinal));
        plain.Validation.Zip(lm.Validation).ShouldAllBe(pair => Text(pair.Second).EndsWith($"\nIt: {Text(pair.First)}\nSo:", StringComparison.Ordinal));
    }

    [Fact]
    public void Demonstrations_come_first_one_of_each_class_and_are_trained_on_nowhere()
    {
        var set = Read(Step(RecoveryObjective.PromptLm, Rows(20), demonstrations: 1, shots: 3, validation: 4));
        var prompts = set.Training.Concat(set.Validation).Select(Text).ToList();
        var shown = set.Training.Concat(set.Validation).Select(Shown).Distinct().ShouldHaveSingleItem();
        shown.ShouldMatch("^It: n\\d\\d\nSo: Bad\nIt: p\\d\\d\nSo: Good$");
        var asked = prompts.Select(prompt => prompt[^7..^4]).ToList();
        asked.Distinct().Count().ShouldBe(10);
        asked.ShouldAllBe(text => !shown.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void Shots_are_drawn_for_each_class_by_the_seed_and_never_from_what_is_held_out()
    {
        var step = Step(RecoveryObjective.Cls, Rows(20), demonstrations: 1, shots: 3, validation: 4);
        var set = Read(step);
        set.Training.CountBy(example => example.Label).OrderBy(entry => entry.Key).Select(entry => entry.Value).ShouldBe([3, 3]);
        set.Validation.Count.ShouldBe(4);
        set.Training.Select(Text).Intersect(set.Validation.Select(Text)).ShouldBeEmpty();
        Read(step).Training.Select(Text).ShouldBe(set.Training.Select(Text));
        Read(step with { Seed = 42 }).Training.Select(Text).ShouldNotBe(set.Training.Select(Text));

        var all = Read(step with { Task = step.Task! with { Shots = null } });
        (all.Training.Count, all.Validation.Count).ShouldBe((40 - 2 - 4, 4));
        all.Validation.Select(Text).ShouldBe(set.Validation.Select(Text));
    }

    [Fact]
    public void The_test_has_the_demonstrations_of_the_training_and_all_its_rows()
    {
        var step = Step(RecoveryObjective.PromptLm, Rows(20), demonstrations: 2, shots: 3, validation: 4);
        var (training, test) = (Read(step), RecoveryData.ReadTest(step, _tokenizer, Vocabulary, 1000));
        test.Training.ShouldBeEmpty();
        test.Validation.Select(example => Text(example)[^11..]).ShouldBe(["It: tp1\nSo:", "It: tn1\nSo:", "It: tp2\nSo:"]);
        test.Validation.Select(example => example.Label).ShouldBe([1, 0, 1]);
        test.Validation.Select(Shown).Distinct().ShouldBe([Shown(training.Training[0])]);
        Shown(training.Training[0]).ShouldMatch("^It: n\\d\\d\nSo: Bad\nIt: p\\d\\d\nSo: Good\nIt: n\\d\\d\nSo: Bad\nIt: p\\d\\d\nSo: Good$");
        test.LabelTokens.ShouldBe(training.LabelTokens);
        RecoveryData.ReadTest(step with { Objective = RecoveryObjective.Cls }, _tokenizer, Vocabulary, 1000).Validation.Select(Text).ShouldBe(["tp1", "tn1", "tp2"]);
    }

    [Fact]
    public void Rows_of_other_classes_are_counted()
    {
        var step = Step(RecoveryObjective.Cls, "fine\t1\npoor\t0\nboth\t0,1\nlate\t2\n");
        var set = Read(step with { Dataset = step.Dataset with { Labels = new Dictionary<string, string> { ["0"] = "neg", ["1"] = "pos" } } });
        (set.Notes.Rows, set.Notes.OtherLabels, set.Notes.Malformed).ShouldBe((4, 2, 0));
        set.Notes.Lines.ShouldBe(["2 of 4 rows are left out: 'labels' does not list their label"]);

        var unlisted = Read(Step(RecoveryObjective.Cls, "fine\tpos\npoor\tneg\nlate\tnec\n"));
        unlisted.Notes.Lines.ShouldBe([$"1 of 3 rows cannot be used: {_folder["train.tsv"]}(3): its label 'nec' is no class of the task 'mood'; did you mean 'neg'?; they are neg, pos"]);
        Should.Throw<SlimException>(() => Read(step with { Dataset = step.Dataset with { Labels = new Dictionary<string, string> { ["0"] = "nag" } } })).Message
            .ShouldContain("'0' is to be 'nag', but that is no class of the task 'mood'; did you mean 'neg'?");
        Should.Throw<SlimException>(() => Read(step with { Dataset = step.Dataset with { Labels = new Dictionary<string, string> { ["9"] = "neg" } } })).Message
            .ShouldEndWith("none of 3 rows has a label that 'labels' lists");
    }

    [Theory]
    [InlineData(DatasetFormat.Trec, null, "neg:x one\npos:y two\n")]
    [InlineData(DatasetFormat.AgNews, null, "\"neg\",\"o\",\"n\"\n\"pos\",\"t\",\"w\"\n")]
    [InlineData(DatasetFormat.Sst2, null, "sentence\tlabel\none\tneg\ntwo\tpos \n")]
    [InlineData(DatasetFormat.Emocontext, null, "id\tturn1\tturn2\tturn3\tlabel\n0\ta\tb\tc\tneg\n1\td\te\tf\tpos\n")]
    [InlineData(DatasetFormat.Json, "label", "{\"text\": \"one\", \"label\": \"neg\"}\n{\"text\": \"two\", \"label\": \"pos\"}\n")]
    [InlineData(DatasetFormat.Json, "mood", "[{\"text\": \"one\", \"mood\": 0}, {\"text\": \"two\", \"mood\": 1}]")]
    [InlineData(DatasetFormat.Csv, "mood", "mood,text\n0,one\n1,two\n")]
    public void Labels_are_where_the_format_has_them(DatasetFormat format, string? label, string content)
    {
        var dataset = new DatasetReference(_folder.Write("rows", content)) { Format = format, Label = label, Labels = label == "mood" ? new Dictionary<string, string> { ["0"] = "neg", ["1"] = "pos" } : null };
        var set = Read(Step(RecoveryObjective.Cls, "") with { Dataset = dataset });
        set.Training.OrderBy(example => Text(example), StringComparer.Ordinal).Select(example => example.Label).ShouldBe([0, 1]);
        set.Notes.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void Too_few_rows_of_a_class_are_named_with_the_counts()
    {
        Should.Throw<SlimException>(() => Read(Step(RecoveryObjective.Cls, "fine\tpos\ngood\tpos\npoor\tneg\n", shots: 2))).Message
            .ShouldContain("the class 'neg' of the task 'mood' has 1 rows; 1 are left to train on behind 0 demonstrations");
        Should.Throw<SlimException>(() => Read(Step(RecoveryObjective.Cls, "fine\tpos\ngood\tpos\n"))).Message.ShouldContain("the class 'neg' of the task 'mood' has 0 rows");
        Should.Throw<SlimException>(() => Read(Step(RecoveryObjective.Cls, Rows(2), validation: 4))).Message.ShouldBe("val_set_size: 4 holds out 4 of 4 examples, which leaves none to train on");
    }

    [Fact]
    public void Long_texts_lose_their_end_and_the_template_stays()
    {
        var text = new string('x', 50);
        var step = Step(RecoveryObjective.PromptLm, $"{text}\tpos\n{text}y\tneg\n") with { MaxSeqLength = 30 };
        var set = Read(step);
        set.Training.ShouldAllBe(example => example.Ids.Length == 30);
        set.Training.Select(Text).Distinct().ShouldBe([$"It: {new string('x', 20)}\nSo:"]);
        (set.Notes.Truncated, set.Notes.Lines.Single()).ShouldBe((2, "2 texts are cut to max_seq_length"));

        var plain = Read(step with { Objective = RecoveryObjective.Cls });
        plain.Training.ShouldAllBe(example => example.Ids.Length == 30);
        plain.Notes.Truncated.ShouldBe(2);
        Should.Throw<SlimException>(() => Read(step with { MaxSeqLength = 9 })).Message.ShouldStartWith("max_seq_length: 9 tokens have no room for a prompt of the task 'mood' with 0 demonstrations");
    }

    [Fact]
    public void Each_demonstration_keeps_within_its_share_of_the_tokens()
    {
        var rows = string.Concat(Enumerable.Range(0, 6).Select(row => $"{new string('x', 90)}{row}\t{(row % 2 == 0 ? "pos" : "neg")}\n"));
        var step = Step(RecoveryObjective.PromptLm, rows, demonstrations: 1) with { MaxSeqLength = 120 };
        var set = Read(step);
        set.Training.ShouldAllBe(example => example.Ids.Length == 120);
        Shown(set.Training[0]).Split("\nIt: ").ShouldAllBe(shown => _tokenizer.Encode(shown, false, false).Length <= 40 && shown.Contains("xxxxxxxxxxxxxxxxxxxx", StringComparison.Ordinal));
        Text(set.Training[0]).ShouldEndWith("xxx\nSo:");
    }

    [Fact]
    public void Label_words_must_differ_in_their_first_token()
    {
        var step = Step(RecoveryObjective.PromptLm, Rows(2));
        var words = step with { Task = step.Task! with { LabelWords = new Dictionary<string, string> { ["neg"] = "Gone", ["pos"] = "Good" } } };
        Should.Throw<SlimException>(() => Read(words)).Message.ShouldContain("tasks: mood: the label words 'Gone' and 'Good' begin with the same token ('\u2581G')");
        Read(words with { Objective = RecoveryObjective.PCls }).Training.Count.ShouldBe(4);

        // A letter that begins no piece with its space would be answered with the space alone; so would any other.
        var spaces = step with { Task = step.Task! with { LabelWords = new Dictionary<string, string> { ["neg"] = "no", ["pos"] = "yes" } } };
        Should.Throw<SlimException>(() => Read(spaces)).Message.ShouldContain("'no' and 'yes' begin with the same token ('\u2581')");
    }

    [Fact]
    public void Settings_that_the_model_cannot_take_are_named()
    {
        var step = Step(RecoveryObjective.PromptLm, Rows(2));
        Should.Throw<SlimException>(() => RecoveryData.Read(step with { MaxSeqLength = 2000 }, _tokenizer, Vocabulary, 1000)).Message.ShouldBe("max_seq_length: 2000 is more than the model's 1000 positions");
        Should.Throw<SlimException>(() => RecoveryData.Read(step, _tokenizer, 200, 1000)).Message.ShouldContain("the tokenizer belongs to another model");
        Should.Throw<SlimException>(() => RecoveryData.Read(step, null, Vocabulary, 1000)).Message.ShouldContain("needs a tokenizer");
        Should.Throw<ArgumentException>(() => RecoveryData.ReadTest(step with { Task = null, Objective = RecoveryObjective.Lm }, _tokenizer, Vocabulary, 1000));
    }

    [SharedTheory("data/tokenizer-gpt2")]
    [InlineData("tokenizer-gpt2", " ")]
    [InlineData("tokenizer-llama2", "")] // puts a space in front itself
    public void The_experiments_label_words_can_be_told_apart_by_their_first_tokens(string name, string space)
    {
        var tokenizer = Tokenizer.Load(TestFiles.Shared($"data/{name}"));
        var emotions = SmallTasks.Step("emotion").Task! with { LabelWords = new[] { "Others", "Happy", "Sad", "Angry" }.ToDictionary(word => word) };
        foreach (var task in new[] { SmallTasks.Step("trec").Task!, SmallTasks.Step("sst2").Task!, SmallTasks.Step("ag_news").Task!, emotions })
        {
            TaskPrompt.LabelTokens(task, tokenizer).ShouldBe(task.LabelWords.Values.Select(word => tokenizer.Encode(space + word)[0]));
        }
    }

    [SharedTheory("data/lm-stories3M")]
    [InlineData("trec")]
    [InlineData("sst2")]
    [InlineData("ag_news")]
    [InlineData("emotion")]
    public void The_small_experiments_tasks_can_be_asked_of_its_model(string task)
    {
        var tokenizer = Tokenizer.Load(TestFiles.Shared("data/lm-stories3M"));
        var step = SmallTasks.Step(task) with { MaxSeqLength = 512, ValSetSize = 20, Seed = 42 };
        step = step with { Task = step.Task! with { Demonstrations = 1, Shots = 5, Test = step.Task.Test with { Limit = 30 } } };
        var (set, test) = (RecoveryData.Read(step, tokenizer, 4096, 512), RecoveryData.ReadTest(step, tokenizer, 4096, 512));
        (set.Training.Count, set.Validation.Count, test.Validation.Count).ShouldBe((5 * set.Classes.Count, 20, 30));
        set.LabelTokens.Distinct().Count().ShouldBe(set.Classes.Count);
        set.Training.Concat(test.Validation).ShouldAllBe(example => example.Ids.Length <= 512 && tokenizer.Decode(example.Ids).EndsWith(step.Task.Template.Split('\n').Last(), StringComparison.Ordinal));
    }

    private TrainingSet Read(RecoveryStep step) => RecoveryData.Read(step, _tokenizer, Vocabulary, 1000);

    private string Text(TrainingExample example) => _tokenizer.Decode(example.Ids);

    // The demonstrations of a prompt.
    private string Shown(TrainingExample example) => Text(example) is var prompt ? prompt[..prompt.LastIndexOf("\nIt: ", StringComparison.Ordinal)] : "";

    private static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(row => $"p{row:00}\tpos\nn{row:00}\tneg\n"));

    private FullRecovery Step(RecoveryObjective objective, string rows, int demonstrations = 0, int? shots = null, double validation = 0) => new()
    {
        Objective = objective,
        Dataset = new(_folder.Write("train.tsv", rows)) { Text = ["0"], Label = "1" },
        ValSetSize = validation,
        Task = new()
        {
            Name = "mood",
            Template = "It: {text}\nSo:",
            LabelWords = new Dictionary<string, string> { ["neg"] = "Bad", ["pos"] = "Good" },
            Demonstrations = demonstrations,
            Shots = shots,
            Test = new(_folder.Write("test.tsv", "tp1\tpos\ntn1\tneg\ntp2\tpos\n")) { Text = ["0"], Label = "1" },
        },
    };
}
