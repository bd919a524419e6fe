namespace SlimSpec;

/// <summary>What the slim model may cost at most (<c>constraints:</c>); one cut may leave its amount to it.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ConstraintsAttribute : Attribute
{
    /// <summary>Parameters of the whole model at most, such as 6B.</summary>
    public string? Params { get; set; }

    /// <summary>Multiply-accumulates of a forward pass over 64 tokens at most, such as 400G.</summary>
    public string? Macs { get; set; }

    /// <summary>Megabytes (2^20 bytes) of weights at most.</summary>
    public double MemoryMb { get; set; }

    /// <summary>Megabytes (2^20 bytes) of keys and values at most.</summary>
    public double KvCacheMb { get; set; }

    /// <summary>Number format that memory is counted in.</summary>
    public MemoryFormat Dtype { get; set; } = MemoryFormat.Float16;

    /// <summary>Sequences in the cache.</summary>
    public int BatchSize { get; set; } = 1;

    /// <summary>Tokens of each sequence in the cache.</summary>
    public int SequenceLen { get; set; } = 2048;
}

/// <summary>A number format that memory is counted in.</summary>
public enum MemoryFormat
{
    /// <summary>Four bytes.</summary>
    Float32,

    /// <summary>Two bytes.</summary>
    Float16,

    /// <summary>Two bytes.</summary>
    Bfloat16,
}
