namespace SlimSpec.Tests.Text;

public sealed class BpeTrainerTests : IDisposable
{
    private const string Text = "low low low low low lower lower newest newest newest newest newest newest widest widest widest";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_most_frequent_pair_is_merged_first()
    {
        // Counts: es 9, st 9, est 9, lo 7, low 7 ...; equal counts go to the pair of smaller ids, and e, s, t come in the order of their frequency.
        var vocabulary = BpeTrainer.Train(Text, 3 + 256 + 11 + 6);
        vocabulary.Merges.Take(4).Select(merge => merge.Left + merge.Right).ShouldBe(["es", "est", "\u2581l", "ow"], ignoreOrder: true);
        vocabulary.Pieces.Take(3).ShouldBe(["<unk>", "<s>", "</s>"]);
        vocabulary.Pieces[3 + 10].ShouldBe("<0x0A>");
        vocabulary.Pieces.Count.ShouldBe(276);
        vocabulary.Pieces.Distinct().Count().ShouldBe(276);
    }

    [Fact]
    public void Counts_stay_right_while_merging()
    {
        // The slow definition: count all pairs anew before each merge.
        var random = new SeededRandom(2);
        var text = string.Join(' ', Enumerable.Range(0, 400).Select(_ => string.Concat(Enumerable.Range(0, 1 + (int)random.NextIndex(7)).Select(_ => "abc"[(int)random.NextIndex(3)]))));
        var vocabulary = BpeTrainer.Train(text, 3 + 256 + 4 + 60);
        var words = TrainingWords.Count(text).Select(entry => (Symbols: entry.Word.Select(character => character.ToString()).ToList(), entry.Count)).ToList();
        foreach (var (left, right) in vocabulary.Merges)
        {
            var counts = words.SelectMany(word => word.Symbols.Zip(word.Symbols.Skip(1)).Select(pair => (pair, word.Count))).ToLookup(entry => entry.pair, entry => entry.Count);
            counts[(left, right)].Sum().ShouldBe(counts.Max(pair => pair.Sum()));
            foreach (var (symbols, _) in words)
            {
                for (var i = 0; i + 1 < symbols.Count; i++)
                {
                    if ((symbols[i], symbols[i + 1]) == (left, right))
                    {
                        symbols[i] += right;
                        symbols.RemoveAt(i + 1);
                    }
                }
            }
        }
    }

    [Fact]
    public void Words_are_letters_or_punctuation_or_a_digit_with_the_space_in_front()
    {
        TrainingWords.Count("He said, \"12 no!\"\nNo no").Select(entry => entry.Word).Order(StringComparer.Ordinal)
            .ShouldBe(new[] { "\u2581He", "\u2581said", ",", "\u2581\"", "1", "2", "\u2581no", "!\"", "No" }.Order(StringComparer.Ordinal));
        TrainingWords.Count("a a  b").ShouldBe([("\u2581a", 2), ("\u2581", 1), ("\u2581b", 1)]);
    }

    [Fact]
    public void The_written_tokenizer_reads_back_and_gives_the_text_again()
    {
        var vocabulary = BpeTrainer.Train(Text, 285);
        TokenizerWriter.Write(vocabulary, _folder.Path);
        var tokenizer = Tokenizer.Load(_folder.Path);
        (tokenizer.BosId, tokenizer.EosId, tokenizer.AddsBos, tokenizer.VocabularySize).ShouldBe((1, 2, true, 285));
        const string Unseen = "Newest: lowest\n\ttide, 日本 🦙 slow";
        tokenizer.Decode(tokenizer.Encode(Unseen, addBos: true)).ShouldBe(Unseen);
        tokenizer.Encode(Text).Length.ShouldBe(Text.Split(' ').Length);
    }

    [Fact]
    public void The_same_text_gives_the_same_file()
    {
        TokenizerWriter.Write(BpeTrainer.Train(Text, 285), _folder["a"]);
        TokenizerWriter.Write(BpeTrainer.Train(Text, 285), _folder["b"]);
        File.ReadAllBytes(_folder["a/tokenizer.json"]).ShouldBe(File.ReadAllBytes(_folder["b/tokenizer.json"]));
    }

    [Fact]
    public void A_size_that_cannot_be_met_is_named()
    {
        Should.Throw<SlimException>(() => BpeTrainer.Train(Text, 200)).Message.ShouldContain("leaves no room for merges");
        Should.Throw<SlimException>(() => BpeTrainer.Train(Text, 5000)).Message.ShouldContain("pieces only, 5000 were asked for");
        Should.Throw<SlimException>(() => BpeTrainer.Train("", 300)).Message.ShouldContain("pieces only");
    }
}
