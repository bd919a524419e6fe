namespace SlimSpec.CommandLine.Tests;

public sealed class CompilingTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void ASpecAnywhereIsCompiledAndThenFoundInTheCache()
    {
        Slim.Json("show", _place.Spec).GetProperty("dense").GetProperty("layers").GetArrayLength().ShouldBe(3);
        _place.CachedRecipes.ShouldBe(1);

        Slim.Json("show", _place.Spec).GetProperty("name").GetString().ShouldBe("Tiny");
        _place.CachedRecipes.ShouldBe(1);
    }

    [Fact]
    public void ACacheThatIsDamagedIsCompiledAnew()
    {
        Slim.Json("show", _place.Spec);
        var cached = Directory.GetFiles(_place.At("cache")).Single();
        File.WriteAllText(cached, "cut off");

        Slim.Json("show", _place.Spec).GetProperty("name").GetString().ShouldBe("Tiny");
        new FileInfo(cached).Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void WithoutAFolderForTheCacheSpecsCompileAllTheSame()
    {
        Environment.SetEnvironmentVariable("SLIM_CACHE", _place.Write("a-file", ""));

        Slim.Json("show", _place.Spec).GetProperty("name").GetString().ShouldBe("Tiny");
    }

    [Fact]
    public void EveryProblemIsPrintedAtItsLineAsABuildDoes()
    {
        var spec = _place.Write("bad.slim.yaml", File.ReadAllText(_place.Spec)
            .Replace("sparsity: 0.5", "sparsty: 0.5", StringComparison.Ordinal)
            .Replace("window: 32", "window: 1000", StringComparison.Ordinal));

        var lines = Slim.Refused("show", spec).Split('\n');

        lines.ShouldContain(line => line.Contains("bad.slim.yaml(7,5): error SLIM103", StringComparison.Ordinal) && line.Contains("did you mean 'sparsity'?", StringComparison.Ordinal));
        lines.ShouldContain(line => line.Contains("bad.slim.yaml(11,", StringComparison.Ordinal) && line.Contains("error SLIM601", StringComparison.Ordinal));
        _place.CachedRecipes.ShouldBe(0);
    }

    [Fact]
    public void ASettingIsChangedAndAddedAndChecked()
    {
        var settings = Slim.Json("show", _place.Spec, "--set", "prune[0].sparsity=0.25", "--set", "evaluate.limit=3").GetProperty("settings");

        settings.GetProperty("prune")[0].GetProperty("sparsity").GetDouble().ShouldBe(0.25);
        settings.GetProperty("evaluate").GetProperty("perplexity")[0].GetProperty("limit").GetInt32().ShouldBe(3);
        Slim.Refused("show", _place.Spec, "--set", "prune[0].sparsity=2").ShouldStartWith("--set prune[0].sparsity=2: error SLIM107");
        Slim.Refused("show", _place.Spec, "--set", "prune[4].sparsity=0.1").ShouldStartWith("--set prune[4].sparsity=0.1: error SLIM110");
    }

    [Fact]
    public void AnotherSettingIsAnotherRecipe()
    {
        var hash = Slim.Json("show", _place.Spec).GetProperty("hash").GetString();

        Slim.Json("show", _place.Spec, "--set", "prune[0].sparsity=0.25").GetProperty("hash").GetString().ShouldNotBe(hash);
        _place.CachedRecipes.ShouldBe(2);
    }

    [Fact]
    public void ASeedIsEveryStepsSeed()
    {
        var settings = Slim.Json("show", _place.Spec, "--seed", "7").GetProperty("settings");

        settings.GetProperty("calibration").GetProperty("seed").GetInt32().ShouldBe(7);
        settings.GetProperty("prune")[0].GetProperty("seed").GetInt32().ShouldBe(7);
        settings.GetProperty("recover")[0].GetProperty("seed").GetInt32().ShouldBe(7);
        settings.GetProperty("train").GetProperty("seed").GetInt32().ShouldBe(7);
    }

    [Fact]
    public void TheSizesFollowTheCheckpointGiven()
    {
        var spec = _place.Write("follow.slim.yaml", Workplace.SpecWith("architecture: llama, config: other/config.json"));
        var model = _place.Model;

        Slim.Json("show", spec, "--checkpoint", model).GetProperty("dense").GetProperty("hidden").GetInt32().ShouldBe(16);

        // With a config of its own in place, of another model, the checkpoint still decides.
        _place.Write("other/config.json", File.ReadAllText(Path.Combine(model, "config.json")).Replace("\"hidden_size\": 16", "\"hidden_size\": 32", StringComparison.Ordinal));
        Slim.Json("show", spec).GetProperty("dense").GetProperty("hidden").GetInt32().ShouldBe(32);
        Slim.Json("show", spec, "--checkpoint", model).GetProperty("dense").GetProperty("hidden").GetInt32().ShouldBe(16);
    }

    [Fact]
    public void SizesInTheSpecRefuseAnotherModel()
    {
        var other = _place.Write("other/config.json", File.ReadAllText(Path.Combine(_place.Model, "config.json")).Replace("\"vocab_size\": 300", "\"vocab_size\": 310", StringComparison.Ordinal));

        var message = Slim.Refused("show", _place.Spec, "--checkpoint", Path.GetDirectoryName(other)!);

        message.ShouldContain("vocab_size is 310, but the recipe Tiny was compiled for 300");
        message.ShouldContain("with 'config:' they are read from the checkpoint");
    }

    [Fact]
    public void ThePlanAndTheExitsBesideASpecAreCompiledWithIt()
    {
        var spec = _place.Write("locked.slim.yaml", Workplace.SpecWith("architecture: llama, hidden_size: 16, num_hidden_layers: 3, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 24, vocab_size: 300, max_position_embeddings: 64")
            .Replace("sparsity: 0.5", "sparsity: 0.5\n    scope: global", StringComparison.Ordinal) + "\nexits: { mode: simulate, layers: [2], features: [gap], calibrate: { dataset: text.txt, prompt_tokens: 8, max_new_tokens: 8 } }\n");
        var bare = RecipeLoader.Load(spec, [], null).Recipe;
        (bare.Pruned, bare.Exits).ShouldBe((null, null));

        _place.Write("locked.plan.json", $$"""{ "format": 2, "recipe_hash": "{{bare.PruningHash}}", "layers": [], "groups": [{ "layer": 1, "unit": "mlp", "kept": [0, 7] }] }""");
        _place.Write("locked.exits.json", $$"""
            { "format": 1, "recipe_hash": "{{bare.Hash}}", "depth": 3, "layers": [2], "features": ["gap"],
              "classifier": { "kind": "logistic", "form": "threshold", "checks": [{ "layers": 2, "feature": 0, "threshold": 0.5 }] } }
            """);
        var locked = RecipeLoader.Load(spec, [], null).Recipe;

        locked.Pruned!["ffn", 1].ShouldBe(2);
        locked.Exits!.CreatePolicy().Leaves(0, [0.5f]).ShouldBeTrue();
        locked.Hash.ShouldBe(bare.Hash);
        Slim.Json("show", spec, "--set", "evaluate.limit=3").GetProperty("name").GetString().ShouldBe("Locked");
    }

    [Fact]
    public void ExitsThatAreNoneAreRefusedAsABuildDoes()
    {
        _place.Write("tiny.exits.json", "{ \"format\": 3 }");

        Slim.Refused("show", _place.Spec).ShouldContain("tiny.exits.json(1,13): error SLIM509: the exits file has format 3");
    }

    [Fact]
    public void AnArchitectureBesideTheSpecHidesTheShippedOne()
    {
        _place.Write("architectures/llama.arch.yaml", "architecture: llama\n");

        Slim.Refused("show", _place.Spec).ShouldContain("llama.arch.yaml(1,1): error SLIM104");
    }
}
