namespace SlimSpec;

/// <summary>Removes channels and heads (a cut of <c>prune:</c> with <c>cut: width</c>). Several cuts are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class CutWidthAttribute : Attribute
{
    /// <summary>Units to cut. Required.</summary>
    public string[]? Targets { get; set; }

    /// <summary>Importance score.</summary>
    public WidthScore Score { get; set; } = WidthScore.Taylor;

    /// <summary>Which Taylor expansion; for score taylor only.</summary>
    public TaylorOrder Order { get; set; } = TaylorOrder.First;

    /// <summary>How the scores of weights that are cut together become one; for scores of weights only.</summary>
    public GroupReduction Reduce { get; set; } = GroupReduction.Sum;

    /// <summary>Fraction to remove: of each layer's units, or with scope global of the parameters that the cut's units hold; solved from the constraints where absent.</summary>
    /// <remarks>A number, or a text in YAML for what is more: <c>"[0.1, 0.2]"</c>, <c>"{ gradient: [0.1, 0.3] }"</c>, <c>"[{ targets: [mlp], value: 0.2 }]"</c>.</remarks>
    public object? Sparsity { get; set; }

    /// <summary>What is ranked together: each layer's units by themselves, or all units of the cut.</summary>
    public RankingScope Scope { get; set; }

    /// <summary>What is done to scores before they are ranked together, with scope global: parameters by default, standard for score flap.</summary>
    public ScoreNormalization Normalize { get; set; }

    /// <summary>What makes up for cut channels: nothing, or their mean output as a bias.</summary>
    public Compensation Compensate { get; set; }

    /// <summary>Layers to cut, counted from 0, ends included; all where absent. For example <c>"0..3, 7"</c>, or by target <c>"{ attention: 4..29, mlp: 3..30 }"</c>.</summary>
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
