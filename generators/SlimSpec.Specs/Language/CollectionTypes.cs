using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>A value and its place.</summary>
/// <param name="Value">The value.</param>
/// <param name="Place">Where it is written.</param>
public sealed record Located<T>(T Value, Place Place);

/// <summary>A mapping with known keys.</summary>
public sealed class SectionType(SectionDefinition definition) : SpecType<Section>
{
    /// <summary>The keys.</summary>
    public SectionDefinition Definition => definition;

    /// <inheritdoc/>
    public override string Expected => $"a mapping with keys such as {string.Join(", ", definition.Keys.Take(3).Select(key => key.Name))}";

    internal override JsonMap Schema => SpecSchema.OfSection(definition);

    internal override bool TryRead(SpecNode node, string path, Reporter report, out Section value)
    {
        value = null!;
        if (node is MappingNode mapping)
        {
            value = definition.Read(mapping, path, report);
            return true;
        }

        ReportType(node, path, report);
        return false;
    }
}

/// <summary>A mapping whose keys are names that the file gives.</summary>
/// <param name="value">What each name has.</param>
/// <param name="expected">For messages: <c>a mapping of nodes</c>.</param>
/// <param name="needed">Names that a schema asks for; that they are there is checked elsewhere.</param>
public sealed class MapType<T>(SpecType<T> value, string expected, IReadOnlyList<string>? needed = null) : SpecType<IReadOnlyList<NamedItem<T>>>
{
    /// <summary>What each name has.</summary>
    public SpecType ValueType => value;

    /// <inheritdoc/>
    public override string Expected => expected;

    internal override bool IsYamlInCode => true;

    internal override JsonMap Schema
    {
        get
        {
            var schema = new JsonMap { { "type", "object" }, { "additionalProperties", value.Schema }, { "minProperties", 1 } };
            return needed is null ? schema : schema.With([new("required", needed)]);
        }
    }

    internal override bool TryRead(SpecNode node, string path, Reporter report, out IReadOnlyList<NamedItem<T>> values)
    {
        var items = new List<NamedItem<T>>();
        values = items;
        if (node is not MappingNode { Entries.Count: > 0 } mapping)
        {
            ReportType(node, path, report);
            return false;
        }

        foreach (var entry in mapping.Entries)
        {
            if (value.TryRead(entry.Value, $"{path}.{Words.Shorten(entry.Key)}", report, out var item))
            {
                items.Add(new(entry.Key, entry.KeyPlace, item, entry.Value.Place));
            }
        }

        return true;
    }
}

/// <summary>A name of a <see cref="MapType{T}"/> and what it has.</summary>
public sealed record NamedItem<T>(string Name, Place NamePlace, T Value, Place Place);

/// <summary>A list. Wrong items are reported and left out.</summary>
/// <param name="item">What each item is.</param>
/// <param name="expected">For messages: <c>a list of targets</c>.</param>
/// <param name="mayBeEmpty">Whether <c>[]</c> is allowed.</param>
/// <param name="mayBeScalar">Whether a single item may stand for a list of one.</param>
public sealed class ListType<T>(SpecType<T> item, string expected, bool mayBeEmpty = false, bool mayBeScalar = false) : SpecType<IReadOnlyList<Located<T>>>
{
    /// <summary>What each item is.</summary>
    public SpecType ItemType => item;

    /// <summary>Whether <c>[]</c> is allowed.</summary>
    public bool MayBeEmpty => mayBeEmpty;

    /// <summary>Whether a single item may stand for a list of one.</summary>
    public bool MayBeScalar => mayBeScalar;

    // An array of C# has no mappings.
    internal override bool IsYamlInCode => item is SectionType || item.IsYamlInCode;

    /// <inheritdoc/>
    public override string Expected => expected;

    internal override JsonMap Schema
    {
        get
        {
            var schema = new JsonMap { { "type", "array" }, { "items", item.Schema } };
            schema.With(mayBeEmpty ? [] : [new("minItems", 1)]);
            schema.With(typeof(IEquatable<T>).IsAssignableFrom(typeof(T)) ? [new("uniqueItems", true)] : []);
            return mayBeScalar ? SpecSchema.AnyOf(item.Schema, schema) : schema;
        }
    }

    internal override bool TryRead(SpecNode node, string path, Reporter report, out IReadOnlyList<Located<T>> value)
    {
        var items = new List<Located<T>>();
        value = items;
        if (mayBeScalar && node is ScalarNode)
        {
            Add(items, node, path, report);
            return items.Count > 0;
        }

        if (node is not SequenceNode sequence)
        {
            ReportType(node, path, report);
            return false;
        }

        if (sequence.Items.Count == 0 && !mayBeEmpty)
        {
            report.Add(Rules.WrongType, node.Place, $"'{path}' must be {expected}, found an empty list");
            return false;
        }

        for (var i = 0; i < sequence.Items.Count; i++)
        {
            Add(items, sequence.Items[i], $"{path}[{i}]", report);
        }

        return true;
    }

    private void Add(List<Located<T>> items, SpecNode node, string path, Reporter report)
    {
        if (!item.TryRead(node, path, report, out var value))
        {
            return;
        }

        if (value is IEquatable<T> && items.Any(other => value.Equals(other.Value)))
        {
            report.Add(Rules.DuplicateItem, node.Place, $"'{path}' repeats {Words.Quote(value.ToString()!)}");
            return;
        }

        items.Add(new(value, node.Place));
    }
}
