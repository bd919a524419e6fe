using SlimSpec.Specs;
using static TorchSharp.torch;

namespace SlimSpec.Generator.Tests;

/// <summary>One forward pass, one cached step, one pruning and new adapters for a recipe's model on random weights; what it costs, counted by the build and by its code.</summary>
internal static class RecipeTrial
{
    private const int Tokens = 9;

    /// <param name="recipe">The recipe.</param>
    /// <param name="model">What it was compiled from.</param>
    /// <param name="locked">Compiles it again with a plan beside it.</param>
    public static void Run(Recipe recipe, RecipeModel model, Func<PlanLock, RecipeModel> locked)
    {
        CheckCosts(recipe.Dense, CostModel.Dense(model, Tokens));
        CheckCosts(recipe.Pruned, CostModel.Pruned(model, Tokens));
        using var scope = NewDisposeScope();
        var samples = randint(0, recipe.Dense.VocabularySize - 3, [2, Tokens], dtype: ScalarType.Int64);
        var dense = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);
        Fill(dense);
        CheckPasses(dense, recipe, samples);
        if (recipe.Settings.Prune.Count == 0)
        {
            recipe.Pruned.ShouldBeNull();
            CheckAdapters(dense, recipe, samples);
            CheckExits(dense, recipe, samples);
            dense.Dispose();
            return;
        }

        var result = PruningRun.Run(recipe, dense, samples, "", 0);
        using var slim = result.Model;
        slim.Shape.ShouldBe(result.Plan.Shrink(recipe, recipe.Dense));
        if (recipe.Pruned is not null)
        {
            slim.Shape.ShouldBe(recipe.Pruned);
        }

