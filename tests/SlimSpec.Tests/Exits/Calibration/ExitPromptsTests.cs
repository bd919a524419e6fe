namespace SlimSpec.Tests.Exits.Calibration;

/// <summary>Prompts of a calibration, and their division.</summary>
public class ExitPromptsTests
{
    [Fact]
    public void Rows_of_ready_ids_are_prompts_as_they_stand_in_an_order_of_the_seed()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("ids.json", """{"ids": [[1, 2, 3], [4], [5, 6], [4], [7, 8, 9, 10]]}""");

        var prompts = Take(path, 4, seed: 1);

        prompts.Select(prompt => string.Join(' ', prompt)).ShouldBe(["1 2 3", "4", "5 6", "7 8 9 10"], ignoreOrder: true); // a repeated one is one document
        Take(path, 4, seed: 1).ShouldBe(prompts);
        Enumerable.Range(0, 20).Select(seed => string.Join('|', Take(path, 4, seed).Select(prompt => prompt[0]))).Distinct().Count().ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData("ids.json", """{"ids": [[1], [2], [1]]}""", "ids.json: has 2 different prompts, but exits: calibrate: num_prompts asks for 3")]
    [InlineData("ids.json", """{"ids": [[1], [300], [1]]}""", "ids[1][0]: 300 is not an integer from 0 to 255")]
    [InlineData("list.jsonl", """{"prompt": "a"}""", "list.jsonl: prompts need a tokenizer; the checkpoint has none")]
    [InlineData("text.txt", "some words", "a text needs a tokenizer; the checkpoint has none")]
    public void What_gives_too_few_prompts_is_refused(string name, string text, string message)
    {
        using var folder = new TemporaryFolder();

        Should.Throw<SlimException>(() => Take(folder.Write(name, text), 3, seed: 0)).Message.ShouldContain(message);
    }

    [SharedFact("data/lm-stories3M")]
    public void Lines_and_texts_are_tokenized_with_the_models_own_start()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Tokenizer.Load(TestFiles.Shared("data/lm-stories3M"));
        var lines = folder.Write("list.jsonl", "{\"prompt\": \"Once upon a time\", \"label\": 1}\n\n{\"prompt\": \"The dog\"}\n");
        var text = folder.Write("text.txt", string.Concat(Enumerable.Range(0, 60).Select(i => $"The cat number {i} sat on a mat.\n")));

        var listed = Take(lines, 2, seed: 0, tokenizer, 4096);
        var windows = Take(text, 20, seed: 0, tokenizer, 4096);

        listed.Select(prompt => string.Join(' ', prompt)).ShouldBe(
            new[] { "Once upon a time", "The dog" }.Select(prompt => string.Join(' ', tokenizer.Encode(prompt, addBos: true))), ignoreOrder: true);
        var bos = tokenizer.BosId!.Value;
        windows.All(window => window.Length == 16 && window[0] == bos && window[1] != bos).ShouldBeTrue();
        windows.Select(window => string.Join(' ', window)).Distinct().Count().ShouldBe(20);
        Should.Throw<SlimException>(() => Take(folder.Write("bad.jsonl", "{\"prompt\": \"a\"}\n{\"promt\": \"b\"}"), 2, 0, tokenizer, 4096)).Message.ShouldContain("bad.jsonl: line 2: 'prompt' is missing");
        Should.Throw<SlimException>(() => Take(folder.Write("worse.jsonl", "{\"prompt\": "), 2, 0, tokenizer, 4096)).Message.ShouldContain("worse.jsonl: line 1: not valid JSON");
    }

    [Theory]
    [InlineData(5)]
    [InlineData(23)]
    [InlineData(128)]
    public void Parts_share_no_document_and_have_all_of_them(int count)
    {
        var documents = Enumerable.Range(0, count).ToArray();

        var parts = DocumentParts.Divide(documents, seed: 3);

        parts.Fit.Concat(parts.Tune).Concat(parts.Certify).ShouldBe(documents, ignoreOrder: true);
        new[] { parts.Fit.Count, parts.Tune.Count, parts.Certify.Count }.ShouldAllBe(size => size > 0);
        parts.Certify.Count.ShouldBeGreaterThanOrEqualTo(parts.Fit.Count);
        DocumentParts.Divide(documents, seed: 3).Tune.ShouldBe(parts.Tune);
        (count > 5 && DocumentParts.Divide(documents, seed: 4).Tune.SequenceEqual(parts.Tune)).ShouldBeFalse();
    }

    private static IReadOnlyList<int[]> Take(string path, int count, int seed, Tokenizer? tokenizer = null, int vocabulary = 256) =>
        ExitPrompts.Take(new() { Dataset = new(path), NumPrompts = count, PromptTokens = 16, Seed = seed }, tokenizer, vocabulary);
}
