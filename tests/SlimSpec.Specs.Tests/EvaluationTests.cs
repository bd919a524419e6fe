namespace SlimSpec.Specs.Tests;

public class EvaluationTests
{
    [Fact]
    public void TheFirstOfSeveralTextsIsWhatOneTextWouldBe()
    {
        var recipe = Compile("perplexity: [{ dataset: a.txt, window: 64 }, { dataset: { path: b.raw, format: wikitext }, limit: 3, protocol: llama_cpp }]");

        recipe.Evaluate.ShouldBe(Samples.Compile(Samples.Small).Recipe!.Evaluate);
        recipe.Evaluate.ShouldBe(new(new("a.txt", 0, 1), 64, null));
        recipe.Measurements!.Texts.ShouldHaveSingleItem().Protocol.ShouldBe("llama_cpp");
    }

    [Fact]
    public void TextsMayDifferInAllThatIsSaidOfThem()
    {
        var text = Compile("perplexity: [{ dataset: a.txt }, { dataset: { path: b.raw, format: wikitext, split: \":50%\" }, window: 32, limit: 3 }]").Measurements!.Texts.Single();

        (text.Dataset.Path, text.Dataset.To, text.Dataset.Content!.Format, text.Window, text.Limit, text.Protocol).ShouldBe(("b.raw", 0.5, "wikitext", 32, 3, null));
    }

    [Fact]
    public void CostTakesOneNumberOrSeveral()
    {
        Compile("cost: { batch_sizes: 4, prompt_tokens: [16, 64], new_tokens: 8 }").Measurements!.Cost.ShouldBe(new(new([4]), new([16, 64]), 8, 5));
        Compile("cost: { batch_sizes: 4, prompt_tokens: [16, 64], new_tokens: 8 }").Evaluate.ShouldBeNull();
    }

    [Fact]
    public void ARecipesHashFollowsWhatElseIsMeasured()
    {
        var hash = Samples.Compile(Samples.Small).Recipe!.Hash;

        Compile("perplexity: [{ dataset: a.txt, window: 64 }]").Hash.ShouldBe(hash);
        Compile("dataset: a.txt, window: 64, protocol: llm_pruner").Hash.ShouldBe(hash);
        Compile("dataset: a.txt, window: 64, protocol: llama_cpp").Hash.ShouldNotBe(hash);
        Compile("perplexity: [{ dataset: a.txt, window: 64 }, { dataset: b.txt }]").Hash.ShouldNotBe(hash);
    }

    [Theory]
    [InlineData("", "a.slim.yaml(21,11): error SLIM104: 'evaluate' measures nothing: write one of dataset, perplexity, tasks, cost")]
    [InlineData("window: 64", "a.slim.yaml(21,21): error SLIM104: 'window' is about the text of 'dataset', which 'evaluate' does not name")]
    [InlineData("dataset: a.txt, perplexity: [{ dataset: b.txt }]", "a.slim.yaml(21,41): error SLIM109: 'perplexity' and 'dataset' both name texts: write that of 'dataset' as an item of 'perplexity'")]
    [InlineData("perplexity: [{ dataset: b.txt }], window: 64", "a.slim.yaml(21,55): error SLIM104: 'window' is about the text of 'dataset'; in a list of texts each has its own")]
    [InlineData("perplexity: [{ dataset: b.txt, window: 512 }]", "a.slim.yaml(21,52): error SLIM601: 'window' 512 is more than the model's 128 positions")]
    [InlineData("perplexity: [{ window: 64 }]", "a.slim.yaml(21,26): error SLIM104: 'evaluate.perplexity[0]' needs the key 'dataset' (text file, a .json file with ready token ids, or a mapping that says what is in the file)")]
    [InlineData("dataset: a.txt, protocol: llama.cpp", "a.slim.yaml(21,39): error SLIM106: 'evaluate.protocol' must be one of llm_pruner, llama_cpp, found 'llama.cpp'; did you mean 'llama_cpp'?")]
    [InlineData("dataset: a.txt, window: 2, protocol: llama_cpp", "a.slim.yaml(21,37): error SLIM107: 'window' 2 leaves nothing behind its middle, which is all that protocol llama_cpp scores: it takes at least 3")]
    [InlineData("cost: { prompt_tokens: [64, 120] }", "a.slim.yaml(21,41): error SLIM601: a prompt of 120 tokens and 32 new tokens are more than the model's 128 positions")]
    [InlineData("cost: { batch_sizes: 0 }", "a.slim.yaml(21,34): error SLIM107: 'evaluate.cost.batch_sizes' must be an integer from 1 to 65536, found 0\na.slim.yaml(21,19): error SLIM601: a prompt of 128 tokens (the default) and 32 new tokens are more than the model's 128 positions")]
    public void WhatCannotBeMeasuredIsRefusedAtItsPlace(string evaluate, string problems) =>
        Samples.Problems(Recipe(evaluate)).Split('\n').Order().ShouldBe(problems.Split('\n').Order());

    private static RecipeModel Compile(string evaluate) => Samples.Compile(Recipe(evaluate)).Recipe!;

    private static string Recipe(string evaluate) => Samples.Small.With("dataset: a.txt, window: 64", evaluate);
}
