namespace SlimSpec;

/// <summary>What adapters are made of.</summary>
/// <param name="R">Rank.</param>
/// <param name="Alpha">Scale times rank.</param>
/// <param name="Dropout">Probability of dropping an input element while training.</param>
/// <param name="TargetModules">Linears that carry one, by the last part of their name.</param>
public sealed record LoraConfiguration(int R, double Alpha, double Dropout, IReadOnlyList<string> TargetModules)
{
    /// <summary>What a recovery step asks for.</summary>
    public static LoraConfiguration Of(LoraRecovery recovery) => new(recovery.LoraR, recovery.LoraAlpha, recovery.LoraDropout, recovery.LoraTargetModules);
}
