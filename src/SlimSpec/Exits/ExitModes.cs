namespace SlimSpec;

/// <summary>What modes of exits have in common.</summary>
internal static class ExitModes
{
    /// <summary>Whether a classifier decides, which is fitted to the model.</summary>
    public static bool IsFitted(this ExitMode mode) => mode is ExitMode.Simulate or ExitMode.Adaptive or ExitMode.AdaptiveVerified;

    /// <summary>Whether what leaves early is a draft that the remaining layers confirm or refuse: the output is the dense model's.</summary>
    public static bool Verifies(this ExitMode mode) => mode is ExitMode.AdaptiveVerified or ExitMode.SelfSpeculative;
}
