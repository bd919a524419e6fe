using System.Diagnostics;

namespace SlimSpec.CommandLine.Tests;

/// <summary>Runs whose process is killed, and that are started again.</summary>
public sealed class KilledRunTests(Workplace place) : IClassFixture<Workplace>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Fact]
    public void AStreamedScoringGoesOnWhereItWasKilledAndComesToTheSamePlan()
    {
        var spec = place.Write("deep.slim.yaml", File.ReadAllText(place.Spec).Replace("num_hidden_layers: 3", "num_hidden_layers: 24").Replace("checkpoint: model", "checkpoint: deep"));
        Slim.Json("train", spec, "--output", place.At("deep"), "--set", "train.max_steps=1");
        Slim.Json("prune", spec, "--stream", "--output", place.At("whole/run"));

        Kill(() => File.Exists(place.At("killed/run/scoring/backward-input-9.safetensors")), "prune", spec, "--stream", "--output", place.At("killed/run"));
        Kill(() => File.Exists(place.At("killed/run/scoring/backward-gradient-12.safetensors")), "prune", spec, "--stream", "--output", place.At("killed/run"));
        Directory.GetFiles(place.At("killed/run/scoring"), "scores-*").ShouldNotBeEmpty();
        var (code, _, error) = Slim.Run("prune", spec, "--stream", "--output", place.At("killed/run"));

        code.ShouldBe(0, error);
        error.ShouldContain("note: scoring: goes on where it was left");
        Directory.Exists(place.At("killed/run/scoring")).ShouldBeFalse();
        foreach (var file in new[] { "plan.json", "model.safetensors" })
        {
            File.ReadAllBytes(place.At($"killed/run/{file}")).ShouldBe(File.ReadAllBytes(place.At($"whole/run/{file}")), file);
        }
    }

    [Theory]
    [InlineData("method: lora, lora_r: 2, lora_dropout: 0.1")]
    [InlineData("method: distill, val_set_size: 4, eval_steps: 3")]
    public void ATrainingGoesOnWhereItWasKilledAndComesToTheSameWeights(string method)
    {
        var spec = place.Write("long.slim.yaml", File.ReadAllText(place.Spec)
            .Replace("method: lora, lora_r: 2", $"{method}, save_steps: 2", StringComparison.Ordinal)
            .Replace("max_steps: 2, micro_batch_size: 2", "max_steps: 40, micro_batch_size: 2", StringComparison.Ordinal));
        _ = place.Model;
        var (whole, killed) = (place.At($"whole-{method[8]}"), place.At($"killed-{method[8]}"));
        Slim.Json("run", spec, "--output", whole);

        foreach (var steps in new[] { 5, 11, 30 })
        {
            Kill(() => Steps(killed) >= steps, "run", spec, "--output", killed);
        }

        var (code, _, error) = Slim.Run("run", spec, "--output", killed);

        code.ShouldBe(0, error);
        error.ShouldMatch("went on at step [0-9]+ of an interrupted run");
        Directory.Exists(Path.Combine(killed, "training")).ShouldBeFalse();
        Steps(killed).ShouldBe(40);
        File.ReadAllBytes(Path.Combine(killed, "model.safetensors")).ShouldBe(File.ReadAllBytes(Path.Combine(whole, "model.safetensors")));
    }

    private static int Steps(string run)
    {
        var metrics = Path.Combine(run, "metrics.jsonl");
        return File.Exists(metrics) ? File.ReadLines(metrics).Count() : 0;
    }

    private static void Kill(Func<bool> isDue, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SlimSpec.Recipes.dll"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        while (!isDue())
        {
            process.HasExited.ShouldBeFalse(process.HasExited ? error.Result : "");
            watch.Elapsed.ShouldBeLessThan(Longest);
            Thread.Sleep(1);
        }

        process.Kill(); // SIGKILL
        process.WaitForExit();
        process.ExitCode.ShouldBe(128 + 9, error.Result);
    }
}
