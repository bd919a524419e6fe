using System.Text.Json;

namespace SlimSpec;

/// <summary>A value in a plan file with its place, for messages that say where something is wrong.</summary>
/// <param name="File">The file.</param>
/// <param name="Place">For example <c>groups[3].kept</c>; empty for the whole document.</param>
/// <param name="Value">The value.</param>
internal readonly record struct PlanNode(string File, string Place, JsonElement Value)
{
    /// <summary>A member of this object, which has it: see <see cref="Keys"/>.</summary>
    public PlanNode this[string key] => new(File, Place.Length == 0 ? key : $"{Place}.{key}", Value.GetProperty(key));

    /// <summary>Whether this object has a member.</summary>
    public bool Has(string key) => Value.TryGetProperty(key, out _);

    /// <summary>Checks that this is an object with these keys, each once.</summary>
    /// <param name="keys">Keys that it has.</param>
    /// <param name="optional">Keys that it may have.</param>
    public void Keys(IReadOnlyList<string> keys, params IReadOnlyList<string> optional)
    {
        var present = Members().Select(member => member.Name).ToArray();
        if (present.FirstOrDefault(name => !keys.Contains(name) && !optional.Contains(name)) is { } unknown)
        {
            throw Bad($"has an unknown key '{unknown}'{NearestName.Hint(unknown, keys.Concat(optional))}");
        }

        if (keys.FirstOrDefault(key => !present.Contains(key)) is { } missing)
        {
            throw Bad($"lacks '{missing}'");
        }
    }

    /// <summary>The members of this object, whose names differ.</summary>
    public IReadOnlyList<(string Name, PlanNode Value)> Members()
    {
        Expect(JsonValueKind.Object, "an object");
        var node = this;
        var members = Value.EnumerateObject().Select(member => (member.Name, node with { Place = $"{node.Place}.{member.Name}".TrimStart('.'), Value = member.Value })).ToArray();
        var repeated = members.GroupBy(member => member.Name).FirstOrDefault(same => same.Count() > 1)?.Key;
        return repeated is null ? members : throw Bad($"has '{repeated}' more than once");
    }

    /// <summary>The items of this list.</summary>
    public IEnumerable<PlanNode> Items()
    {
        Expect(JsonValueKind.Array, "a list");
        var node = this;
        return Value.EnumerateArray().Select((item, index) => node with { Place = $"{node.Place}[{index}]", Value = item });
    }

    /// <summary>This text.</summary>
    public string Text()
    {
        Expect(JsonValueKind.String, "a text");
        return Value.GetString()!;
    }

    /// <summary>This whole number.</summary>
    public int Integer() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) ? number : throw Bad("is not a whole number");

    /// <summary>This finite number.</summary>
    public float Number() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetSingle(out var number) && float.IsFinite(number) ? number : throw Bad("is not a finite number");

    /// <summary>What is wrong here.</summary>
    public SlimException Bad(string problem) => new(Place.Length == 0 ? $"{File}: {problem}" : $"{File}: {Place} {problem}");

    private void Expect(JsonValueKind kind, string name)
    {
        if (Value.ValueKind != kind)
        {
            throw Bad($"is not {name}");
        }
    }
}
