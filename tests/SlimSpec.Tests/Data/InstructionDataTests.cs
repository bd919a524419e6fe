namespace SlimSpec.Tests.Data;

/// <summary>Instructions and plain text to train on.</summary>
public sealed class InstructionDataTests : IDisposable
{
    private const int Vocabulary = 300;
    private const string Preamble = "Below is an instruction that describes a task";
    private readonly TemporaryFolder _folder = new();
    private readonly Tokenizer _tokenizer;

    public InstructionDataTests()
    {
        TokenizerWriter.Write(new([.. BpeTrainer.SpecialTokens, .. Enumerable.Range(0, 256).Select(BytePiece.Name), "\u2581"], []), _folder["tokenizer"]);
        _tokenizer = Tokenizer.Load(_folder["tokenizer"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_instruction_is_alpacas_prompt_with_the_answer_and_eos()
    {
        var set = Read(Step("""[{"instruction": "Add.", "input": "1 + 1", "output": "2"}, {"instruction": "Say so.", "output": "So"}]"""));
        set.Training.Select(example => _tokenizer.Decode(example.Ids)).ShouldBe(
        [
            $"{Preamble}, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\nAdd.\n\n### Input:\n1 + 1\n\n### Response:\n2",
            $"{Preamble}. Write a response that appropriately completes the request.\n\n### Instruction:\nSay so.\n\n### Response:\nSo",
        ]);
        set.Training.ShouldAllBe(example => example.Ids.First() == _tokenizer.BosId && example.Ids.Last() == _tokenizer.EosId && example.Label == -1);
        set.Training.Select(example => _tokenizer.Decode(example.Ids[example.FirstTarget..])).ShouldBe(["2", "So"]);
        Read(Step("""[{"instruction": "Say so.", "output": "So"}]""") with { TrainOnInputs = true }).Training[0].FirstTarget.ShouldBe(1);
    }

    [Fact]
    public void Fields_may_have_other_names_and_tables_hold_instructions_too()
    {
        var json = Step("""[{"question": "Who?", "context": "A cat sat.", "answer": "The cat"}]""");
        Answers(Read(json with { Dataset = json.Dataset with { Format = DatasetFormat.Json, Instruction = "question", Input = "context", Output = "answer" } })).ShouldBe(["The cat"]);
        Answers(Read(new FullRecovery { Objective = RecoveryObjective.Instruct, MaxSeqLength = 400, Dataset = new(_folder.Write("a.csv", "output,instruction\nyes,Say yes.\n")) })).ShouldBe(["yes"]);
    }

    [Fact]
    public void What_is_longer_is_cut_without_eos_and_what_loses_its_answer_is_not_used()
    {
        var step = Step($$"""[{"instruction": "a", "output": "{{new string('x', 300)}}"}, {"instruction": "b", "output": "y"}, {"instruction": "{{new string('i', 300)}}", "output": "z"}, {"instruction": "", "output": "z"}, {"instruction": "c", "output": ""}]""");
        var set = Read(step with { MaxSeqLength = 250 });
        set.Training.Count.ShouldBe(2);
        (set.Training[0].Ids.Length, set.Training[0].Ids[^1]).ShouldBe((250, _tokenizer.Encode("x")[^1]));
        set.Notes.ShouldSatisfyAllConditions(notes => notes.Truncated.ShouldBe(1), notes => notes.Malformed.ShouldBe(3), notes => notes.Rows.ShouldBe(5));
        set.Notes.FirstMalformed.Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]).ShouldBe(["max_seq_length 250 leaves nothing of its answer", "its instruction is empty", "its answer is empty"]);
    }

    [Fact]
    public void Held_out_examples_are_drawn_by_the_seed()
    {
        var step = Step("[" + string.Join(',', Enumerable.Range(0, 20).Select(row => $$"""{"instruction": "i", "output": "{{row:00}}"}""")) + "]") with { ValSetSize = 0.2 };
        var set = Read(step);
        (set.Training.Count, set.Validation.Count).ShouldBe((16, 4));
        Answers(set).Concat(set.Validation.Select(Answer)).Order().ShouldBe(Enumerable.Range(0, 20).Select(row => $"{row:00}"));
        Read(step).Validation.Select(Answer).ShouldBe(set.Validation.Select(Answer));
        Read(step with { Seed = 1 }).Validation.Select(Answer).ShouldNotBe(set.Validation.Select(Answer));
        Read(step with { ValSetSize = 7 }).Validation.Count.ShouldBe(7);
        Should.Throw<SlimException>(() => Read(step with { ValSetSize = 2000 })).Message.ShouldBe("val_set_size: 2000 holds out 2000 of 20 examples, which leaves none to train on");
    }

    [Fact]
    public void Packing_keeps_every_answer_and_fills_sequences_with_whole_examples()
    {
        var step = Step("[" + string.Join(',', Enumerable.Range(0, 30).Select(row => $$"""{"instruction": "i", "output": "{{new string((char)('a' + row % 26), 1 + row * 7)}}"}""")) + "]") with { MaxSeqLength = 1000 };
        var (plain, packed) = (Read(step), Read(step with { SamplePacking = true }));
        packed.Training.ShouldAllBe(example => example.Ids.Length <= 1000);
        packed.Training.Count.ShouldBeLessThan(15);
        packed.Training.Sum(example => example.Ids.Length).ShouldBe(plain.Training.Sum(example => example.Ids.Length));
        packed.Training.SelectMany(Targets).Order().ShouldBe(plain.Training.SelectMany(Targets).Order());
        packed.Training.ShouldAllBe(example => example.Ids.Count(id => id == _tokenizer.BosId) == example.Ignored.Count + 1);
        Read(step with { SamplePacking = true }).Training.Select(example => example.Ids.Length).ShouldBe(packed.Training.Select(example => example.Ids.Length));
        Read(step with { SamplePacking = true, ValSetSize = 5 }).Validation.ShouldAllBe(example => example.Ignored.Count == 0);
    }

    [Fact]
    public void Plain_text_is_windows_and_some_of_them_are_held_out()
    {
        var step = new FullRecovery { Dataset = new(_folder.Write("a.txt", new string('x', 400))), MaxSeqLength = 10, ValSetSize = 0.1 };
        var set = Read(step);
        (set.Training.Count, set.Validation.Count).ShouldBe((36, 4));
        set.Training.ShouldAllBe(example => example.Ids.Length == 10 && example.FirstTarget == 1);
        Read(new FullRecovery { Dataset = new(_folder.Write("a.json", """{"ids": [[1, 2, 3], [4, 5]]}""")), MaxSeqLength = 10 }).Training.Select(example => example.Ids).ShouldBe([[1, 2, 3], [4, 5]]);
    }

    [SharedFact("data/alpaca-en-demo")]
    public void A_file_of_instructions_is_read_whole()
    {
        var tokenizer = Tokenizer.Load(TestFiles.Shared("data/tokenizer-llama2"));
        var set = RecoveryData.Read(new FullRecovery { Objective = RecoveryObjective.Instruct, MaxSeqLength = 256, Dataset = new(TestFiles.Shared("data/alpaca-en-demo/alpaca_en_demo.json")) { Format = DatasetFormat.Alpaca } }, tokenizer, 32000, 2048);
        (set.Notes.Rows, set.Training.Count + set.Notes.Malformed).ShouldBe((999, 999));
        set.Notes.FirstMalformed.ShouldAllBe(line => line.EndsWith("max_seq_length 256 leaves nothing of its answer", StringComparison.Ordinal));
        set.Training.ShouldAllBe(example => example.Ids.Length == 256 || (example.Ids.Length < 256 && example.Ids.Last() == tokenizer.EosId));
        set.Notes.Truncated.ShouldBeInRange(300, set.Training.Count(example => example.Ids.Length == 256));
        tokenizer.Decode(set.Training[0].Ids[set.Training[0].FirstTarget..]).TrimStart().ShouldStartWith("Making crepes is an easy and delicious process!");
    }

    private IEnumerable<string> Answers(TrainingSet set) => set.Training.Select(Answer);

    private string Answer(TrainingExample example) => _tokenizer.Decode(example.Ids[example.FirstTarget..]);

    private static IEnumerable<int> Targets(TrainingExample example) =>
        example.Ids.Where((_, place) => place >= example.FirstTarget && example.Ignored.All(range => place < range.Start.Value || place >= range.End.Value));

    private TrainingSet Read(RecoveryStep step) => RecoveryData.Read(step, _tokenizer, Vocabulary, 3000);

    private FullRecovery Step(string json) => new() { Objective = RecoveryObjective.Instruct, MaxSeqLength = 400, Dataset = new(_folder.Write("a.json", json)) { Format = DatasetFormat.Alpaca } };
}
