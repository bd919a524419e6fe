using System.Collections.Generic;

namespace SlimSpec.Specs;

/// <summary>A value of a parsed file and its place. Trees are shared between compilations and never change.</summary>
internal abstract class SpecNode(Place place)
{
    /// <summary>A scalar's or a bad node's whole text; the first character of a list or mapping.</summary>
    public Place Place { get; } = place;

    /// <summary>What it is, for the end of a message: <c>found a list</c>.</summary>
    public abstract string Found { get; }
}

/// <summary>Keys and values, in the order of the file, without duplicates.</summary>
internal sealed class MappingNode(Place place, IReadOnlyList<MappingEntry> entries) : SpecNode(place)
{
    public IReadOnlyList<MappingEntry> Entries { get; } = entries;

    public override string Found => "a mapping";

    /// <summary>The value under <paramref name="key"/>, or null.</summary>
    public SpecNode? Find(string key)
    {
        foreach (var entry in Entries)
        {
            if (entry.Key == key)
            {
                return entry.Value;
            }
        }

        return null;
    }
}

/// <summary>One key with its value.</summary>
internal sealed record MappingEntry(string Key, Place KeyPlace, SpecNode Value);

/// <summary>A list.</summary>
internal sealed class SequenceNode(Place place, IReadOnlyList<SpecNode> items) : SpecNode(place)
{
    public IReadOnlyList<SpecNode> Items { get; } = items;

    public override string Found => "a list";
}

/// <summary>A value that has been reported already, such as an alias: checks pass over it.</summary>
internal sealed class BadNode(Place place) : SpecNode(place)
{
    public override string Found => "a value that cannot be read";
}
