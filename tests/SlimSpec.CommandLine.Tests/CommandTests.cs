using System.Text.Json;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The commands on a tiny model that the first of them trains.</summary>
public sealed class CommandTests(Workplace place) : IClassFixture<Workplace>
{
    [Fact]
    public void TrainMakesAFolderWithAModelAndATokenizer()
    {
        foreach (var file in new[] { "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "run.json", "metrics.jsonl" })
        {
            File.Exists(Path.Combine(place.Model, file)).ShouldBeTrue(file);
        }

        File.ReadLines(Path.Combine(place.Model, "metrics.jsonl")).Count().ShouldBe(2);
    }

    [Fact]
    public void LogitsAreOneRowAPosition()
    {
        var logits = Logits(place.Model);

        logits.Length.ShouldBe(3);
        logits.ShouldAllBe(row => row.Length == 300);
        Slim.Refused("logits", place.Spec, "--checkpoint", place.Model, "--ids", "1,300").ShouldContain("'300' is no token id; the model knows 0 to 299");
        Slim.Refused("logits", place.Spec, "--checkpoint", place.Model).ShouldContain("either --ids 1,2,3 or --prompt TEXT");
    }

    [Fact]
    public void EvalSaysWhatWasScoredAndHow()
    {
        var whole = Slim.Json("eval", place.Spec, "--checkpoint", place.Model, "--data", place.Text, "--window", "16");
        var part = Slim.Json("eval", place.Spec, "--checkpoint", place.Model);

        whole.GetProperty("window").GetInt32().ShouldBe(16);
        whole.GetProperty("tokens").GetInt64().ShouldBe(15 * whole.GetProperty("windows").GetInt64());
        whole.GetProperty("perplexity").GetDouble().ShouldBe(Math.Exp(whole.GetProperty("nll").GetDouble() / whole.GetProperty("tokens").GetInt64()), 1e-9);
        part.GetProperty("window").GetInt32().ShouldBe(32);
        part.GetProperty("from").GetDouble().ShouldBe(0.8);
        part.GetProperty("tokens").GetInt64().ShouldBeLessThan(whole.GetProperty("tokens").GetInt64() / 3);
    }

    [Fact]
    public void NothingIsAskedBehindTheModelsLastPosition()
    {
        var ids = string.Join(',', Enumerable.Repeat(1, 64 + 1));

        Slim.Refused("eval", place.Spec, "--checkpoint", place.Model, "--window", "9999").ShouldContain("--window 9999: the model has 64 positions");
        Slim.Refused("logits", place.Spec, "--checkpoint", place.Model, "--ids", ids).ShouldContain("more than the model's 64 positions");
        Slim.Run("generate", place.Spec, "--checkpoint", place.Model, "--max-tokens", "9999").Error.ShouldContain("note: generation ends at the model's last position");
    }

    [Fact]
    public void AModelIsNotItsOwnTeacher()
    {
        var spec = place.Write("own.slim.yaml", File.ReadAllText(place.Spec).Replace("method: lora, lora_r: 2", "method: distill", StringComparison.Ordinal));

        Slim.Refused("recover", spec, "--checkpoint", place.Model, "--output", place.At("own")).ShouldContain("recover[0]: the teacher would be the model itself");
    }

    [Fact]
    public void TokenIdsCanTakeTheTextsPlace()
    {
        var ids = place.Write("ids.json", """{"ids": [[1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 8]]}""");

        Slim.Json("eval", place.Spec, "--checkpoint", place.Model, "--data", ids, "--window", "8").GetProperty("tokens").GetInt32().ShouldBe(14);
    }

    [Fact]
    public void PruneWritesAPlanAndAModelThatIsReadAgain()
    {
        var record = Slim.Json("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("pruned"));
        Slim.Json("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("again"));

        record.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("name").GetString()).ShouldBe(["dense", "pruned"]);
        record.GetProperty("command").GetString().ShouldStartWith($"slim prune {place.Spec} --checkpoint");
        var groups = place.ReadJson("pruned/plan.json")["groups"]!.AsArray();
        groups.Select(group => $"{group!["layer"]} {group["unit"]} {group["kept"]!.AsArray().Count} of {group["scores"]!.AsArray().Count}")
            .ShouldBe(["1 attention 1 of 2", "1 mlp 12 of 24", "2 attention 1 of 2", "2 mlp 12 of 24"]);
        File.ReadAllBytes(place.At("again/plan.json")).ShouldBe(File.ReadAllBytes(place.At("pruned/plan.json")));
        Logits(place.At("pruned")).ShouldBe(Logits(place.At("again")));
        Slim.Json("show", place.Spec, "--checkpoint", place.At("pruned")).GetProperty("checkpoint").GetProperty("parameters").GetInt64()
            .ShouldBe(record.GetProperty("stages")[1].GetProperty("parameters").GetInt64());
    }

    [Fact]
    public void ARunHasAPageThatCanBeMadeAgainFromItsFolder()
    {
        Slim.Json("run", place.Spec, "--checkpoint", place.Model, "--output", place.At("told"), "--set", "recover[0].max_steps=3");
        var page = File.ReadAllText(place.At("told/report.html"));

        File.ReadAllText(place.At("told/spec.yaml")).ShouldBe(File.ReadAllText(place.Spec));
        page.ShouldContain("Cut 50 % of mlp, attention by taylor, then recovered by lora r 2: ");
        page.ShouldContain("attention: which units stay");
        page.ShouldContain("Loss: recovered");
        page.ShouldContain("<pre>recover[0].max_steps=3</pre>");
        page.ShouldContain("self_attn.k_proj.weight (rows, head_dim each)");
        File.Delete(place.At("told/report.html"));
        Slim.Run("report", place.At("told")).Output.ShouldContain("report.html");
        File.ReadAllText(place.At("told/report.html")).ShouldBe(page);
    }

    [Fact]
    public void APlanIsRepeatedWithoutScoringAlsoOnOtherWeights()
    {
        Slim.Json("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("planned"));
        var other = place.At("other-model");
        Slim.Json("train", place.Spec, "--output", other, "--seed", "9");

        var (code, _, error) = Slim.Run("prune", place.Spec, "--checkpoint", place.Model, "--plan", place.At("planned/plan.json"), "--output", place.At("repeated"));
        var (_, _, onOthers) = Slim.Run("prune", place.Spec, "--checkpoint", other, "--plan", place.At("planned/plan.json"), "--output", place.At("others"));

        code.ShouldBe(0, error);
        error.ShouldNotContain("note:");
        File.ReadAllBytes(place.At("repeated/model.safetensors")).ShouldBe(File.ReadAllBytes(place.At("planned/model.safetensors")));
        File.ReadAllBytes(place.At("repeated/plan.json")).ShouldBe(File.ReadAllBytes(place.At("planned/plan.json")));
        onOthers.ShouldContain("note: the plan was scored on other weights");
        Slim.Refused("prune", place.Spec, "--checkpoint", place.At("planned"), "--plan", place.At("planned/plan.json"), "--output", place.At("twice"))
            .ShouldContain("group of layer 1, unit attention, scores 2 units, but the model has 1");
    }

    [Theory]
    [InlineData("prune")]
    [InlineData("prune", "--stream")]
    [InlineData("run")]
    public void ADryRunDoesAllAndLeavesNothingBehind(string command, params string[] options)
    {
        var temporary = Directory.CreateDirectory(place.At("temporary")).FullName;
        Environment.SetEnvironmentVariable("TMPDIR", temporary);
        try
        {
            var result = Slim.Json([command, place.Spec, "--checkpoint", place.Model, "--output", place.At("rehearsed"), "--dry-run", .. options]);

            result.GetProperty("parameters").GetInt64().ShouldBeLessThan(15_000);
            result.GetProperty("largest_difference").GetDouble().ShouldBeLessThan(1e-4);
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", null);
        }

        Path.Exists(place.At("rehearsed")).ShouldBeFalse();
        Directory.GetFileSystemEntries(temporary).ShouldBeEmpty();
    }

    [Fact]
    public void SensitivityNamesTheLayersToProtect()
    {
        var (code, output, error) = Slim.Run("sensitivity", place.Spec, "--checkpoint", place.Model, "--output", place.At("sensitivity"));

        code.ShouldBe(0, error);
        output.ShouldContain("Tiny: 50 % of mlp, attention by taylor, one layer at a time");
        output.ShouldContain("stands out");
        File.ReadAllLines(place.At("sensitivity/sensitivity.csv")).Length.ShouldBe(1 + 3);
        var svg = System.Xml.Linq.XDocument.Load(place.At("sensitivity/sensitivity.svg")).Root!;
        svg.Descendants().Count(element => element.Name.LocalName == "rect" && element.Attribute("class")!.Value.StartsWith("bar", StringComparison.Ordinal)).ShouldBe(3);
        var json = Slim.Json("sensitivity", place.Spec, "--checkpoint", place.Model, "--output", place.At("sensitivity"));
        json.GetProperty("layers").GetArrayLength().ShouldBe(3);
        json.GetProperty("dense").GetDouble().ShouldBe(Slim.Json("eval", place.Spec, "--checkpoint", place.Model).GetProperty("perplexity").GetDouble(), 1e-3);
        Slim.Refused("sensitivity", place.Spec, "--checkpoint", place.Model, "--cut", "1").ShouldContain("--cut 1: the spec's last cut is number 0");
    }

    [Fact]
    public void AnotherSparsityIsCutFromTheScoresOfTheFirst()
    {
        Slim.Json("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("scored/first"));

        var (_, _, error) = Slim.Run("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("scored/second"), "--set", "prune[0].sparsity=0.75");

        error.ShouldContain($"note: scores: taken before, read from {place.At("scored/.scores")}");
        place.ReadJson("scored/second/plan.json")["groups"]![1]!["kept"]!.AsArray().Count.ShouldBe(6);
        place.ReadJson("scored/second/plan.json")["groups"]![1]!["scores"]!.ToJsonString()
            .ShouldBe(place.ReadJson("scored/first/plan.json")["groups"]![1]!["scores"]!.ToJsonString());
    }

    [Fact]
    public void AStructureThatAFractionDoesNotReachIsNamed()
    {
        var (_, _, error) = Slim.Run("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("small"), "--set", "prune[0].sparsity=0.2");

        error.ShouldContain("note: attention stays whole in layers 1-2: the sparsity asked for is less than one of 2 units");
    }

    [Fact]
    public void RunEndsWithATableAndTheSameInItsRecord()
    {
        var (code, output, error) = Slim.Run("run", place.Spec, "--checkpoint", place.Model, "--output", place.At("run"), "--seed", "3");

        code.ShouldBe(0, error);
        var stages = place.ReadJson("run/run.json")["stages"]!.AsArray();
        stages.Select(stage => (string)stage!["name"]!).ShouldBe(["dense", "pruned", "recovered"]);
        foreach (var stage in stages)
        {
            var line = output.Split('\n').Single(line => line.StartsWith((string)stage!["name"]!, StringComparison.Ordinal));
            line.ShouldContain(Numbers.Short((double)stage!["perplexity"]!));
            line.ShouldContain(Numbers.Scaled((long)stage["parameters"]!));
            line.ShouldContain(Numbers.Scaled((long)stage["macs"]!));
        }

        output.Split('\n').ShouldAllBe(line => line.Length <= 80 || line.StartsWith("perplexity:", StringComparison.Ordinal) || line.StartsWith("written", StringComparison.Ordinal));
        File.Exists(place.At("run/plan.json")).ShouldBeTrue();
        File.Exists(place.At("run/adapter/adapter_config.json")).ShouldBeTrue();
        var recovered = Slim.Json("eval", place.Spec, "--checkpoint", place.At("run")).GetProperty("perplexity").GetDouble();
        var pruned = Slim.Json("eval", place.Spec, "--checkpoint", place.At("run/pruned")).GetProperty("perplexity").GetDouble();
        recovered.ShouldBe((double)stages[2]!["perplexity"]!, 1e-6 * recovered);
        pruned.ShouldBe((double)stages[1]!["perplexity"]!, 1e-6 * pruned);
    }

    [Fact]
    public void AStreamedModelIsMeasuredAndCutAsOneInMemory()
    {
        string[] spec = [place.Spec, "--checkpoint", place.Model];
        var measured = Slim.Json(["eval", .. spec, "--stream"]).GetProperty("nll").GetDouble();
        var (code, _, error) = Slim.Run(["prune", .. spec, "--output", place.At("streamed"), "--stream"]);
        Slim.Json(["prune", .. spec, "--output", place.At("not-streamed")]);

        code.ShouldBe(0, error);
        error.ShouldContain("B of weights read");
        measured.ShouldBe(Slim.Json(["eval", .. spec]).GetProperty("nll").GetDouble());
        foreach (var file in new[] { "plan.json", "model.safetensors", "config.json" })
        {
            File.ReadAllBytes(place.At($"streamed/{file}")).ShouldBe(File.ReadAllBytes(place.At($"not-streamed/{file}")), file);
        }
    }

    [Fact]
    public void AModelThatWouldNotFitIsStreamedAndThatIsSaid()
    {
        _ = place.Model;
        var spec = place.Write("large.slim.yaml", File.ReadAllText(place.Spec).Replace("intermediate_size: 24", "intermediate_size: 1000000").Replace("layers: 3,", "layers: 3000,"));
        var config = place.ReadJson("model/config.json").AsObject();
        (config["intermediate_size"], config["num_hidden_layers"]) = (1_000_000, 3000);
        place.Write("large/config.json", config.ToJsonString());

        Slim.Refused("prune", spec, "--checkpoint", place.At("large")).ShouldSatisfyAllConditions(
            error => error.ShouldContain("note: the weights would take 576.0 GB of"),
            error => error.ShouldContain("so they are read layer by layer, as with --stream"),
            error => error.ShouldContain("there is neither model.safetensors nor"));
    }

    [Fact]
    public void AModelThatIsTrainedIsNotStreamed()
    {
        Slim.Refused("run", place.Spec, "--checkpoint", place.Model, "--output", place.At("trained"), "--stream").ShouldContain("recovery trains the model and needs it in memory");
        Directory.Exists(place.At("trained")).ShouldBeFalse();
    }

    [Fact]
    public void RecoverTakesAPrunedModel()
    {
        Slim.Json("prune", place.Spec, "--checkpoint", place.Model, "--output", place.At("to-recover"));

        var stages = Slim.Json("recover", place.Spec, "--checkpoint", place.At("to-recover"), "--output", place.At("recovered")).GetProperty("stages");

        stages[0].GetProperty("name").GetString().ShouldBe("start");
        stages[1].GetProperty("name").GetString().ShouldBe("recovered");
        stages[1].GetProperty("parameters").GetInt64().ShouldBe(stages[0].GetProperty("parameters").GetInt64());
        stages[1].GetProperty("perplexity").GetDouble().ShouldNotBe(stages[0].GetProperty("perplexity").GetDouble());
    }

    [Fact]
    public void DataGivenIsDividedBetweenTrainingAndEvaluation()
    {
        var (code, _, error) = Slim.Run("prune", place.Spec, "--checkpoint", place.Model, "--data", place.Text, "--output", place.At("divided"));

        code.ShouldBe(0, error);
        error.ShouldContain($"calibration and training see the first 90 % of {place.Text}, evaluation the rest");
        var settings = place.ReadJson("divided/run.json")["settings"]!;
        ((double)settings["calibration"]!["dataset"]!["to"]!).ShouldBe(0.9);
        ((double)settings["evaluate"]!["perplexity"]![0]!["dataset"]!["from"]!).ShouldBe(0.9);
    }

    [Fact]
    public void GenerateContinuesAPromptTheSameWayForTheSameSeed()
    {
        string[] command = ["generate", place.Spec, "--checkpoint", place.Model, "--prompt", "Ann has", "--max-tokens", "8", "--temperature", "1", "--seed", "5"];

        var (code, output, error) = Slim.Run(command);
        var json = Slim.Json(command);

        code.ShouldBe(0, error);
        output.ShouldStartWith("Ann has");
        output.TrimEnd('\n').ShouldBe(json.GetProperty("text").GetString());
        json.GetProperty("ids").GetArrayLength().ShouldBeInRange(1, 8);
    }

    [Fact]
    public void WhatIsMissingIsSaidBeforeAnythingIsWritten()
    {
        var spec = place.Write("incomplete.slim.yaml", File.ReadAllText(place.Spec).Replace("lora_r: 2, dataset: text.txt, split: \":80%\"", "lora_r: 2, dataset: gone.txt", StringComparison.Ordinal));

        Slim.Refused("run", spec, "--checkpoint", place.Model, "--output", place.At("unwritten")).ShouldContain("dataset 'gone.txt' is neither in");
        Slim.Refused("prune", place.Spec, "--checkpoint", place.Folder, "--output", place.At("unwritten")).ShouldContain("config.json");
        Directory.Exists(place.At("unwritten")).ShouldBeFalse();
    }

    [Fact]
    public void AFolderOfSomethingElseIsNotWrittenInto()
    {
        var file = place.Write("precious/notes.txt", "mine");

        Slim.Refused("prune", place.Spec, "--checkpoint", place.Model, "--output", Path.GetDirectoryName(file)!).ShouldContain("choose another --output");
        Directory.GetFiles(place.At("precious")).ShouldBe([file]);
    }

    private double[][] Logits(string model) =>
        Slim.Json("logits", place.Spec, "--checkpoint", model, "--ids", "1,20,30").GetProperty("logits").Deserialize<double[][]>()!;
}
