using System.Text.Json;

namespace SlimSpec;

/// <summary>A value in a JSON file that knows where it is, so that what is wrong with it can be said at its place.</summary>
/// <param name="File">The file.</param>
/// <param name="Path">Keys from the outermost object to the value, as <c>model.merges[3]</c>.</param>
/// <param name="Element">The value.</param>
internal readonly record struct JsonPlace(string File, string Path, JsonElement Element)
{
    /// <summary>File and keys, as messages begin.</summary>
    public string Place => Path.Length == 0 ? File : $"{File}: {Path}";

    /// <summary>The value of a key.</summary>
    public JsonPlace this[string key] => Has(key) ? Child(key) : throw new SlimException($"{Place}: '{key}' is missing");

    /// <summary>Whether there is a key whose value is not null.</summary>
    public bool Has(string key) =>
        (Element.ValueKind == JsonValueKind.Object ? Element : throw Expected("an object"))
        .TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>An exception that says what is wrong with this value.</summary>
    public SlimException Wrong(string what) => new($"{Place}: {what}");

    /// <summary>The object of a key.</summary>
    public JsonPlace Object(string key) => this[key].Element.ValueKind == JsonValueKind.Object ? this[key] : throw this[key].Expected("an object");

    /// <summary>The array of a key.</summary>
    public JsonPlace Array(string key) => this[key].Element.ValueKind == JsonValueKind.Array ? this[key] : throw this[key].Expected("an array");

    /// <summary>The items of a key's array, none where the key is absent or null.</summary>
    public IEnumerable<JsonPlace> OptionalArray(string key) => Has(key) ? Array(key).Items() : [];

    /// <summary>The string of a key, or null where it is absent or null.</summary>
    public string? OptionalString(string key) => Has(key) ? this[key].String() : null;

    /// <summary>The flag of a key, or null where it is absent or null.</summary>
    public bool? OptionalFlag(string key) => !Has(key) ? null : this[key].Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw this[key].Expected("true or false"),
    };

    /// <summary>The value as a string.</summary>
    public string String()
    {
        try
        {
            return Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Expected("a string");
        }
        catch (InvalidOperationException failure)
        {
            throw new SlimException($"{Place}: {failure.Message}", failure);
        }
    }

    /// <summary>The value as an integer within bounds.</summary>
    public int Integer(int least, int most) =>
        Element.ValueKind == JsonValueKind.Number && Element.TryGetInt32(out var number) && number >= least && number <= most
            ? number
            : throw Expected($"an integer from {least} to {most}");

    /// <summary>The items of an array.</summary>
    public IEnumerable<JsonPlace> Items()
    {
        var (file, path) = (File, Path);
        return (Element.ValueKind == JsonValueKind.Array ? Element : throw Expected("an array"))
            .EnumerateArray().Select((item, index) => new JsonPlace(file, $"{path}[{index}]", item));
    }

    /// <summary>The keys and values of an object, in the order of the file.</summary>
    public IEnumerable<(string Key, JsonPlace Value)> Properties()
    {
        foreach (var property in (Element.ValueKind == JsonValueKind.Object ? Element : throw Expected("an object")).EnumerateObject())
        {
            string key;
            try
            {
                key = property.Name;
            }
            catch (InvalidOperationException failure)
            {
                throw new SlimException($"{Place}: {failure.Message}", failure);
            }

            yield return (key, new JsonPlace(File, Path.Length == 0 ? key : $"{Path}.{key}", property.Value));
        }
    }

    /// <summary>An exception that says what the value should be.</summary>
    public SlimException Expected(string what)
    {
        const int Longest = 60;
        var text = Element.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? JsonInput.Name(Element.ValueKind) : Element.GetRawText();
        return Wrong($"{(text.Length > Longest ? text[..Longest] + "..." : text)} is not {what}");
    }

    private JsonPlace Child(string key) => new(File, Path.Length == 0 ? key : $"{Path}.{key}", Element.GetProperty(key));
}
