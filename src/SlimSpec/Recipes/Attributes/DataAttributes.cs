namespace SlimSpec;

/// <summary>What everything with data has.</summary>
public abstract class DataAttribute : Attribute
{
    /// <summary>Text file, a .json file with ready token ids, or a mapping that says what is in the file. Required.</summary>
    public string? Dataset { get; set; }

    /// <summary>Part of the dataset. For example <c>":90%"</c>; all of it where absent.</summary>
    public string? Split { get; set; }
}

/// <summary>Data for scores that need some (<c>calibration:</c>).</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CalibrationAttribute : DataAttribute
{
    /// <summary>Number of samples.</summary>
    public int NumSamples { get; set; } = 10;

    /// <summary>Tokens a sample.</summary>
    public int MaxSeqLength { get; set; } = 64;

    /// <summary>Seed of everything random in this step.</summary>
    public int Seed { get; set; }
}
