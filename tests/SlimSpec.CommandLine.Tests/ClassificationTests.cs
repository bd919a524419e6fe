using System.Text.Json.Nodes;

namespace SlimSpec.CommandLine.Tests;

/// <summary>A tiny model that learns to tell two kinds of sentences apart.</summary>
public sealed class ClassificationTests : IClassFixture<Workplace>
{
    private readonly Workplace _place;

    public ClassificationTests(Workplace place)
    {
        _place = place;
        place.Write("rows.csv", "sentence,who\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? "Ann" : "Ben")} has {i % 7} balls,{(i % 2 == 0 ? "ann" : "ben")}\n")) + "\"Ben has 1\" ball,ben\nCid has 2 balls,cid\n");
    }

    [Theory]
    [InlineData("prompt_lm")]
    [InlineData("p_cls")]
    [InlineData("cls")]
    public void AccuracyIsMeasuredAndTheClassifierIsSavedWithTheModel(string objective)
    {
        var spec = Spec(objective);
        var output = _place.At($"run-{objective}");

        var (code, text, error) = Slim.Run("run", spec, "--checkpoint", _place.Model, "--output", output);

        code.ShouldBe(0, error);
        error.ShouldContain("note: 1 of 62 rows cannot be used: ");
        error.ShouldContain("rows.csv(62): ");
        error.ShouldContain("note: 1 of 62 rows are left out: 'labels' does not list their label");
        text.ShouldContain($"who ({objective}): accuracy 100.0 %");
        text.ShouldContain("majority class 50.0 %, bag of words 100.0 %");
        var run = _place.ReadJson($"run-{objective}/run.json");
        run["stages"]!.AsArray().Select(stage => stage!["task"] is not null).ShouldBe([objective == "prompt_lm", objective == "prompt_lm", true]);
        run["recovery"]![0]!["data"]!["malformed"]!.GetValue<int>().ShouldBe(1);

        var eval = Slim.Json("eval", spec, "--checkpoint", output);
        eval.GetProperty("task").GetProperty("result").GetProperty("accuracy").GetDouble().ShouldBe(1);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(output, "config.json")))!;
        config["architectures"]![0]!.GetValue<string>().ShouldBe(objective == "prompt_lm" ? "LlamaForCausalLM" : "LlamaForSequenceClassification");
        (config["id2label"]?["1"]?.GetValue<string>()).ShouldBe(objective == "prompt_lm" ? null : "ben");
    }

    [Fact]
    public void DataIsLookedForInTheFolderThatIsGiven()
    {
        var spec = Spec("cls");
        Directory.CreateDirectory(_place.At("elsewhere"));
        File.Move(_place.At("rows.csv"), _place.At("elsewhere/rows.csv"));

        Slim.Refused("recover", spec, "--checkpoint", _place.Model, "--output", _place.At("no")).ShouldContain("dataset 'rows.csv' is neither in");
        Slim.Run("recover", spec, "--checkpoint", _place.Model, "--data", _place.At("elsewhere"), "--output", _place.At("yes")).Code.ShouldBe(0);
    }

    private string Spec(string objective) => _place.Write($"{objective}.slim.yaml", $$"""
        spec: 1
        model: { architecture: llama, hidden_size: 16, num_hidden_layers: 3, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 24, vocab_size: 300, max_position_embeddings: 64 }
        prune:
          - { cut: depth, score: first, keep: 2 }
        tasks:
          who:
            template: "{text}\nWho:"
            labels: { ann: Ann, ben: Ben }
            train: { path: rows.csv, text: sentence, label: who, labels: { ann: ann, ben: ben } }
            test: { path: rows.csv, text: sentence, label: who, labels: { ann: ann, ben: ben }, limit: 20 }
        recover:
          - { method: full, objective: {{objective}}, task: who, max_seq_length: 48, max_steps: 60, micro_batch_size: 8, learning_rate: 0.01 }
        """);
}
