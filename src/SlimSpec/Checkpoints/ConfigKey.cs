using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>Keys of a <c>config.json</c> as architectures name them: dotted where the value is in a nested object (<c>rope_scaling.factor</c>).</summary>
internal static class ConfigKey
{
    /// <summary>The value of a key, or null where it, or an object above it, is absent or null.</summary>
    /// <exception cref="SlimException">What should be an object above it is something else.</exception>
    public static JsonPlace? Find(JsonPlace root, string key)
    {
        foreach (var step in key.Split('.'))
        {
            if (!root.Has(step))
            {
                return null;
            }

            root = root[step];
        }

        return root;
    }

    /// <summary>The text of a key's value, <c>null</c> included, or null where it is absent.</summary>
    public static string? Text(JsonPlace root, string key)
    {
        var (above, last) = Divide(key);
        return (above is null ? root : Find(root, above))?.Element is { } parent && parent.TryGetProperty(last, out var value) ? value.GetRawText() : null;
    }

    /// <summary>Puts a value under a key, making the objects above it.</summary>
    public static void Set(JsonObject root, string key, JsonNode? value)
    {
        var (above, last) = Divide(key);
        foreach (var step in above?.Split('.') ?? [])
        {
            root = root[step] as JsonObject ?? Nested(root, step);
        }

        root[last] = value;
    }

    private static JsonObject Nested(JsonObject root, string key)
    {
        var nested = new JsonObject();
        root[key] = nested;
        return nested;
    }

    private static (string? Above, string Last) Divide(string key) =>
        key.LastIndexOf('.') is var dot && dot < 0 ? (null, key) : (key[..dot], key[(dot + 1)..]);
}
