namespace SlimSpec.Tests.Exits;

/// <summary>Where texts end while drafts wait.</summary>
public sealed class RoundTests : IDisposable
{
    private static readonly int[] Prompt = [5, 80, 13, 200];
    private readonly CausalLM _model = GoldenModels.Load("gpt2");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void A_prompt_may_be_one_token()
    {
        foreach (var exits in Stacks())
        {
            ExitGenerator.Generate(exits, [9], new() { MaxNewTokens = 20 }).Result.NewIds.ShouldBe(Dense([9], new() { MaxNewTokens = 20 }).NewIds);
        }
    }

    [Fact]
    public void A_stop_id_ends_the_text_wherever_in_a_round_it_comes()
    {
        var text = Dense(Prompt, new() { MaxNewTokens = 40 }).NewIds;
        foreach (var stop in text.Distinct())
        {
            var settings = new GenerationSettings { MaxNewTokens = 40, StopIds = [stop] };
            var dense = Dense(Prompt, settings);
            foreach (var exits in Stacks())
            {
                var (result, statistics) = ExitGenerator.Generate(exits, Prompt, settings);
                (result.NewIds, result.Stop).ShouldBe((dense.NewIds, StopReason.StopId), new SameText());
                statistics.Tokens.ShouldBe(dense.NewIds.Count - 1);
            }
        }
    }

    [Fact]
    public void A_drafted_stop_id_is_verified_at_once_and_no_token_follows_it()
    {
        var right = Dense(Prompt, new() { MaxNewTokens = 3 }).NewIds; // what every draft below says, for the checks are as deep as can be
        using var exits = LoopStack.Make(_model, ExitMode.AdaptiveVerified, new RandomExits(1), layers: [3]);
        var entered = 0;
        exits.OnLayer = (layer, _) => entered += layer == 0 ? 1 : 0;
        var draft = exits.Begin(Prompt, new() { StopIds = Enumerable.Range(0, 256).ToArray() });

        exits.Round(draft, remaining: 30).Count.ShouldBe(1);

        entered.ShouldBe(1);
        exits.Pending.ShouldBe(0);
        exits.Statistics.Drafted.ShouldBe(1);
        exits.Statistics.ExitsAfter[4].ShouldBe(1, "its pass went on");
        draft.ShouldBe(right[0]);
    }

    [Fact]
    public void A_stop_id_at_an_early_exit_ends_a_lossy_text()
    {
        using var exits = LoopStack.Make(_model, ExitMode.Adaptive, new RandomExits(1), layers: [1]);
        var free = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 10 }).Result.NewIds;
        var stop = free[3];
        var (result, _) = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 10, StopIds = [stop] });
        result.Stop.ShouldBe(StopReason.StopId);
        result.NewIds.ShouldBe(free.Take(free.ToList().IndexOf(stop) + 1));
    }

    [Fact]
    public void The_most_tokens_may_be_reached_inside_a_round()
    {
        for (var most = 1; most <= 12; most++)
        {
            foreach (var exits in Stacks())
            {
                var (result, statistics) = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = most });
                result.NewIds.ShouldBe(Dense(Prompt, new() { MaxNewTokens = most }).NewIds);
                result.Stop.ShouldBe(StopReason.MaxNewTokens);
                statistics.Passes.ShouldBeGreaterThanOrEqualTo(most - 1);
                exits.Cache.Length.ShouldBeLessThanOrEqualTo(Prompt.Length + most - 1);
            }
        }

        using var none = LoopStack.Make(_model, ExitMode.AdaptiveVerified, ExitPolicy.Never);
        ExitGenerator.Generate(none, Prompt, new() { MaxNewTokens = 0 }).Result.NewIds.ShouldBeEmpty();
    }

    [Fact]
    public void The_callback_may_end_the_text_inside_a_round_and_sees_certain_tokens_alone()
    {
        var text = Dense(Prompt, new() { MaxNewTokens = 30 }).NewIds;
        for (var wanted = 1; wanted < 20; wanted++)
        {
            foreach (var exits in Stacks())
            {
                var streamed = new List<int>();
                var (result, statistics) = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 30 }, id =>
                {
                    streamed.Add(id);
                    return streamed.Count < wanted;
                });
                result.Stop.ShouldBe(StopReason.Callback);
                result.NewIds.ShouldBe(text.Take(wanted));
                streamed.ShouldBe(result.NewIds);
                statistics.Tokens.ShouldBe(wanted - 1);
            }
        }
    }

    [Fact]
    public void A_text_does_not_depend_on_those_before_it()
    {
        var policy = new SureExits(0.001f);
        using var fresh = LoopStack.Make(_model, ExitMode.Adaptive, policy);
        var (first, statistics) = ExitGenerator.Generate(fresh, [1, 2, 3], new() { MaxNewTokens = 21 });
        statistics.ExitsAfter.Count(passes => passes > 0).ShouldBeGreaterThan(1, "some leave");
        using var used = LoopStack.Make(_model, ExitMode.Adaptive, policy);
        ExitGenerator.Generate(used, Prompt, new() { MaxNewTokens = 30 }, _ => used.Pending == 0 || used.Cache.Length < 20);
        used.Pending.ShouldBeGreaterThan(0, "tokens still wait");

        var (second, again) = ExitGenerator.Generate(used, [1, 2, 3], new() { MaxNewTokens = 21 });

        second.NewIds.ShouldBe(first.NewIds);
        again.ExitsAfter.ShouldBe(statistics.ExitsAfter);
        again.LayerCalls.ShouldBe(statistics.LayerCalls);
    }

    [Fact]
    public void What_cannot_be_done_is_said()
    {
        using var lossy = LoopStack.Make(_model, ExitMode.Adaptive, ExitPolicy.Never);
        Should.Throw<SlimException>(() => ExitGenerator.Generate(lossy, Prompt, new() { Temperature = 0.7 })).Message.ShouldStartWith("temperature: 0.7 is not possible with exits of mode adaptive");
        Should.Throw<SlimException>(() => ExitGenerator.Generate(lossy, [], new())).Message.ShouldStartWith("prompt:");
        Should.Throw<SlimException>(() => ExitGenerator.Follow(lossy, Prompt, [256])).Message.ShouldContain("256");
        Should.Throw<SlimException>(() => LoopStack.Make(_model, ExitMode.Adaptive, ExitPolicy.Never, layers: [1, 4])).Message.ShouldContain("1 to 3");
    }

    private GenerationResult Dense(IReadOnlyList<int> prompt, GenerationSettings settings) => TextGenerator.Generate(_model, prompt, settings);

    // Two whose drafts mostly fail, one whose drafts are mostly right.
    private IEnumerable<LoopStack> Stacks()
    {
        foreach (var (share, layers) in new[] { (0.3, new[] { 1, 2, 3 }), (0.95, [1]), (0.95, [3]) })
        {
            using var exits = LoopStack.Make(_model, ExitMode.AdaptiveVerified, new RandomExits(share, seed: 2), maxPending: 5, layers);
            yield return exits;
        }
    }

    private sealed class SameText : IEqualityComparer<(IReadOnlyList<int> Ids, StopReason Stop)>
    {
        public bool Equals((IReadOnlyList<int> Ids, StopReason Stop) x, (IReadOnlyList<int> Ids, StopReason Stop) y) => x.Ids.SequenceEqual(y.Ids) && x.Stop == y.Stop;

        public int GetHashCode((IReadOnlyList<int> Ids, StopReason Stop) text) => text.Ids.Count;
    }
}
