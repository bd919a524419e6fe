
namespace SlimSpec.ScoreTables;

/// <summary>What is compared.</summary>
internal static class Cuts
{
    private const int Layers = 6;

    /// <summary>Width cuts of the inner layers, by what a table calls them.</summary>
    public static IEnumerable<(string Label, WidthCut Cut)> Width =>
    [
        .. Enum.GetValues<TaylorOrder>().Select(order => ($"taylor, {Word(order)}", Of(WidthScore.Taylor) with { Order = order })),
        ("wanda", Of(WidthScore.Wanda)),
        ("flap", Of(WidthScore.Flap)),
        ("activation", Of(WidthScore.Activation)),
        ("l1", Of(WidthScore.L1)),
        ("l2", Of(WidthScore.L2)),
        ("random", Of(WidthScore.Random)),
        ("flap, bias", Of(WidthScore.Flap) with { Compensate = Compensation.Bias }),
        ("taylor, first, bias", Of(WidthScore.Taylor) with { Compensate = Compensation.Bias }),
        ("flap, bias, global", Of(WidthScore.Flap) with { Compensate = Compensation.Bias, Scope = RankingScope.Global, Normalize = ScoreNormalization.Standard }),
        ("taylor, first, global", Of(WidthScore.Taylor) with { Scope = RankingScope.Global, Normalize = ScoreNormalization.Parameters }),
        ("taylor, first, 4 steps", Of(WidthScore.Taylor) with { Steps = 4 }),
    ];

    /// <summary>Depth cuts of all layers, by what a table calls them.</summary>
    public static IEnumerable<(string Label, DepthCut Cut)> Depth =>
    [
        .. Enum.GetValues<DepthScore>().Select(score => (Word(score), Of(score))),
        ("block_influence, greedy", Of(DepthScore.BlockInfluence) with { Search = DepthSearch.Greedy }),
        ("perplexity, greedy", Of(DepthScore.Perplexity) with { Search = DepthSearch.Greedy }),
        ("taylor, greedy", Of(DepthScore.Taylor) with { Search = DepthSearch.Greedy }),
    ];

    /// <summary>A depth cut of so many layers.</summary>
    public static DepthCut Remove(DepthCut cut, int removed) => cut with
    {
        Keep = Layers - removed,
        Kept = cut.Score switch
        {
            DepthScore.First => [.. Enumerable.Range(0, Layers - removed)],
            DepthScore.Last => [.. Enumerable.Range(removed, Layers - removed)],
            _ => null,
        },
    };

    private static WidthCut Of(WidthScore score) => new() { Targets = ["mlp", "attention"], Score = score, Sparsity = 0, Layers = [.. Enumerable.Range(1, Layers - 2)] };

    private static DepthCut Of(DepthScore score) => new() { Score = score, Keep = Layers, Candidates = [.. Enumerable.Range(0, Layers)] };

    private static string Word(Enum value) => string.Concat(value.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
