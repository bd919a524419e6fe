namespace SlimSpec.CommandLine.Tests;

/// <summary><c>slim exits</c>, and what <c>slim generate</c> and <c>slim run</c> make of exits, on a tiny model.</summary>
public sealed class ExitsCommandTests(Workplace place) : IClassFixture<Workplace>
{
    // No exits of so small a model pay; a guard of 0 keeps them on all the same.
    private const string Verified = "mode: adaptive_verified, layers: [1, 2], calibrate: { dataset: text.txt, num_prompts: 10, prompt_tokens: 6, max_new_tokens: 12 }";
    private const string Unguarded = Verified + ", guard: { min_predicted_speedup: 0 }";

    [Fact]
    public void FittedExitsAreUsedByGenerateAndChangeNothingThatItSays()
    {
        var spec = Spec("used", Unguarded);
        var (code, output, error) = Slim.Run("exits", spec, "--checkpoint", place.Model, "--output", place.At("used"));

        code.ShouldBe(0, error);
        output.ShouldContain("mode adaptive_verified, scope decode");
        output.ShouldContain("exits are on");
        output.ShouldContain($"--exits {place.At("used/exits.json")}, or copy it beside the spec as used.exits.json");
        File.ReadAllText(place.At("used/exits.html")).ShouldContain("</html>");
        ((double)place.ReadJson("used/exits.json")["cost"]!["pieces"]!["r"]!).ShouldBeGreaterThan(0);

        string[] generate = ["generate", spec, "--checkpoint", place.Model, "--prompt", "Ann has", "--max-tokens", "20"];
        var (_, early, said) = Slim.Run([.. generate, "--exits", place.At("used/exits.json")]);
        var (_, dense, saidOfDense) = Slim.Run([.. generate, "--exits", "off"]);
        early.ShouldBe(dense);
        said.ShouldContain("exits, mode adaptive_verified, scope decode: ");
        said.ShouldContain(" of 3 layers a token");
        saidOfDense.ShouldNotContain("exits");
        Slim.Json([.. generate, "--exits", place.At("used/exits.json")]).GetProperty("exits").GetProperty("layers").GetInt32().ShouldBe(3);
    }

    [Fact]
    public void ExitsThatDoNotPayAreOffAndGenerateRunsTheDenseCode()
    {
        var spec = Spec("guarded", Verified + ", guard: { min_predicted_speedup: 50 }");
        var (_, output, _) = Slim.Run("exits", spec, "--checkpoint", place.Model, "--output", place.At("guarded"));

        output.ShouldContain("exits are off: the cost model predicts");
        ((bool)place.ReadJson("guarded/exits.json")["enabled"]!).ShouldBeFalse();
        var (_, _, error) = Slim.Run("generate", spec, "--checkpoint", place.Model, "--max-tokens", "4", "--exits", place.At("guarded/exits.json"));
        error.ShouldContain("the dense code runs");
        error.ShouldNotContain("layers a token");
    }

    [Fact]
    public void AFileOfOtherWeightsOrAnotherRecipeIsRefused()
    {
        var spec = Spec("stale", Unguarded);
        Slim.Json("exits", spec, "--checkpoint", place.Model, "--output", place.At("stale"));
        Slim.Json("train", place.Spec, "--output", place.At("other"), "--seed", "9");
        string[] generate = ["generate", spec, "--max-tokens", "4", "--exits", place.At("stale/exits.json")];

        Slim.Refused([.. generate, "--checkpoint", place.At("other")]).ShouldContain("the model's weights are not those that it was calibrated with");
        Slim.Refused([.. generate, "--checkpoint", place.Model, "--set", "exits.kv.max_pending=3"]).ShouldContain("has changed since");
    }

    [Fact]
    public void AModeWithoutClassifierIsMeasuredAlone()
    {
        var spec = Spec("drafts", "mode: self_speculative, layers: [1, 2]");
        var json = Slim.Json("exits", spec, "--checkpoint", place.Model, "--output", place.At("drafts"));

        json.GetProperty("measured").GetProperty("agreement").GetDouble().ShouldBe(1);
        json.GetProperty("simulated").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        File.Exists(place.At("drafts/exits.json")).ShouldBeFalse();
        File.Exists(place.At("drafts/exits.html")).ShouldBeTrue();
        Slim.Run("generate", spec, "--checkpoint", place.Model, "--max-tokens", "4").Error.ShouldContain("mode self_speculative");
        Slim.Refused("generate", spec, "--checkpoint", place.Model, "--exits", "exits.json").ShouldContain("exits of mode self_speculative have no file");
    }

    [Fact]
    public void ATruncatedModelRunsItsFirstLayersAndDoesNotSample()
    {
        var spec = Spec("truncated", "mode: truncate, layers: [2], guard: { min_predicted_speedup: 50 }");
        var (code, output, error) = Slim.Run("exits", spec, "--checkpoint", place.Model, "--output", place.At("truncated"));

        code.ShouldBe(0, error);
        output.ShouldContain("2.00 of 3");
        output.ShouldContain("these exits do not pay: ");
        output.ShouldContain("slim generate runs the dense code with --exits off");
        Slim.Run("generate", spec, "--checkpoint", place.Model, "--max-tokens", "4").Error.ShouldContain("mode truncate, scope decode: 2.00 of 3 layers a token");
        Slim.Refused("generate", spec, "--checkpoint", place.Model, "--max-tokens", "4", "--prompt", "Ann", "--temperature", "1").ShouldContain("temperature: 1 is not possible with exits of mode truncate");
    }

