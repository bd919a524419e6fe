using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>Tokens that left wait, and are made up for: what a layer has stored is what it would have stored without exits.</summary>
public class DeferredCacheTests
{
    private static readonly int[] Prompt = [7, 80, 13, 200, 5];

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama-gqa")]
    [InlineData("mistral-gqa-sw8")]
    [InlineData("bloom")]
    [InlineData("opt-prenorm")]
    public void After_draining_keys_and_values_are_those_of_one_pass_over_the_same_tokens(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        using var exits = LoopStack.Make(model, ExitMode.Adaptive, new RandomExits(0.4, seed: 3));
        var ids = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 40 }).Result.NewIds;
        exits.Pending.ShouldBeGreaterThan(0, "something is to be drained");

        exits.Drain();

        int[] fed = [.. Prompt, .. ids.Take(39)];
        using var whole = model.CreateCache();
        model.Prefill(Tensors.Of([fed]), whole);
        exits.Cache.Length.ShouldBe(fed.Length);
        exits.Reached.ShouldAllBe(tokens => tokens == fed.Length);
        CacheContents.LargestDifference(model, exits.Cache, whole, fed.Length).ShouldBeLessThan(1e-5);
        exits.Drain().ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_layer_never_holds_more_tokens_than_the_one_before_and_no_more_wait_than_may(int maxPending)
    {
        using var noGradients = no_grad();
        using var model = GoldenModels.Load("llama-mha");
        using var exits = LoopStack.Make(model, ExitMode.Adaptive, new RandomExits(0.5, seed: 1), maxPending);
        var id = exits.Begin(Prompt, new());
        var waited = new List<long>();
        for (var step = 1; step <= 80; step++)
        {
            id = exits.Next(id);
            exits.Reached.ShouldBe(exits.Reached.OrderDescending());
            exits.Reached[0].ShouldBe(Prompt.Length + step);
            waited.Add(exits.Pending);
        }

        waited.Max().ShouldBe(maxPending);
        exits.Statistics.PendingMax.ShouldBe(maxPending);
        exits.Statistics.PendingMean.ShouldBe(waited.Average(), 1e-12);
        exits.Statistics.ForcedPasses.ShouldBe(waited.SkipLast(1).Count(count => count == maxPending));
    }

    [Fact]
    public void Tokens_that_wait_join_the_next_one_that_goes_deeper()
    {
        using var noGradients = no_grad();
        using var model = GoldenModels.Load("llama-mha");
        using var exits = LoopStack.Make(model, ExitMode.Adaptive, new PlannedExits(1, 0, 0, 2, -1)); // after 2, 1, 1, 3 and 4 layers
        var calls = new List<(int Layer, long Rows)>();
        exits.OnLayer = (layer, rows) => calls.Add((layer, rows.size(0)));
        var id = exits.Begin(Prompt, new());
        for (var step = 0; step < 5; step++)
        {
            id = exits.Next(id);
        }

        calls.ShouldBe(
        [
            (0, 1), (1, 1), // waits before layer 2
            (0, 1), // waits before layer 1
            (0, 1),
            (0, 1), (1, 3), (2, 4), // takes two along, then the first
            (0, 1), (1, 1), (2, 1), (3, 5),
        ]);
        exits.Pending.ShouldBe(0);
    }

    [Fact]
    public void Positions_that_wait_are_bounded_by_the_drafts_that_may_follow()
    {
        using var model = GoldenModels.Load("opt-prenorm"); // 64 learned positions, and an error behind them
        using var exits = LoopStack.Make(model, ExitMode.AdaptiveVerified, new RandomExits(0.9));
        var settings = new GenerationSettings { MaxNewTokens = 60 };
        ExitGenerator.Generate(exits, Prompt, settings).Result.NewIds.ShouldBe(TextGenerator.Generate(model, Prompt, settings).NewIds);
    }
}
