using System.Collections.Generic;
using System.Globalization;
using System.Linq;

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

    internal override JsonMap Schema => new() { { "type", new object[] { "string", "number", "boolean", "null" } } };

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
/// <param name="Keys">Keys of config.json, the first that is found counts; none if the size is fixed, or none could be read, so that the name is known all the same.</param>
/// <param name="Default">Value where they are absent, or null.</param>
/// <param name="IsPresence">Whether it is the flag that says if config.json has the key.</param>
/// <param name="Size">The size that a dimension always has, or null.</param>
public sealed record SizeSource(IReadOnlyList<Located<string>> Keys, Located<ConfigScalar>? Default, bool IsPresence = false, int? Size = null);

/// <summary>Keys of config.json, or a mapping with them and a default.</summary>
/// <param name="isDimension">Whether it is a dimension, which may be of fixed size, and not a constant, which may be a key's presence.</param>
public sealed class SizeSourceType(bool isDimension) : SpecType<SizeSource>
{
    private static readonly IntegerType SizeType = new(1, 1_048_576);
    private readonly ListType<string> _keys = new(new TextType("a key of config.json"), Form, mayBeScalar: true);

    private const string Form = "a key of config.json, or { key: ..., default: ... }";

    /// <summary>The long form.</summary>
    public SectionDefinition LongForm { get; } = isDimension ? SizeSourceKeys.Dimension : SizeSourceKeys.Constant;

    /// <inheritdoc/>
    public override string Expected => Form;

    // A number is a dimension's size and no key.
    internal override JsonMap Schema => isDimension
        ? new() { { "if", new JsonMap { { "type", "integer" } } }, { "then", SizeType.Schema }, { "else", SpecSchema.AnyOf(_keys.Schema, SpecSchema.OfSection(LongForm)) } }
        : SpecSchema.AnyOf(_keys.Schema, SpecSchema.OfSection(LongForm), SpecSchema.OfSection(SizeSourceKeys.Presence));

    internal override bool TryRead(SpecNode node, string path, Reporter report, out SizeSource value)
    {
        if (isDimension && node is ScalarNode { Kind: ScalarKind.Integer })
        {
            value = new([], null, Size: SizeType.TryRead(node, path, report, out var size) ? size : null);
        }
        else if (node is not MappingNode mapping)
        {
            value = new(ReadKeys(node, path, report), null);
        }
        else if (!isDimension && mapping.Find(SizeSourceKeys.Has.Name) is not null)
        {
            var key = SizeSourceKeys.Presence.Read(mapping, path, report).Get(SizeSourceKeys.Has);
            value = new(key.IsWritten ? [new(key.Value, key.Place)] : [], null, IsPresence: true);
        }
        else
        {
            var section = LongForm.Read(mapping, path, report);
            var (keys, standard) = (section.Get(SizeSourceKeys.ConfigKey), section.Get(SizeSourceKeys.Default));
            value = new(keys.IsWritten ? keys.Value : [], standard.IsWritten ? new(standard.Value, standard.Place) : null);
        }

        CheckForm(value, path, report);
        return true;
    }

    private IReadOnlyList<Located<string>> ReadKeys(SpecNode node, string path, Reporter report) =>
        _keys.TryRead(node, path, report, out var keys) ? keys : [];

    private static void CheckForm(SizeSource source, string path, Reporter report)
    {
        foreach (var key in source.Keys.Where(key => key.Value.Split('.').Any(part => part.Trim().Length == 0)))
        {
            report.Add(Rules.BadName, key.Place, $"'{path}' must be a key of config.json, nested ones joined by dots, found {Words.Quote(key.Value)}");
        }
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
/// <param name="section">Where the node stands.</param>
public sealed class NodeSourceType(GraphSections section) : SpecType<NodeSource>
{
    /// <inheritdoc/>
    public override string Expected => "a node such as { op: silu, in: gate }";

    internal override JsonMap Schema => NodeSchema.Reference(section);

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
