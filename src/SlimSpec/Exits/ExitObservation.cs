namespace SlimSpec;

/// <summary>What one check of one token sees: generated code picks the recipe's features from it.</summary>
public sealed class ExitObservation
{
    /// <summary>What the head says now.</summary>
    public LogitReading Now { get; internal set; }

    /// <summary>What it said at the check before; as <see cref="Now"/> at the first, so that differences are 0.</summary>
    public LogitReading Before { get; internal set; }

    /// <summary>Checks in a row with the likeliest token of now, this one included.</summary>
    public int SameArgmaxRun { get; internal set; }

    /// <summary>Cosine of the residual stream with that at the check before; 0 at the first.</summary>
    public float CosPrev { get; internal set; }

    /// <summary>Cosine of the attention's output with that at the check before; 0 at the first.</summary>
    public float CosAttn { get; internal set; }

    /// <summary>Cosine of the MLP's output with that at the check before; 0 at the first.</summary>
    public float CosMlp { get; internal set; }

    /// <summary>Layers run, as a share of all.</summary>
    public float Depth { get; internal set; }
}
