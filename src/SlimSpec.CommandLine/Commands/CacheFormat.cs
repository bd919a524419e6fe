using System.Text.Json;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>The number format that keys and values are counted in.</summary>
/// <param name="Name">As config.json says it: <c>float16</c>.</param>
/// <param name="Bytes">Bytes an element.</param>
internal sealed record CacheFormat(string Name, int Bytes)
{
    private static readonly CacheFormat[] Known = [new("float16", 2), new("bfloat16", 2), new("float32", 4), new("float64", 8)];

    /// <summary>The names it may have.</summary>
    public static string Names => string.Join('|', Known.Select(format => format.Name));

    /// <summary>The format asked for, else that of the model's config.json where one is there, else float16.</summary>
    /// <exception cref="SlimException">There is no such format, or the config.json is not JSON.</exception>
    public static CacheFormat Of(string? asked, string? config) => asked is null
        ? Find(config is null ? null : Written(config)) ?? Known[0]
        : Find(asked) ?? throw new SlimException($"--dtype {asked}: there is no such number format{Words.Hint(asked, Known.Select(format => format.Name))}");

    private static CacheFormat? Find(string? name) => Known.FirstOrDefault(format => format.Name == name);

    private static string? Written(string config)
    {
        using var document = JsonInput.Read(config);
        return new[] { "dtype", "torch_dtype" }
            .Select(key => document.RootElement.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null)
            .FirstOrDefault(name => name is not null);
    }
}
