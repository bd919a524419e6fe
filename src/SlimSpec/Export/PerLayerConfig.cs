using System.Globalization;
using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>
/// <c>per_layer_config</c> of a <c>config.json</c>, as transformers has it since version 5.14: keys of layers, from 0 and of equal length, and in
/// each what differs from the configuration itself; <c>skip</c> names branches that the layer lacks.
/// </summary>
internal static class PerLayerConfig
{
    /// <summary>The key.</summary>
    public const string Key = "per_layer_config";

    private const string Skip = "skip";

    /// <summary>Puts what layers have of their own, which a configuration has as arrays, under the key.</summary>
    /// <param name="config">The configuration; changed.</param>
    /// <param name="architecture">Its architecture.</param>
    /// <param name="shape">The sizes.</param>
    /// <returns>Whether layers differ.</returns>
    public static bool Divide(JsonObject config, ArchitectureInfo architecture, ModelShape shape)
    {
        var layers = Enumerable.Range(0, shape.LayerCount).Select(_ => new JsonObject()).ToList();
        foreach (var dimension in architecture.Dimensions.Where(dimension => shape.LayerDimensions.Contains(dimension.Name)))
        {
            foreach (var key in dimension.Keys.Where(key => config[key] is JsonArray))
            {
                Divide(config, key, shape, dimension.Name, layers);
            }
        }

        for (var layer = 0; layer < layers.Count; layer++)
        {
            var lacking = architecture.Branches.Where(branch => branch.Value.All(dimension => shape[dimension, layer] == 0)).Select(branch => branch.Key).ToList();
            if (lacking.Count > 0)
            {
                layers[layer][Skip] = new JsonArray([.. lacking.Select(unit => JsonValue.Create(unit))]);
            }
        }

        if (layers.All(layer => layer.Count == 0))
        {
            return false;
        }

        config[Key] = new JsonObject(layers.Select((layer, number) => KeyValuePair.Create(NameOf(number, layers.Count), (JsonNode?)layer)).Where(entry => entry.Value!.AsObject().Count > 0));
        return true;
    }

    /// <summary>What a configuration says of a dimension layer by layer; null where it says nothing of it there.</summary>
    /// <param name="root">The configuration.</param>
    /// <param name="keys">The dimension's keys.</param>
    /// <param name="units">The units whose branch's absence makes the dimension 0.</param>
    /// <param name="layers">Number of layers.</param>
    /// <param name="common">The size of layers that say nothing.</param>
    public static int[]? Sizes(JsonPlace root, IReadOnlyList<string> keys, IReadOnlyCollection<string> units, int layers, int common)
    {
        if (!root.Has(Key))
        {
            return null;
        }

        var sizes = Enumerable.Repeat(common, layers).ToArray();
        foreach (var (name, place) in root.Object(Key).Properties())
        {
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) || layer >= layers)
            {
                throw place.Wrong($"'{name}' is no layer from 0 to {layers - 1}");
            }

            sizes[layer] = keys.FirstOrDefault(place.Has) is { } key ? place[key].Integer(1, int.MaxValue)
                : place.OptionalArray(Skip).Any(unit => units.Contains(unit.String())) ? 0
                : sizes[layer];
        }

        return sizes;
    }

    // The first layer that has any is the configuration's own.
    private static void Divide(JsonObject config, string key, ModelShape shape, string dimension, List<JsonObject> layers)
    {
        var common = Enumerable.Range(0, layers.Count).Select(layer => shape[dimension, layer]).First(size => size > 0);
        config[key] = common;
        for (var layer = 0; layer < layers.Count; layer++)
        {
            if (shape[dimension, layer] is var size && size != common && size > 0)
            {
                layers[layer][key] = size;
            }
        }
    }

    private static string NameOf(int layer, int layers) =>
        layer.ToString(CultureInfo.InvariantCulture).PadLeft((layers - 1).ToString(CultureInfo.InvariantCulture).Length, '0');
}
