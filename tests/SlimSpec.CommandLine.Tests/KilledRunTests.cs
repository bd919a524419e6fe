using System.Diagnostics;

namespace SlimSpec.CommandLine.Tests;

/// <summary>A streamed scoring whose process is killed, and is started again.</summary>
public sealed class KilledRunTests(Workplace place) : IClassFixture<Workplace>
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [Fact]
    public void ItGoesOnWhereItWasKilledAndComesToTheSamePlan()
    {
        var spec = place.Write("deep.slim.yaml", File.ReadAllText(place.Spec).Replace("num_hidden_layers: 3", "num_hidden_layers: 24").Replace("checkpoint: model", "checkpoint: deep"));
        Slim.Json("train", spec, "--output", place.At("deep"), "--set", "train.max_steps=1");
        Slim.Json("prune", spec, "--stream", "--output", place.At("whole/run"));

        KillOnceItHasWritten("backward-input-9", "prune", spec, "--stream", "--output", place.At("killed/run"));
        KillOnceItHasWritten("backward-gradient-12", "prune", spec, "--stream", "--output", place.At("killed/run"));
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

    private void KillOnceItHasWritten(string entry, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "SlimSpec.Recipes.dll"), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        while (!File.Exists(place.At($"killed/run/scoring/{entry}.safetensors")))
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
