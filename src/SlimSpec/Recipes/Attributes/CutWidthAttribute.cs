namespace SlimSpec;

/// <summary>Removes channels and heads (a cut of <c>prune:</c> with <c>cut: width</c>). Several are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class CutWidthAttribute : Attribute
{
    /// <summary>Units to cut. Required.</summary>
    public string[]? Targets { get; set; }

    /// <summary>Importance score.</summary>
    public WidthScore Score { get; set; } = WidthScore.Taylor;

    /// <summary>Which Taylor expansion; for score taylor only.</summary>
    public TaylorOrder Order { get; set; } = TaylorOrder.First;

    /// <summary>How the scores of weights that are cut together become one.</summary>
    public GroupReduction Reduce { get; set; } = GroupReduction.Sum;

    /// <summary>Fraction of each layer's units to remove. Required.</summary>
    public double Sparsity { get; set; }

    /// <summary>What is ranked together.</summary>
    public string Scope { get; set; } = "layer";

    /// <summary>Layers to cut, counted from 0, ends included; all where absent. For example <c>"0..3, 7"</c>.</summary>
    public string? Layers { get; set; }

    /// <summary>Number of layers at the start to leave whole.</summary>
    public int ProtectFirst { get; set; }

    /// <summary>Number of layers at the end to leave whole.</summary>
    public int ProtectLast { get; set; }

    /// <summary>Kept channel counts are rounded up to a multiple of this; heads are never split.</summary>
    public int RoundTo { get; set; } = 1;

    /// <summary>Number of steps; scores are taken anew before each.</summary>
    public int Steps { get; set; } = 1;

    /// <summary>Seed of everything random in this step.</summary>
    public int Seed { get; set; }
}
