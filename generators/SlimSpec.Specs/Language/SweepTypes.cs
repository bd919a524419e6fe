using System;

namespace SlimSpec.Specs;

/// <summary>A value of a sweep, whatever the key is that it is for.</summary>
public sealed class SweepValue : IEquatable<SweepValue>
{
    internal SweepValue(SpecNode node) => (Node, Text) = (node, FlowText.Of(node));

    /// <summary>The value as a spec writes it on one line.</summary>
    public string Text { get; }

    /// <summary>The value.</summary>
    internal SpecNode Node { get; }

    /// <inheritdoc/>
    public bool Equals(SweepValue? other) => other?.Text == Text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SweepValue);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Any value: the key that it is for says which are right.</summary>
public sealed class SweepValueType : SpecType<SweepValue>
{
    /// <inheritdoc/>
    public override string Expected => "a value of the key";

    internal override JsonMap Schema => [];

    internal override bool TryRead(SpecNode node, string path, Reporter report, out SweepValue value)
    {
        value = new(node);
        return node is not BadNode;
    }
}
