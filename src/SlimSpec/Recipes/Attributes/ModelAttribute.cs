namespace SlimSpec;

/// <summary>What is slimmed (<c>model:</c>). Its sizes are read from <see cref="Config"/>, or given by <see cref="ModelKeyAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ModelAttribute : Attribute
{
    /// <summary>Name of an architecture file. Required.</summary>
    public string? Architecture { get; set; }

    /// <summary>Default checkpoint folder in Hugging Face layout.</summary>
    public string? Checkpoint { get; set; }

    /// <summary>A config.json that is read at build for the dimensions.</summary>
    public string? Config { get; set; }
}

/// <summary>A key of <c>config.json</c> that the architecture reads, such as <c>hidden_size</c>; takes precedence over the file.</summary>
/// <param name="name">The key; within another one with a dot, as <c>rope_scaling.factor</c>.</param>
/// <param name="value">A number, a text, true, false or null.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false, AllowMultiple = true)]
public sealed class ModelKeyAttribute(string name, object? value) : Attribute
{
    /// <summary>The key.</summary>
    public string Name => name;

    /// <summary>Its value.</summary>
    public object? Value => value;
}
