namespace SlimSpec;

/// <summary>Removes layers, or one of the branches in them (a cut of <c>prune:</c> with <c>cut: depth</c>). Several cuts are made in order of appearance.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class CutDepthAttribute : Attribute
{
    /// <summary>What layers lose: all (block), or the branch of a unit: attention, mlp.</summary>
    public string Unit { get; set; } = DepthCut.Block;

    /// <summary>How layers are chosen; not with layers.</summary>
    public DepthScore Score { get; set; }

    /// <summary>Number of layers that keep it.</summary>
    public int Keep { get; set; }

    /// <summary>Number of layers that lose it.</summary>
    public int Remove { get; set; }

    /// <summary>Fraction of the layers that lose it, rounded down to whole ones.</summary>
    public double Sparsity { get; set; }

    /// <summary>Layers that keep it, counted from 0, ends included. For example <c>"0..11, 20..31"</c>.</summary>
    public string? Layers { get; set; }

    /// <summary>Whether layers go all at once, or one after another with new scores.</summary>
    public DepthSearch Search { get; set; }

    /// <summary>Number of layers at the start to leave whole.</summary>
    public int ProtectFirst { get; set; }

    /// <summary>Number of layers at the end to leave whole.</summary>
    public int ProtectLast { get; set; }

    /// <summary>Seed of everything random in this step.</summary>
    public int Seed { get; set; }
}
