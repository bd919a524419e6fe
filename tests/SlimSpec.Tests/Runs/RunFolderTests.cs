using System.Text.Json;

namespace SlimSpec.Tests.Runs;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Run_json_tells_the_stages_and_how_to_repeat_them()
    {
        var output = _folder["run"];
        using (var run = RunFolder.Create(output, Record()))
        {
            using var dense = run.BeginStage("dense");
            dense.Complete(parameters: 1000, macs: 5000, new([12.5], [], null));
            run.Note(record => record with { Evaluations = [new(PerplexityProtocol.LlmPruner, "text.txt", 0.8, 1, 128, 3, 381, "float32")] });
            using var pruned = run.BeginStage("pruned");
            pruned.Complete(parameters: 800, macs: 4000);
        }

        var json = Read(output);
        json.GetProperty("recipe").GetString().ShouldBe("Sample");
        json.GetProperty("recipe_hash").GetString().ShouldBe("abc");
        json.GetProperty("command").GetString().ShouldBe("slim run sample --seed 3");
        json.GetProperty("seed").GetInt64().ShouldBe(3);
        json.GetProperty("evaluations")[0].GetProperty("tokens_scored").GetInt64().ShouldBe(381);
        json.GetProperty("evaluations")[0].GetProperty("dtype").GetString().ShouldBe("float32");
        json.GetProperty("versions").GetProperty("torch").GetString().ShouldNotBeNullOrEmpty();
        json.GetProperty("settings").GetProperty("prune")[0].GetProperty("score").GetString().ShouldBe("taylor");
        json.GetProperty("settings").GetProperty("prune")[0].GetProperty("round_to").GetInt32().ShouldBe(1);

        var stages = json.GetProperty("stages");
        stages.GetArrayLength().ShouldBe(2);
        stages[0].GetProperty("name").GetString().ShouldBe("dense");
        stages[0].GetProperty("parameters").GetInt64().ShouldBe(1000);
        stages[0].GetProperty("macs").GetInt64().ShouldBe(5000);
        stages[0].GetProperty("perplexity").GetDouble().ShouldBe(12.5);
        stages[0].GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
        stages[0].GetProperty("peak_rss_mb").GetDouble().ShouldBeGreaterThan(10);
        stages[1].GetProperty("perplexity").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public void A_perplexity_beyond_numbers_is_still_written()
    {
        using var run = RunFolder.Create(_folder["run"], Record());
        using var stage = run.BeginStage("pruned");
        stage.Complete(1, 1, new([double.PositiveInfinity], [], null));
        Read(_folder["run"]).GetProperty("stages")[0].GetProperty("perplexity").GetString().ShouldBe("Infinity");
    }

    [Fact]
    public void Metrics_are_a_line_a_step()
    {
        var output = _folder["run"];
        using (var run = RunFolder.Create(output, Record()))
        {
            run.Log("recovered", Metric(1));
            run.Log("recovered", Metric(2) with { Perplexity = 9.5 });
        }

        var lines = File.ReadAllLines(Path.Combine(output, "metrics.jsonl"));
        lines.Length.ShouldBe(2);
        lines[0].ShouldStartWith("""{"stage":"recovered","step":1,"loss":2.5,"grad_norm":0.5,"learning_rate":0.001,"tokens":100""");
        lines[0].ShouldNotContain("perplexity");
        lines[1].ShouldContain("\"perplexity\":9.5");
    }

    [Fact]
    public void A_new_run_takes_the_folder_of_an_old_one()
    {
        using (var old = RunFolder.Create(_folder["run"], Record()))
        {
            old.Log("recovered", Metric(1));
        }

        RunFolder.Create(_folder["run"], Record() with { Seed = 4 }).Dispose();
        Read(_folder["run"]).GetProperty("seed").GetInt64().ShouldBe(4);
        File.Exists(Path.Combine(_folder["run"], "metrics.jsonl")).ShouldBeFalse();
    }

    [Fact]
    public void A_run_that_goes_on_keeps_the_lines_that_count()
    {
        using (var killed = RunFolder.Create(_folder["run"], Record()))
        {
            killed.Log("recovered", Metric(1));
            killed.Log("recovered", Metric(2));
            killed.Log("recovered", Metric(3));
        }

        File.AppendAllText(Path.Combine(_folder["run"], "metrics.jsonl"), "{\"stage\":\"recov"); // cut off
        using (var second = RunFolder.Create(_folder["run"], Record()))
        {
            second.Resume("recovered", 2);
            second.Log("recovered", Metric(3) with { Loss = 7 });
        }

        File.ReadAllLines(Path.Combine(_folder["run"], "metrics.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).Select(line => (line.GetProperty("step").GetInt32(), line.GetProperty("loss").GetDouble()))
            .ShouldBe([(1, 2.5), (2, 2.5), (3, 7)]);
    }

    [Fact]
    public void A_run_json_is_read_back()
    {
        var record = Record() with { Finished = DateTime.UnixEpoch, Settings = Record().Settings with { Recover = [new PartialRecovery { Dataset = new("a.txt"), LastLayers = 3 }] } };
        RunFolder.Create(_folder["run"], record).Dispose();

        var read = RunFolder.Read(Path.Combine(_folder["run"], "run.json"))!;

        read.Finished.ShouldBe(DateTime.UnixEpoch);
        read.Settings.Recover[0].ShouldBeOfType<PartialRecovery>().LastLayers.ShouldBe(3);
        read.Settings.Prune[0].ShouldBeOfType<WidthCut>().Layers.ShouldBe([1, 2]);
        File.WriteAllText(_folder["other.json"], "{}");
        RunFolder.Read(_folder["other.json"]).ShouldBeNull();
    }

    [Fact]
    public void A_folder_of_something_else_is_left_alone()
    {
        File.WriteAllText(_folder["thesis.txt"], "precious");
        Should.Throw<SlimException>(() => RunFolder.Create(_folder.Path, Record())).Message.ShouldContain("not empty");
        Directory.GetFiles(_folder.Path).ShouldBe([_folder["thesis.txt"]]);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named()
    {
        File.WriteAllText(_folder["file"], "");
        Should.Throw<SlimException>(() => RunFolder.Create(_folder["file"], Record())).Message.ShouldStartWith(_folder["file"]);
    }

    private static JsonElement Read(string folder) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "run.json"))).RootElement;

    private static TrainingMetric Metric(int step) =>
        new() { Step = step, Loss = 2.5, GradNorm = 0.5, LearningRate = 1e-3, Tokens = 100 * step, TokensPerSecond = 50, Seconds = 2 * step };

    private static RunRecord Record() => new()
    {
        Recipe = "Sample",
        SpecFile = "sample.slim.yaml",
        RecipeHash = "abc",
        Command = "slim run sample --seed 3",
        Device = "cpu",
        Dtype = "float32",
        Seed = 3,
        Settings = new() { Prune = [new WidthCut { Targets = ["mlp"], Sparsity = 0.2, Layers = [1, 2] }] },
    };
}
