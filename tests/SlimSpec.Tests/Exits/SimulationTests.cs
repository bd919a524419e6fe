namespace SlimSpec.Tests.Exits;

/// <summary>Exits that are only written down, and texts that are fed whatever is said.</summary>
public sealed class SimulationTests : IDisposable
{
    private static readonly int[] Prompt = [5, 80, 13, 200];
    private readonly CausalLM _model = GoldenModels.Load("llama-gqa");

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData(ExitMode.Simulate)]
    [InlineData(ExitMode.Adaptive)]
    [InlineData(ExitMode.AdaptiveVerified)]
    public void Every_check_of_every_token_is_seen_and_the_dense_text_comes_out(ExitMode mode)
    {
        var seen = new Recorded();
        using var exits = LoopStack.Make(_model, mode, new PlannedExits(2, 0, -1));
        (exits.Simulates, exits.Recorder) = (true, seen);

        var (result, statistics) = ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 10 });

        result.NewIds.ShouldBe(TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 10 }).NewIds);
        seen.Checks.Select(made => made.Check).ShouldBe(Enumerable.Range(0, 27).Select(made => made % 3));
        seen.Tokens.ShouldBe(result.NewIds.Skip(1).Select((id, token) => (id, new[] { 3, 1, 4 }[token % 3])));
        statistics.LayerCalls.ShouldBe(9 * 4);
        statistics.AverageLayers.ShouldBe(4);
        statistics.ExitsAfter.ShouldBe([0, 3, 0, 3, 3]);
        statistics.AverageExit.ShouldBe(8 / 3.0, 1e-12);
        statistics.Checks.ShouldBe(27);
    }

    [Fact]
    public void Fed_tokens_are_answered_as_they_would_have_been()
    {
        var dense = TextGenerator.Generate(_model, Prompt, new() { MaxNewTokens = 12 }).NewIds;
        using var never = LoopStack.Make(_model, ExitMode.Adaptive, ExitPolicy.Never);
        ExitGenerator.Follow(never, Prompt, [.. dense.Take(11)]).ShouldBe(dense);

        var seen = new Recorded();
        using var exits = LoopStack.Make(_model, ExitMode.AdaptiveVerified, new PlannedExits(0, -1));
        exits.Recorder = seen;
        var said = ExitGenerator.Follow(exits, Prompt, [.. dense.Take(11)]);

        said.Count.ShouldBe(12);
        seen.Tokens.ShouldBe(said.Skip(1).Select((id, token) => (id, token % 2 == 0 ? 1 : 4)));
        said.Where((id, place) => place % 2 == 0).ShouldBe(dense.Where((id, place) => place % 2 == 0), "what the last layer says of tokens that have seen the dense text");
        said.ShouldNotBe(dense, "what the first layer says");
        exits.Statistics.Tokens.ShouldBe(11);
        exits.Statistics.AverageLayers.ShouldBe(((6 * 1) + (5 * 4)) / 11.0, 1e-12);
    }

    [Fact]
    public void Logits_that_are_no_numbers_let_no_token_leave()
    {
        using var noGradients = torch.no_grad();
        using var exits = new LoopStack(_model, LoopStack.SettingsOf(_model, ExitMode.Adaptive), new BlindHead(), new RandomExits(1));
        ExitGenerator.Generate(exits, Prompt, new() { MaxNewTokens = 5 }).Statistics.ExitsAfter.ShouldBe([0, 0, 0, 0, 4]);
    }

    private sealed class BlindHead : ExitHead
    {
        public override ReadOnlySpan<float> LastLogits => [];

        public override ReadOnlySpan<int> LastIds => [];

        public override void BeginToken()
        {
        }

        public override LogitReading Read(torch.Tensor row) => new(-1, float.NaN, float.NaN, float.NaN, float.NaN);

        public override int Confirm(torch.Tensor row) => throw new InvalidOperationException("nothing left");
    }
}
