namespace SlimSpec.Specs.Tests;

public class DatasetTests
{
    [Fact]
    public void AMappingSaysWhatIsInTheFile() =>
        Samples.Compile(Recipe("dataset: { path: a.csv, format: csv, text: [title, 2], label: kind, instruction: q, input: c, output: a, header: true, labels: { x: y }, split: \"5%:\", limit: 7, seed: 4 }")).Recipe!
            .Recover.Single().Optimization.Dataset.ShouldBe(new("a.csv", 0.05, 1) { Content = new("csv", new(["title", "2"]), "kind", "q", "c", "a", true, new([new("x", "y")]), 7, 4) });

    [Fact]
    public void AMappingOfAPathIsThePath()
    {
        var recipe = Samples.Compile(Recipe("dataset: { path: a.txt, split: \":90%\" }")).Recipe!;

        recipe.Recover.Single().Optimization.Dataset.ShouldBe(new("a.txt", 0, 0.9));
        recipe.Hash.ShouldBe(Samples.Compile(Recipe("dataset: a.txt\n    split: \":90%\"")).Recipe!.Hash);
    }

    [Theory]
    [InlineData("calibration: { dataset: a.txt }", "calibration: { dataset: { path: a.csv, text: 1 } }")]
    [InlineData("evaluate: { dataset: a.txt, window: 64 }", "evaluate: { dataset: { path: a.jsonl }, window: 64 }")]
    [InlineData("train: { dataset: a.txt, max_seq_length: 64 }", "train: { dataset: { path: a, format: completion, limit: 5 }, max_seq_length: 64 }")]
    [InlineData("train: { dataset: a.txt, max_seq_length: 64 }", "exits: { mode: simulate, calibrate: { dataset: { path: a, format: ag_news }, max_new_tokens: 16 } }")]
    public void DataAreDescribedTheSameWayEverywhere(string old, string replacement) => Samples.Print(Samples.Compile(Samples.Small.With(old, replacement)).Problems).ShouldBe("");

    [Theory]
    [InlineData("dataset: { format: csv, text: 1 }", "a.slim.yaml(19,14): error SLIM104: 'recover[0].dataset' needs the key 'path' (the file)")]
    [InlineData("dataset: { path: a.csv, txt: 1 }", "a.slim.yaml(19,14): error SLIM407: 'a.csv' is of format csv by its name, which needs the key 'text': the name of a column, or its number from 0\na.slim.yaml(19,29): error SLIM103: unknown key 'txt' in 'recover[0].dataset'; did you mean 'text'?")]
    [InlineData("dataset: { path: a.tsv }", "a.slim.yaml(19,14): error SLIM407: 'a.tsv' is of format tsv by its name, which needs the key 'text': the name of a column, or its number from 0")]
    [InlineData("dataset: a.csv", "a.slim.yaml(19,14): error SLIM407: 'a.csv' is of format csv by its name, which needs the key 'text': the name of a column, or its number from 0")]
    [InlineData("dataset: { path: a.txt, limit: 5 }", "a.slim.yaml(19,36): error SLIM407: 'limit' is for the formats alpaca, completion, json, csv, tsv, trec, ag_news, sst2 and emocontext, and 'a.txt' is of format text by its name")]
    [InlineData("dataset: { path: a.txt, format: txet }", "a.slim.yaml(19,37): error SLIM106: 'recover[0].dataset.format' must be one of text, wikitext, ptb, ids, json, csv, tsv, alpaca, completion, trec, ag_news, sst2, emocontext, found 'txet'; did you mean 'text'?")]
    [InlineData("dataset: { path: a.json, header: true }", "a.slim.yaml(19,38): error SLIM407: 'header' is for the formats csv, tsv and sst2, and 'a.json' is of format ids by its name")]
    [InlineData("dataset: { path: a.jsonl, seed: 1 }", "a.slim.yaml(19,37): error SLIM407: 'seed' is that of the draw of 'limit', which is not written: all rows are used")]
    [InlineData("dataset: { path: a.txt }\n    split: \":90%\"", "a.slim.yaml(20,12): error SLIM109: 'split' is within the dataset's mapping, not beside it")]
    [InlineData("dataset: [a.txt]", "a.slim.yaml(19,14): error SLIM105: 'recover[0].dataset' must be a path, or a mapping such as { path: a.csv, text: body }, found a list")]
    [InlineData("dataset: { path: a.jsonl, text: [a, a] }", "a.slim.yaml(19,41): error SLIM111: 'recover[0].dataset.text[1]' repeats 'a'")]
    public void WhatTheFormatDoesNotHaveIsRefused(string dataset, string problems) => Samples.Problems(Recipe(dataset)).ShouldBe(problems);

    private static string Recipe(string dataset) => Samples.Small.With("  - method: lora\n    dataset: a.txt", $"  - method: lora\n    {dataset}");
}