    [Fact]
    public void AnAnswerIsOneToken()
    {
        var spec = Spec("answer", "mode: simulate, scope: prompt_last, layers: [1, 2], calibrate: { dataset: text.txt, num_prompts: 10, prompt_tokens: 6, max_new_tokens: 1 }");
        Slim.Json("exits", spec, "--checkpoint", place.Model, "--output", place.At("answer"));
        string[] generate = ["generate", spec, "--checkpoint", place.Model, "--prompt", "Ann has", "--exits", place.At("answer/exits.json")];

        Slim.Json(generate).GetProperty("ids").GetArrayLength().ShouldBe(1);
        Slim.Refused([.. generate, "--max-tokens", "2"]).ShouldContain("--max-tokens 2: exits with scope prompt_last give one token");
    }

    [Fact]
    public void WhatIsMissingIsNamedInOneLine()
    {
        string[] model = ["--checkpoint", place.Model, "--output", place.At("unmade")];
        var spec = Spec("missing", Verified);

        Slim.Refused(["exits", place.Spec, .. model]).ShouldContain("tiny.slim.yaml has no exits section");
        Slim.Refused(["exits", Spec("gone", Verified.Replace("text.txt", "gone.txt", StringComparison.Ordinal)), .. model]).ShouldContain("dataset 'gone.txt' is neither in");
        Slim.Refused(["exits", Spec("few", Verified.Replace("num_prompts: 10", "num_prompts: 100000", StringComparison.Ordinal)), .. model]).ShouldContain("different prompts, but exits: calibrate: num_prompts asks for 100000");
        Slim.Refused(["exits", Spec("uncertified", Verified.Replace("adaptive_verified", "adaptive", StringComparison.Ordinal)), .. model]).ShouldContain("cannot be certified");
        Slim.Refused("generate", spec, "--checkpoint", place.Model).ShouldContain($"make it with slim exits {spec} --checkpoint {place.Model}, or go without: --exits off");
        Slim.Refused("generate", spec, "--checkpoint", place.Model, "--exits", place.At("nowhere.json")).ShouldContain("nowhere.json: there is no such file");
        Slim.Refused("generate", place.Spec, "--checkpoint", place.Model, "--exits", place.At("nowhere.json")).ShouldContain("tiny.slim.yaml has no exits section");
        Directory.Exists(place.At("unmade")).ShouldBeFalse();
    }

    [Fact]
    public void AFolderOfSomethingElseIsNotWrittenInto()
    {
        var file = place.Write("precious-exits/notes.txt", "mine");

        Slim.Refused("exits", Spec("precious", Verified), "--checkpoint", place.Model, "--output", Path.GetDirectoryName(file)!).ShouldContain("choose another --output");
        Directory.GetFiles(place.At("precious-exits")).ShouldBe([file]);
    }

    [Fact]
    public void RunFitsExitsToTheModelThatItHasWritten()
    {
        var spec = place.Write("whole.slim.yaml", File.ReadAllText(place.Spec) + $"\nexits: {{ {Unguarded} }}\n");
        var (code, output, error) = Slim.Run("run", spec, "--checkpoint", place.Model, "--output", place.At("whole"));

        code.ShouldBe(0, error);
        output.ShouldContain("exits: mode adaptive_verified, scope decode");
        var run = place.ReadJson("whole/run.json");
        run["stages"]!.AsArray().Select(stage => (string)stage!["name"]!).ShouldBe(["dense", "pruned", "recovered", "exits"]);
        ((double)run["exits"]!["measured_layers"]!).ShouldBeInRange(1, 3);
        ((string)place.ReadJson("whole/exits.json")["weights"]!).ShouldBe(CheckpointFingerprint.Of(place.At("whole")));
        Slim.Run("generate", spec, "--checkpoint", place.At("whole"), "--max-tokens", "4").Error.ShouldContain("exits, mode adaptive_verified");
    }

    [Fact]
    public void ADryRunRehearsesExitsToo()
    {
        var spec = place.Write("rehearsed.slim.yaml", File.ReadAllText(place.Spec) + $"\nexits: {{ {Verified.Replace("adaptive_verified", "adaptive", StringComparison.Ordinal)} }}\n");
        var (code, output, error) = Slim.Run("run", spec, "--checkpoint", place.Model, "--output", place.At("rehearsed"), "--dry-run");

        code.ShouldBe(0, error);
        error.ShouldContain("exits: ");
        output.ShouldContain("nothing is kept");
        Directory.Exists(place.At("rehearsed")).ShouldBeFalse();
    }

    private string Spec(string name, string exits) => place.Write($"{name}.slim.yaml", File.ReadAllText(place.Spec).Split("prune:")[0] + $"evaluate: {{ dataset: text.txt, split: \"80%:\", window: 32 }}\nexits: {{ {exits} }}\n");
}
