using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>Which parameters a scaling of rotary positions has.</summary>
internal static class RopeScaling
{
    private static readonly string[] Linear = ["rope.factor"];
    private static readonly string[] Llama3 = ["rope.factor", "rope.low_freq_factor", "rope.high_freq_factor", "rope.original_positions"];

    /// <summary>All parameters that any has.</summary>
    public static IReadOnlyList<string> Parameters => Llama3;

    /// <summary>The parameters of one, which it needs; none for no scaling.</summary>
    public static IReadOnlyList<string> Of(string? scaling) => scaling switch
    {
        "linear" => Linear,
        "llama3" => Llama3,
        _ => [],
    };
}
