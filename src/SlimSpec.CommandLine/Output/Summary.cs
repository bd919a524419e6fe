using System.Globalization;
using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary>A recipe in one line.</summary>
internal static class Summary
{
    /// <summary>For example <c>cut 20 % of mlp, attention by taylor; lora r 8</c>.</summary>
    public static string Of(RecipeSettings settings)
    {
        var parts = settings.Prune.Select(Of)
            .Concat(settings.Recover.Select(Describe))
            .Concat(settings.Train is null ? [] : ["train"]);
        return string.Join("; ", parts) is { Length: > 0 } text ? text : "the model only";
    }

    private static string Of(PruneCut cut) => cut switch
    {
        WidthCut width => $"cut {Share(width)}{string.Join(", ", width.Targets)} by {SpecWords.Of(width.Score)}{(width.Scope == RankingScope.Global ? ", all in one pool" : "")}",
        DepthCut { Kept: { } kept } depth => $"keep {Unit(depth)}layers {Numbers.Ranges([.. kept.Order()])}",
        DepthCut depth => $"keep {Unit(depth)}{depth.Keep} layers by {SpecWords.Of(depth.Score!)}",
        _ => throw new ArgumentOutOfRangeException(nameof(cut), cut, "No such cut."),
    };

    private static string Describe(RecoveryStep step) =>
        (step is LoraRecovery lora ? $"lora r {lora.LoraR}" : RecoveryTrainer.MethodOf(step)) + (step switch
        {
            { Task: { } task } => $" on {task.Name} ({SpecWords.Of(step.Objective)})",
            { Objective: RecoveryObjective.Lm } => "",
            _ => $" ({SpecWords.Of(step.Objective)})",
        });

    private static string Share(WidthCut cut) => cut switch
    {
        { Sparsity: null } => "",
        { LayerSparsity: not null, Scope: RankingScope.Layer } => string.Create(CultureInfo.InvariantCulture, $"{cut.Sparsity * 100:0.#} % on average of "),
        _ => string.Create(CultureInfo.InvariantCulture, $"{cut.Sparsity * 100:0.#} % of "),
    };

    private static string Unit(DepthCut cut) => cut.Unit == DepthCut.Block ? "" : $"{cut.Unit} of ";
}
