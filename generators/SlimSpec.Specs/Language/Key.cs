namespace SlimSpec.Specs;

/// <summary>A key of the language: the one place that says what it is called, what it may be and what it means.</summary>
public abstract class Key
{
    private protected Key(string name, SpecType type, string description, bool isRequired, object? defaultValue)
    {
        Name = name;
        Type = type;
        Description = description;
        IsRequired = isRequired;
        DefaultValue = defaultValue;
    }

    /// <summary>The key as written.</summary>
    public string Name { get; }

    /// <summary>What its value may be.</summary>
    public SpecType Type { get; }

    /// <summary>What it means, in one sentence.</summary>
    public string Description { get; }

    /// <summary>Whether a mapping without it is a problem.</summary>
    public bool IsRequired { get; }

    /// <summary>Its value where it is absent, or null if it then has none.</summary>
    public object? DefaultValue { get; }

    /// <summary>Whether null is as good as leaving the key out.</summary>
    public bool MayBeNull => !IsRequired && DefaultValue is null && Type is not (SectionType or ConfigScalarType);

    /// <summary>A key that must be written.</summary>
    public static Key<T> Required<T>(string name, SpecType<T> type, string description) => new(name, type, description, true, null);

    /// <summary>A key that may be absent, and then is as if it were not in the language.</summary>
    public static Key<T> Optional<T>(string name, SpecType<T> type, string description) => new(name, type, description, false, null);

    /// <summary>A key that may be absent, and then has a value all the same.</summary>
    public static Key<T> Default<T>(string name, SpecType<T> type, T value, string description) => new(name, type, description, false, value);

    /// <summary>Reads a value into the boxed form that <see cref="Section"/> keeps.</summary>
    internal abstract object? Read(SpecNode node, string path, Reporter report);
}

/// <summary>A key whose value is a <typeparamref name="T"/>.</summary>
public sealed class Key<T> : Key
{
    internal Key(string name, SpecType<T> type, string description, bool isRequired, object? defaultValue)
        : base(name, type, description, isRequired, defaultValue) => Type = type;

    /// <inheritdoc cref="Key.Type"/>
    public new SpecType<T> Type { get; }

    internal override object? Read(SpecNode node, string path, Reporter report) =>
        Type.TryRead(node, path, report, out var value) ? value : null;
}
