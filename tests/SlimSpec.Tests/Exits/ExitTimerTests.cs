namespace SlimSpec.Tests.Exits;

/// <summary>What is measured of exits besides the time, which no test can foretell.</summary>
public class ExitTimerTests
{
    private const int NewTokens = 12;

    private static readonly int[][] Prompts = [.. Enumerable.Range(0, 3).Select(seed => RandomIds.Rows(1, 5, seed)[0])];

    [Fact]
    public void BothSidesContinueEveryPromptByAsManyTokens()
    {
        var times = Measure(ExitMode.AdaptiveVerified, new RandomExits(0.4));

        times.Dense.Tokens.ShouldBe(3 * (NewTokens - 1)); // a prompt's first token is its pass
        times.Exits.Tokens.ShouldBe(times.Dense.Tokens);
        times.Statistics.Tokens.ShouldBe(times.Dense.Tokens);
        times.Context.ShouldBe(5 + (NewTokens / 2));
        times.Speedup.ShouldBe(times.Exits.TokensPerSecond / times.Dense.TokensPerSecond, 1e-9);
        times.CheckShare.ShouldBeInRange(1e-6, 1);
        foreach (var seconds in new[] { times.Pieces.Layer, times.Pieces.Head, times.Pieces.FirstCheck, times.Pieces.NextCheck })
        {
            seconds.ShouldBeInRange(1e-7, 1);
        }
    }

    [Fact]
    public void LosslessTextIsTheDenseModels() =>
        Measure(ExitMode.AdaptiveVerified, new RandomExits(0.4)).Agreement.ShouldBe(new(3, 3, null, 3 * NewTokens, 3 * NewTokens));

    [Fact]
    public void LossyTextIsComparedTokenByTokenBehindTheDenseModels()
    {
        // Every second token leaves at once, and what it says then is not what this model says at its end; the others, behind exact caches, are right.
        var agreement = Measure(ExitMode.Adaptive, new PlannedExits(0, -1)).Agreement;

        agreement.Tokens.ShouldBe(3 * (NewTokens - 1));
        agreement.Agreeing.ShouldBeInRange(3 * (NewTokens - 1) / 2, agreement.Tokens - 1);
        agreement.Equal.ShouldBeLessThan(3);
        agreement.FirstDifference!.Value.ShouldBeInRange(1, NewTokens - 1);
    }

    [Fact]
    public void AnAnswerOfOneTokenIsTimedWithItsPrompt()
    {
        var times = Measure(ExitMode.Adaptive, ExitPolicy.Never, settings => settings with { Scope = ExitScope.PromptLast, Cache = new() { Policy = ExitCachePolicy.SingleToken } });

        times.Exits.Tokens.ShouldBe(3);
        times.Context.ShouldBe(5);
        times.Exits.MedianMilliseconds.ShouldBe(times.Exits.FirstTokenMilliseconds);
        times.Agreement.ShouldBe(new(3, 3, null, 3, 3));
    }

    [Fact]
    public void NoPromptIsBegunWhenTimeIsUp()
    {
        using var model = GoldenModels.Load("llama-gqa");
        using var exits = LoopStack.Make(model, ExitMode.AdaptiveVerified, ExitPolicy.Never);

        ExitTimer.Measure(exits, Prompts, NewTokens, seconds: 0).Agreement.Texts.ShouldBe(1);
    }

    private static ExitTimings Measure(ExitMode mode, ExitPolicy policy, Func<ExitSettings, ExitSettings>? change = null)
    {
        using var model = GoldenModels.Load("llama-gqa");
        using var exits = new LoopStack(model, (change ?? (settings => settings))(LoopStack.SettingsOf(model, mode)), new PlainHead(model), policy);
        return ExitTimer.Measure(exits, Prompts, NewTokens);
    }
}
