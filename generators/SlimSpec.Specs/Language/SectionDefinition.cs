using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The keys of one mapping.</summary>
public sealed class SectionDefinition
{
    /// <summary>Makes a section of its keys.</summary>
    /// <param name="description">What it is for, in one sentence.</param>
    /// <param name="keys">Its keys, in the order in which a person would write them.</param>
    /// <param name="otherKeys">What further keys are, in one sentence, or null if there can be none. They are checked elsewhere.</param>
    public SectionDefinition(string description, IReadOnlyList<Key> keys, string? otherKeys = null)
    {
        Description = description;
        Keys = keys;
        OtherKeys = otherKeys;
    }

    /// <summary>What it is for, in one sentence.</summary>
    public string Description { get; }

    /// <summary>Its keys, in the order in which a person would write them.</summary>
    public IReadOnlyList<Key> Keys { get; }

    /// <summary>What further keys are, in one sentence, or null if there can be none. They are checked elsewhere.</summary>
    public string? OtherKeys { get; }

    /// <summary>Reads a mapping, reporting whatever is wrong with its keys.</summary>
    internal Section Read(MappingNode node, string path, Reporter report)
    {
        var values = new Dictionary<Key, FieldValue>();
        var others = new List<MappingEntry>();
        foreach (var entry in node.Entries)
        {
            if (Keys.FirstOrDefault(key => key.Name == entry.Key) is { } key)
            {
                if (!IsAbsent(key, entry.Value))
                {
                    values.Add(key, new(key.Read(entry.Value, Join(path, key.Name), report), entry.Value.Place));
                }
            }
            else if (OtherKeys is not null)
            {
                others.Add(entry);
            }
            else
            {
                ReportUnknown(entry, path, Keys.Select(known => known.Name), report);
            }
        }

        foreach (var key in Keys.Where(key => key.IsRequired && node.Find(key.Name) is null))
        {
            report.Add(Rules.MissingKey, node.Place, $"{Where(path)} needs the key '{key.Name}' ({Words.Decapitalize(key.Description).TrimEnd('.')})");
        }

        return new(this, node.Place, path, values, others);
    }

    /// <summary>Reports a key that no section has.</summary>
    internal static void ReportUnknown(MappingEntry entry, string path, IEnumerable<string> known, Reporter report) =>
        report.Add(Rules.UnknownKey, entry.KeyPlace, $"unknown key {Words.Quote(entry.Key)}{(path.Length == 0 ? "" : $" in '{path}'")}{Words.Hint(entry.Key, known)}");

    private static bool IsAbsent(Key key, SpecNode value) =>
        key.MayBeNull && value is ScalarNode { Kind: ScalarKind.Null };

    private static string Where(string path) => path.Length == 0 ? "the file" : $"'{path}'";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}

/// <summary>A value that was written: null if it could not be read, which has been reported.</summary>
internal sealed record FieldValue(object? Value, Place Place);

/// <summary>A mapping that has been read.</summary>
public sealed class Section
{
    private readonly IReadOnlyDictionary<Key, FieldValue> _values;

    internal Section(SectionDefinition definition, Place place, string path, IReadOnlyDictionary<Key, FieldValue> values, IReadOnlyList<MappingEntry> others)
    {
        Definition = definition;
        Place = place;
        Path = path;
        Others = others;
        _values = values;
    }

    /// <summary>The keys it was read by: of several kinds, which it is.</summary>
    public SectionDefinition Definition { get; }

    /// <summary>Its first character.</summary>
    internal Place Place { get; }

    /// <summary>How messages call it: <c>prune[0]</c>.</summary>
    internal string Path { get; }

    /// <summary>Keys that an open section does not define.</summary>
    internal IReadOnlyList<MappingEntry> Others { get; }

    /// <summary>Where a key's value is written, or null where it is not.</summary>
    internal Place? PlaceOf(Key key) => _values.TryGetValue(key, out var written) ? written.Place : null;

    /// <summary>The value under a key, or its default.</summary>
    internal Field<T> Get<T>(Key<T> key)
    {
        if (_values.TryGetValue(key, out var written))
        {
            return written.Value is T value ? new(value, written.Place, FieldState.Written) : new(default!, written.Place, FieldState.Bad);
        }

        return key.DefaultValue is T standard ? new(standard, Place, FieldState.Default)
            : new(default!, Place, key.IsRequired ? FieldState.Bad : FieldState.Absent);
    }
}

/// <summary>Where a field's value comes from.</summary>
internal enum FieldState
{
    /// <summary>It is not in the file and has no default.</summary>
    Absent,

    /// <summary>It is in the file.</summary>
    Written,

    /// <summary>It is the language's default.</summary>
    Default,

    /// <summary>It is wrong or missing, which has been reported.</summary>
    Bad,
}

/// <summary>A value, its place (the section's where it is not written) and where it comes from.</summary>
internal readonly record struct Field<T>(T Value, Place Place, FieldState State)
{
    /// <summary>Whether there is a value to check.</summary>
    public bool HasValue => State is FieldState.Written or FieldState.Default;

    /// <summary>Whether the file says it, rightly.</summary>
    public bool IsWritten => State == FieldState.Written;
}
