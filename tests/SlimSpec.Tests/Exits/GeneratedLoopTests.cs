using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>The loops that the generator writes.</summary>
public class GeneratedLoopTests
{
    private static readonly int[] Prompt = [5, 80, 13, 200];

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void Verified_text_is_the_dense_models(ScalarType dtype)
    {
        using var model = GoldenModels.Load(ExitsVerified.Instance, "llama-gqa", dtype);
        using var head = new PlainHead(model);
        using var exits = ExitsVerified.Instance.CreateExits(model, head, new RandomExits(0.4));
        var (result, statistics) = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 100 });

        result.NewIds.ShouldBe(TextGenerator.Generate(model, Prompt, new() { MaxNewTokens = 100 }).NewIds);
        statistics.Accepted.ShouldBeInRange(1, statistics.Drafted - 1);
        statistics.LayerCalls.ShouldBe(statistics.ExitsAfter.Select((count, layers) => count * layers).Sum());
        statistics.Checks.ShouldBeInRange(statistics.Passes / 2, 3 * statistics.Passes);
        statistics.FullHeads.ShouldBe(statistics.Checks, "the head's every reading, and no confirmation");
        statistics.CheckSeconds.ShouldBeInRange(double.Epsilon, result.DecodeSeconds);
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void Drafts_at_a_depth_chosen_on_the_way_give_the_dense_models_text(ScalarType dtype)
    {
        using var model = GoldenModels.Load(ExitsSpeculative.Instance, "gpt2", dtype);
        using var head = new PlainHead(model);
        using var exits = ExitsSpeculative.Instance.CreateExits(model, head, ExitPolicy.Never);
        var done = new ExitStatistics(4);
        for (var seed = 0; seed < 10; seed++)
        {
            var prompt = RandomIds.Rows(1, 4, seed)[0];
            var (result, statistics) = ExitGenerator.Generate(exits, prompt, new() { MaxNewTokens = 60 });
            result.NewIds.ShouldBe(TextGenerator.Generate(model, prompt, new() { MaxNewTokens = 60 }).NewIds);
            done.Add(statistics);
        }

        done.Drafted.ShouldBeGreaterThan(0);
        (done.ExitsAfter[1] + done.ExitsAfter[2]).ShouldBe(done.Drafted);
    }

    [Fact]
    public void A_layer_that_no_token_reaches_is_not_run()
    {
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(ExitsPropagate.Instance, "llama-mha");
        using var head = new PlainHead(model);
        using var exits = ExitsPropagate.Instance.CreateExits(model, head, new PlannedExits(1)); // all after 2 layers
        var id = exits.Begin(Prompt, new());
        foreach (var weight in model.Layers[2].Weights.Concat(model.Layers[3].Weights))
        {
            weight.Value.fill_(double.NaN);
        }

        for (var step = 0; step < 5; step++)
        {
            id = exits.Next(id);
            head.LastLogits.ToArray().ShouldAllBe(logit => float.IsFinite(logit));
        }

        exits.Statistics.LayerCalls.ShouldBe(5 * 2);
        exits.Statistics.ExitsAfter.ShouldBe([0, 0, 5, 0, 0]);
    }

    [Fact]
    public void Truncated_text_is_that_of_a_model_of_the_first_layers()
    {
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(ExitsTruncate.Instance, "llama-mha");
        using var shallow = GoldenModels.Recipe("llama-mha").CreateModel(GoldenModels.Recipe("llama-mha").Dense.KeepLayers([0, 1]), ScalarType.Float32, CPU);
        foreach (var weight in shallow.Weights)
        {
            weight.Value.copy_(model.Weights.Single(same => same.Name == weight.Name).Value);
        }

        using var head = new PlainHead(model);
        using var exits = ExitsTruncate.Instance.CreateExits(model, head, ExitPolicy.Never);
        var (result, statistics) = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 50 });

        result.NewIds.ShouldBe(TextGenerator.Generate(shallow, Prompt, new() { MaxNewTokens = 50 }).NewIds);
        statistics.AverageLayers.ShouldBe(2);
        statistics.ExitsAfter.ShouldBe([0, 0, 49, 0, 0]);
        Should.Throw<SlimException>(() => ExitGenerator.Generate(exits, Prompt, new() { Temperature = 1 })).Message.ShouldContain("mode truncate");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 3)]
    [InlineData(-1, 4)]
    public void A_prompts_answer_is_what_the_layer_says_that_its_last_token_left(int check, int layers)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(ExitsPrompt.Instance, "gpt2");
        using var head = new PlainHead(model);
        using var exits = ExitsPrompt.Instance.CreateExits(model, head, new PlannedExits(check));
        var ids = Tensors.Of([[.. Enumerable.Range(40, 40)]]);
        using var pass = model.Begin(ids);
        var hidden = model.Embed(ids, pass);
        for (var layer = 0; layer < layers; layer++)
        {
            hidden = model.RunLayer(layer, hidden, pass);
        }

        var (result, statistics) = ExitGenerator.Generate(exits, [.. Enumerable.Range(40, 40)], new() { MaxNewTokens = 7 });

        result.NewIds.ShouldBe([(int)model.Head(hidden)[0, -1].argmax().item<long>()]);
        result.Stop.ShouldBe(StopReason.MaxNewTokens);
        statistics.Tokens.ShouldBe(1);
        statistics.LayerCalls.ShouldBe(layers);
        statistics.ExitsAfter[layers].ShouldBe(1);
        Should.Throw<SlimException>(() => ExitGenerator.Follow(exits, [1], [2])).Message.ShouldContain("prompt_last");
    }

    [Fact]
    public void The_final_norm_is_applied_to_early_layers_as_the_recipe_says()
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        foreach (var (recipe, normed) in new (Recipe, bool)[] { (ExitsPrompt.Instance, false), (ExitsSpeculative.Instance, true) })
        {
            using var model = GoldenModels.Load(recipe, "gpt2");
            var settings = recipe.Settings.Exits! with { Mode = ExitMode.Truncate, Scope = ExitScope.PromptLast, Layers = [1] };
            using var exits = new LoopStack(model, settings, new PlainHead(model), ExitPolicy.Never);
            var table = model.Weights.Single(weight => weight.Name == "transformer.wte.weight").Value;
            var (with, without, said) = (new List<int>(), new List<int>(), new List<int>());
            for (var token = 0; token < 20; token++)
            {
                var ids = Tensors.Of([[5, 80, token]]);
                using var pass = model.Begin(ids);
                var row = model.RunLayer(0, model.Embed(ids, pass), pass)[0, -1];
                with.Add((int)model.Head(row.view(1, 1, -1)).argmax().item<long>());
                without.Add((int)table.mv(row).argmax().item<long>());
                said.AddRange(ExitGenerator.Generate(exits, [5, 80, token], new()).Result.NewIds);
            }

            with.ShouldNotBe(without);
            said.ShouldBe(normed ? with : without);
        }
    }

    [Fact]
    public void Cosines_compare_what_the_last_two_checks_saw()
    {
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(ExitsVerified.Instance, "llama-gqa");
        using var head = new PlainHead(model);
        using var exits = ExitsVerified.Instance.CreateExits(model, head, ExitPolicy.Never);
        var seen = new Recorded();
        (exits.Simulates, exits.Recorder) = (true, seen);
        ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 2 });

        using var scope = NewDisposeScope();
        var ids = TextGenerator.Generate(model, Prompt, new() { MaxNewTokens = 2 }).NewIds;
        using var cache = model.CreateCache();
        model.Prefill(Tensors.Of([Prompt]), cache);
        using var pass = model.Begin(tensor(new[] { (long)ids[0] }), cache);
        var rows = model.Embed(tensor(new[] { (long)ids[0] }), pass);
        using var branches = new BranchStates { Watching = true };
        var (states, attention, mlp) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        foreach (var block in ((ExitsVerified.Model)model).Blocks)
        {
            rows = block.Decode(rows, pass, cache, branches);
            states.Add(rows.select(0, 0));
            attention.Add(branches.Attention!.clone());
            mlp.Add(branches.Mlp!.clone());
            states[^1].sub(block.Index == 0 ? model.Embed(tensor(new[] { (long)ids[0] }), pass).select(0, 0) : states[^2]).sub(attention[^1]).sub(mlp[^1])
                .abs().max().item<float>().ShouldBeLessThan(1e-5f, "the branches are what a layer adds");
        }

        seen.Tokens.ShouldBe([(ids[1], 4)]);
        seen.Checks.Select(made => made.Check).ShouldBe([0, 1, 2]);
        for (var check = 0; check < 3; check++)
        {
            var features = seen.Checks[check].Features;
            features[8].ShouldBeGreaterThanOrEqualTo(1, "argmax run");
            features[9].ShouldBe(check == 0 ? 0 : Cosine(states, check), 1e-5f);
            features[10].ShouldBe(check == 0 ? 0 : Cosine(attention, check), 1e-5f);
            features[11].ShouldBe(check == 0 ? 0 : Cosine(mlp, check), 1e-5f);
            features[12].ShouldBe((check + 1) / 4f);
            features[4].ShouldBe(check == 0 ? 0 : features[0] - seen.Checks[check - 1].Features[0], 1e-6f);
            features[7].ShouldBe(check == 0 ? 0 : features[3] - seen.Checks[check - 1].Features[3], 1e-5f);
        }

        float Cosine(List<Tensor> of, int check) =>
            nn.functional.cosine_similarity(of[check].unsqueeze(0), of[check - 1].unsqueeze(0)).item<float>();
    }
}
