using SlimSpec.Tests.Families;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>The modes that promise the dense model's text give it, token for token, whatever the checks do.</summary>
public class LosslessTests
{
    private const int PromptTokens = 4;
    private static readonly ExitMode[] Verified = [ExitMode.AdaptiveVerified, ExitMode.SelfSpeculative];

    // 6 cases of 2 modes of 900 tokens: 10,800.
    [Theory]
    [InlineData("gpt2", ScalarType.Float64)]
    [InlineData("gpt2", ScalarType.Float32)]
    [InlineData("llama-mha", ScalarType.Float64)]
    [InlineData("llama-mha", ScalarType.Float32)]
    [InlineData("llama-gqa", ScalarType.Float64)]
    [InlineData("llama-gqa", ScalarType.Float32)]
    public void Greedy_text_is_the_dense_models(string name, ScalarType dtype)
    {
        using var model = GoldenModels.Load(name, dtype);
        var done = Verified.ToDictionary(mode => mode, _ => new ExitStatistics(model.Layers.Count));
        for (var seed = 0; seed < 15; seed++)
        {
            var prompt = RandomIds.Rows(1, PromptTokens, seed)[0];
            var dense = Dense(model, prompt, 61);
            foreach (var mode in Verified)
            {
                using var exits = Stack(model, mode, seed);
                done[mode].Add(ShouldSay(dense, exits, prompt, 61));
            }
        }

        foreach (var statistics in done.Values)
        {
            statistics.Tokens.ShouldBe(900);
            statistics.Accepted.ShouldBeInRange(1, statistics.Drafted - 1, "both verdicts are to be seen");
            statistics.LayerCalls.ShouldBe(statistics.ExitsAfter.Select((count, layers) => count * layers).Sum());
        }
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Every_family_says_what_it_says_without_exits(string name)
    {
        foreach (var dtype in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            using var model = GoldenModels.Load(name, dtype);
            var (prompt, dense) = (Prompt(name), Dense(model, Prompt(name), 40));
            foreach (var mode in Verified)
            {
                using var exits = Stack(model, mode, seed: 1);
                ShouldSay(dense, exits, prompt, 40).Drafted.ShouldBeGreaterThan(0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Where_no_check_lets_a_token_out_the_text_is_the_dense_models(string name)
    {
        using var model = GoldenModels.Load(name);
        var (prompt, dense) = (Prompt(name), Dense(model, Prompt(name), 30));
        foreach (var mode in new[] { ExitMode.Simulate, ExitMode.Adaptive, ExitMode.AdaptiveVerified })
        {
            using var exits = LoopStack.Make(model, mode, mode == ExitMode.Simulate ? new RandomExits(0.5) : ExitPolicy.Never);
            var done = ShouldSay(dense, exits, prompt, 30);
            done.AverageLayers.ShouldBe(model.Layers.Count);
        }
    }

    // Beyond the lengths at which caches and tables grow and attention changes its way.
    [Fact]
    public void A_long_text_is_the_dense_models()
    {
        using var model = GoldenModels.Load("llama-gqa");
        using var exits = Stack(model, ExitMode.AdaptiveVerified, seed: 4);
        ShouldSay(Dense(model, [1, 2, 3], 900), exits, [1, 2, 3], 900).Accepted.ShouldBeGreaterThan(0);
    }

    // Rows of 16 bits are rounded as they are multiplied, alone or together.
    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-gqa")]
    public void In_16_bits_texts_part_only_where_two_tokens_are_as_likely_as_rounding_can_tell(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name, ScalarType.BFloat16);
        for (var seed = 0; seed < 6; seed++)
        {
            var prompt = RandomIds.Rows(1, PromptTokens, seed)[0];
            var dense = Dense(model, prompt, 50).NewIds;
            using var exits = Stack(model, ExitMode.AdaptiveVerified, seed);
            var said = ExitGenerator.Generate(exits, prompt, new() { MaxNewTokens = 50 }).Result.NewIds;
            var same = dense.Zip(said).TakeWhile(pair => pair.First == pair.Second).Count();
            if (same < 50)
            {
                using var cache = model.CreateCache();
                model.Prefill(Tensors.Of([prompt]), cache);
                var alone = dense.Take(same).Aggregate(empty(0), (_, id) => model.Decode(tensor(new[] { (long)id }), cache));
                var together = model.forward(Tensors.Of([[.. prompt, .. dense.Take(same)]]))[0, -1];
                var noise = Tensors.LargestDifference(alone, together);
                (alone[dense[same]] - alone[said[same]]).to(ScalarType.Float32).item<float>().ShouldBeLessThanOrEqualTo((float)(2 * noise));
            }
        }
    }

    [Fact]
    public void Sampling_where_nothing_leaves_draws_what_the_dense_model_draws()
    {
        using var model = GoldenModels.Load("llama-gqa");
        var settings = new GenerationSettings { MaxNewTokens = 40, Temperature = 0.8, TopK = 50, TopP = 0.9, Seed = 5 };
        foreach (var mode in new[] { ExitMode.Simulate, ExitMode.AdaptiveVerified })
        {
            using var exits = LoopStack.Make(model, mode, ExitPolicy.Never);
            ExitGenerator.Generate(exits, [1, 2, 3], settings).Result.NewIds.ShouldBe(TextGenerator.Generate(model, [1, 2, 3], settings).NewIds);
        }
    }

    // Random exits of one share would mostly be near the front, and self-speculative drafts are as sure as the model is.
    private static LoopStack Stack(CausalLM model, ExitMode mode, int seed)
    {
        var depth = model.Layers.Count;
        return mode == ExitMode.AdaptiveVerified
            ? LoopStack.Make(model, mode, new RandomExits(0.15 + (0.1 * (seed % 6)), seed), maxPending: 1 + (seed % 8))
            : new(
                model,
                LoopStack.SettingsOf(model, mode, [1 + (seed % (depth - 1))]) with { Cache = new() { MaxPending = 1 + (seed % 8), MinConfidence = 0.005 * (seed % 3) } },
                new PlainHead(model),
                ExitPolicy.Never);
    }

    private static GenerationResult Dense(CausalLM model, IReadOnlyList<int> prompt, int tokens) => TextGenerator.Generate(model, prompt, new() { MaxNewTokens = tokens });

    private static ExitStatistics ShouldSay(GenerationResult dense, LoopStack exits, IReadOnlyList<int> prompt, int tokens)
    {
        var streamed = new List<int>();
        var (result, statistics) = ExitGenerator.Generate(exits, prompt, new() { MaxNewTokens = tokens }, id =>
        {
            streamed.Add(id);
            return true;
        });
        result.NewIds.ShouldBe(dense.NewIds);
        result.Stop.ShouldBe(dense.Stop);
        streamed.ShouldBe(result.NewIds);
        statistics.LayerCalls.ShouldBe(exits.Calls);
        return statistics;
    }

    // Those of ChatGLM have to hold the whole prefix.
    private static int[] Prompt(string name) =>
        [.. new FamilyGolden(name).Ids[0].narrow(0, 0, Math.Max(PromptTokens, FamilyDecodingTests.FirstPieceOf(name))).data<long>().Select(id => (int)id)];
}
