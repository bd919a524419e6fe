using System.Globalization;

namespace SlimSpec.Specs;

/// <summary>A value of config.json that is one word, number or flag.</summary>
/// <param name="Text">As JSON writes it: <c>"silu"</c>, <c>false</c>, <c>null</c>, <c>10000</c>.</param>
/// <param name="Written">As the file writes it.</param>
/// <param name="Number">The number, if it is one.</param>
/// <param name="Flag">The flag, if it is one.</param>
public sealed record ConfigScalar(string Text, string Written, double? Number, bool? Flag)
{
    internal static ConfigScalar Of(ScalarNode node) => node.Kind switch
    {
        ScalarKind.Null => new("null", node.Text, null, null),
        ScalarKind.Flag => new(node.Flag ? "true" : "false", node.Text, null, node.Flag),
        ScalarKind.Integer or ScalarKind.Number when node.Number is { } number => new(number.ToString("R", CultureInfo.InvariantCulture), node.Text, number, null),
        _ => new($"\"{node.Text}\"", node.Text, null, null),
    };
}

/// <summary>One word, number, flag or null.</summary>
public sealed class ConfigScalarType : SpecType<ConfigScalar>
{
    /// <inheritdoc/>
    public override string Expected => "a word, a number, true, false or null";

    internal override bool TryRead(SpecNode node, string path, Reporter report, out ConfigScalar value)
    {
        value = null!;
        if (node is ScalarNode scalar)
        {
            value = ConfigScalar.Of(scalar);
            return true;
        }

        ReportType(node, path, report);
        return false;
    }
}

/// <summary>Where a dimension or constant comes from.</summary>
/// <param name="Key">Key of config.json; empty if it could not be read, so that the name is known all the same.</param>
/// <param name="Default">Value where it is absent, or null.</param>
public sealed record SizeSource(string Key, Located<ConfigScalar>? Default);

/// <summary>A key of config.json, or <c>{ key: ..., default: ... }</c>.</summary>
public sealed class SizeSourceType : SpecType<SizeSource>
{
    private static readonly TextType KeyType = new("a key of config.json, or { key: ..., default: ... }");

    /// <summary>The long form.</summary>
    public SectionDefinition LongForm { get; } = SizeSourceKeys.Definition;

    /// <inheritdoc/>
    public override string Expected => KeyType.Expected;

    internal override bool TryRead(SpecNode node, string path, Reporter report, out SizeSource value)
    {
        if (node is not MappingNode mapping)
        {
            value = new(KeyType.TryRead(node, path, report, out var name) ? name : "", null);
            return true;
        }

        var section = SizeSourceKeys.Definition.Read(mapping, path, report);
        var (key, standard) = (section.Get(SizeSourceKeys.ConfigKey), section.Get(SizeSourceKeys.Default));
        value = new(key.IsWritten ? key.Value : "", standard.IsWritten ? new(standard.Value, standard.Place) : null);
        return true;
    }
}

/// <summary>A node as written; its keys depend on its operation (<see cref="GraphOps"/>).</summary>
public sealed class NodeSource
{
    internal NodeSource(MappingNode? mapping) => Mapping = mapping;

    /// <summary>Its keys, or null if it is no mapping, so that the name is known all the same.</summary>
    internal MappingNode? Mapping { get; }
}

/// <summary>A mapping with an <c>op</c> and what that takes.</summary>
public sealed class NodeSourceType : SpecType<NodeSource>
{
    /// <inheritdoc/>
    public override string Expected => "a node such as { op: silu, in: gate }";

    internal override bool TryRead(SpecNode node, string path, Reporter report, out NodeSource value)
    {
        value = new(node as MappingNode);
        if (value.Mapping is null)
        {
            ReportType(node, path, report);
        }

        return true;
    }
}