        CheckLock(slim.Shape, result.Plan, locked);
        CheckPasses(slim, recipe, samples);
        CheckAdapters(slim, recipe, samples);
        CheckExits(slim, recipe, samples);
    }

    // Whatever checks say, the modes that promise it give the dense model's text; of the others the stack runs, and no more layers than there are.
    private static void CheckExits(CausalLM model, Recipe recipe, Tensor samples)
    {
        if (recipe.Settings.Exits is not { Head.Policy: not ExitHeadPolicy.Lowrank } settings)
        {
            return;
        }

        int[] prompt = [.. Prompt(recipe, samples)[0].data<long>().Select(id => (int)id)];
        var wanted = new GenerationSettings { MaxNewTokens = 3 };
        using var head = ExitHeads.Create(model, settings, null);
        using var exits = recipe.CreateExits(model, head, new EverySecondTime());
        var (result, done) = ExitGenerator.Generate(exits, prompt, wanted);
        result.NewIds.Count.ShouldBe(settings.Scope == ExitScope.PromptLast ? 1 : 3);
        done.AverageLayers.ShouldBeInRange(0, settings.Mode == ExitMode.Truncate ? settings.Layers[0] : 3.0 * model.Layers.Count);
        if (settings.Mode is ExitMode.Simulate or ExitMode.AdaptiveVerified or ExitMode.SelfSpeculative)
        {
            result.NewIds.ShouldBe(TextGenerator.Generate(model, prompt, wanted).NewIds.Take(result.NewIds.Count), $"mode {settings.Mode}");
        }
    }

    private sealed class EverySecondTime : ExitPolicy
    {
        private int _calls;

        public override bool Leaves(int check, ReadOnlySpan<float> features) => _calls++ % 2 == 0;
    }

    // The plan, committed with the spec, tells the build the sizes that it left.
    private static void CheckLock(ModelShape slim, PruningPlan plan, Func<PlanLock, RecipeModel> locked)
    {
        var path = Path.GetTempFileName();
        try
        {
            PlanFile.Write(plan, path);
            var layers = locked(PlanLock.Parse(new("random.plan.json", File.ReadAllText(path)))).Pruned!.Value;
            layers.SelectMany(layer => slim.LayerDimensions.Select(layer.Of))
                .ShouldBe(Enumerable.Range(0, slim.LayerCount).SelectMany(layer => slim.LayerDimensions.Select(name => slim[name, layer])), "the sizes of the plan");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void CheckCosts(ModelShape? shape, ModelCost? cost)
    {
        (shape is null).ShouldBe(cost is null);
        cost?.ShouldBe(new(shape!.Parameters, shape.MultiplyAccumulates(Tokens), shape.CacheElementsPerToken));
    }

    // Each step finds its linears, and new adapters change nothing.
    private static void CheckAdapters(CausalLM model, Recipe recipe, Tensor samples)
    {
        using var noGradients = no_grad();
        var before = model.forward(samples);
        foreach (var adapters in recipe.Settings.Recover.Select(step => step is LoraRecovery lora ? LoraConfiguration.Of(lora) : (step as DistillRecovery)?.Lora).OfType<LoraConfiguration>())
        {
            using var tuner = LoraTuner.Attach(model, adapters with { Dropout = 0 }, seed: 0);
            tuner.TrainableParameters.ShouldBeGreaterThan(0);
            Difference(model.forward(samples), before).ShouldBeLessThan(1e-4f * (1 + before.abs().max().item<float>()), "new adapters add nothing");
        }

        CheckClassifier(model, recipe, samples);
    }

    // What a classifier reads is there where a step trains one, as wide as the stream or as the embedding.
    private static void CheckClassifier(CausalLM model, Recipe recipe, Tensor samples)
    {
        if (recipe.Settings.Recover.Any(step => step.Objective is RecoveryObjective.PCls or RecoveryObjective.Cls))
        {
            using var pass = model.Begin(samples);
            var hidden = Enumerable.Range(0, model.Layers.Count).Aggregate(model.Embed(samples, pass), (hidden, layer) => model.RunLayer(layer, hidden, pass));
            var features = model.HeadFeatures(hidden);
            features.shape[..2].ShouldBe(samples.shape);
            features.isfinite().all().item<bool>().ShouldBeTrue("what a classifier reads is finite");
        }
    }

    private static void CheckPasses(CausalLM model, Recipe recipe, Tensor samples)
    {
        using var noGradients = no_grad();
        model.Leaves.Sum(leaf => leaf.Leaf.numel()).ShouldBe(model.Shape.Parameters);
        var ids = Prompt(recipe, samples);
        var logits = model.forward(ids);
        logits.shape.ShouldBe([1, Tokens, recipe.Dense.VocabularySize]);

        using var cache = model.CreateCache();
        var prefill = model.Prefill(ids.narrow(1, 0, Tokens - 1), cache);
        var decoded = model.Decode(ids.select(0, 0).narrow(0, Tokens - 1, 1), cache);
        var scale = logits.abs().max().item<float>();
        float.IsFinite(scale).ShouldBeTrue("logits are finite");
        Difference(prefill[0], logits[0, Tokens - 2]).ShouldBeLessThan(1e-3f * (1 + scale), "prefill against the whole pass");
        Difference(decoded, logits[0, Tokens - 1]).ShouldBeLessThan(1e-3f * (1 + scale), "one cached step against the whole pass");
    }

    // With the mark and the end of a prefix, where the model has one, in front of what is decoded: RandomSpec takes the last ids for them.
    private static Tensor Prompt(Recipe recipe, Tensor samples)
    {
        var ids = samples.narrow(0, 0, 1).clone();
        ids[0, Tokens - 4] = tensor((long)recipe.Dense.VocabularySize - 2);
        ids[0, Tokens - 3] = tensor((long)recipe.Dense.VocabularySize - 1);
        return ids;
    }

    private static float Difference(Tensor left, Tensor right) => (left - right).abs().max().item<float>();

    private static void Fill(CausalLM model)
    {
        using var noGradients = no_grad();
        manual_seed(0);
        foreach (var leaf in model.Leaves)
        {
            leaf.Leaf.normal_(0, 0.3);
        }
    }
}
