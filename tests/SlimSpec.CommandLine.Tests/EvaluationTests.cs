namespace SlimSpec.CommandLine.Tests;

public sealed class EvaluationTests(Workplace place) : IClassFixture<Workplace>
{
    [Fact]
    public void SeveralTextsAreMeasuredEachByItsProtocol()
    {
        var spec = SpecWith("several", "evaluate: { perplexity: [{ dataset: text.txt, split: \"80%:\", window: 32 }, { dataset: text.txt, split: \"80%:\", window: 16, limit: 4, protocol: llama_cpp }] }");

        var eval = Slim.Json("eval", spec, "--checkpoint", place.Model);

        var texts = eval.GetProperty("perplexities");
        texts.GetArrayLength().ShouldBe(2);
        eval.GetProperty("perplexity").GetDouble().ShouldBe(texts[0].GetProperty("perplexity").GetDouble());
        eval.GetProperty("perplexity").GetDouble().ShouldBe(Slim.Json("eval", place.Spec, "--checkpoint", place.Model).GetProperty("perplexity").GetDouble());
        texts[1].GetProperty("tokens").GetInt32().ShouldBe(4 * 7);
        texts[1].GetProperty("protocol").GetString().ShouldBe("llama_cpp");

        var run = Slim.Json("run", spec, "--checkpoint", place.Model, "--output", place.At("several-run"));
        run.GetProperty("evaluations").GetArrayLength().ShouldBe(2);
        run.GetProperty("stages")[0].GetProperty("perplexities")[1].GetDouble().ShouldBe(texts[1].GetProperty("perplexity").GetDouble());
        run.GetProperty("stages")[2].GetProperty("perplexities").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public void AProtocolGivenTakesThePlaceOfTheSpecs()
    {
        var tokens = Slim.Json("eval", place.Spec, "--checkpoint", place.Model, "--protocol", "llama_cpp").GetProperty("tokens").GetInt64();

        tokens.ShouldBe(Slim.Json("eval", place.Spec, "--checkpoint", place.Model).GetProperty("tokens").GetInt64() / 31 * 15);
        Slim.Refused("eval", place.Spec, "--checkpoint", place.Model, "--protocol", "lama").ShouldContain("--protocol lama: there is no such protocol; did you mean 'llama_cpp'?");
    }

    [Fact]
    public void ATextThatWasTrainedOnIsWarnedOfAndNotedInTheRecord()
    {
        place.Write("fresh.txt", string.Concat(Enumerable.Range(0, 600).Select(number => $"number {number * number} ")));
        var (code, _, error) = Slim.Run("run", place.Spec, "--checkpoint", place.Model, "--output", place.At("warned"));

        code.ShouldBe(0, error);
        error.ShouldContain("warning: 100 % of text.txt 80-100 %, which perplexity is measured on, is in text.txt 0-80 %, which the model sees before (runs of 13 words)");
        place.ReadJson("warned/run.json")["warnings"]!.AsArray().Count.ShouldBe(2); // calibration reads the whole file
        Slim.Run("run", SpecWith("fresh", "evaluate: { dataset: fresh.txt, window: 32 }"), "--checkpoint", place.Model, "--output", place.At("fresh-run")).Error.ShouldNotContain("warning");
    }

    [Fact]
    public void ATasksRowsThatWereTrainedOnAreWarnedOf()
    {
        place.Write("balls.task.yaml", "task: balls\ndataset_path: balls.jsonl\ndoc_to_text: \"{{story}}\"\ndoc_to_choice: [\"has 0.\", \"has 1.\"]\ndoc_to_target: label\nmetric_list: [{ metric: acc }]\n");
        place.Write("balls.jsonl", """{"story": "Ann has 1 blue balls and Ben has 1. Ann has 2 blue balls and Ben", "label": 0}""" + "\n");

        Slim.Run("run", SpecWith("asked", "evaluate: { tasks: [balls] }"), "--checkpoint", place.Model, "--output", place.At("asked")).Error
            .ShouldContain("% of the rows of balls, which score is measured on, is in text.txt 0-80 %, which the model sees before (runs of 13 words)");
    }

    [Fact]
    public void BenchMeasuresTheDenseAndTheSlimModelInTurns()
    {
        Slim.Json("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("slim"));

        var cost = Slim.Json("bench", place.Spec, "--checkpoint", place.Model, "--slim", place.At("slim"), "--batch-sizes", "1", "2", "--prompt-tokens", "8", "--new-tokens", "4", "--rounds", "2");

        var (dense, slim) = (cost.GetProperty("models")[0], cost.GetProperty("models")[1]);
        slim.GetProperty("weight_bytes").GetInt64().ShouldBe(4 * slim.GetProperty("parameters").GetInt64());
        slim.GetProperty("parameters").GetInt64().ShouldBeLessThan(dense.GetProperty("parameters").GetInt64());
        dense.GetProperty("cache_bytes_per_token").GetInt64().ShouldBe(3 * 2 * 2 * 4 * 4); // layers, keys and values, heads, their width, bytes
        slim.GetProperty("cache_bytes_per_token").GetInt64().ShouldBe(4 * 2 * 4 * 4);
        dense.GetProperty("timings").GetArrayLength().ShouldBe(2);
        dense.GetProperty("timings")[1].GetProperty("macs").GetInt64().ShouldBe(2 * dense.GetProperty("timings")[0].GetProperty("macs").GetInt64());
        foreach (var (model, timing) in new[] { dense, slim }.SelectMany(model => model.GetProperty("timings").EnumerateArray(), (model, timing) => (model, timing)))
        {
            foreach (var spread in new[] { timing.GetProperty("prefill"), timing.GetProperty("decode") })
            {
                var (least, median, most) = (spread.GetProperty("least").GetDouble(), spread.GetProperty("median").GetDouble(), spread.GetProperty("most").GetDouble());
                (least > 0 && least <= median && median <= most).ShouldBeTrue();
            }

            timing.GetProperty("peak_mb").GetDouble().ShouldBeGreaterThanOrEqualTo(model.GetProperty("weight_bytes").GetInt64() / 1048576.0);
        }

        Slim.Refused("bench", place.Spec, "--checkpoint", place.Model).ShouldContain("cost: a prompt of 128 tokens and 32 new tokens are more than the model's 64 positions");
        Slim.Refused("bench", place.Spec, "--checkpoint", place.Model, "--batch-sizes", "0").ShouldContain("--batch-sizes takes whole numbers from 1, not '0'");
    }

    [Fact]
    public void ARunMeasuresTheCostThatItsSpecAsksFor()
    {
        var spec = SpecWith("costly", "evaluate: { cost: { prompt_tokens: [4, 8], new_tokens: 2, rounds: 1 } }");

        var (code, output, error) = Slim.Run("run", spec, "--checkpoint", place.Model, "--output", place.At("costly"));

        code.ShouldBe(0, error);
        var models = place.ReadJson("costly/run.json")["cost"]!["models"]!.AsArray();
        models.Select(model => (string)model!["name"]!).ShouldBe(["dense", "recovered"]);
        output.ShouldContain("Latency (cpu, float32");
        output.Split('\n').Count(line => line.Contains(" dense ", StringComparison.Ordinal) && line.TrimStart().StartsWith('1')).ShouldBe(2);
    }

    private string SpecWith(string name, string evaluate) =>
        place.Write($"{name}.slim.yaml", File.ReadAllText(place.Spec).Replace("evaluate: { dataset: text.txt, split: \"80%:\", window: 32 }", evaluate, StringComparison.Ordinal));
}
