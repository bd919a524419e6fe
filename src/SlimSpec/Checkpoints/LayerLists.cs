using System.Text.Json.Nodes;

namespace SlimSpec;

/// <summary>
/// Lists in a configuration that have one entry a layer, such as <c>layer_types</c>: an array with as many entries as there are layers, under a
/// key that speaks of layers.
/// </summary>
internal static class LayerLists
{
    private const string Word = "layer";

    /// <summary>Leaves in each list the entries of the layers that were kept.</summary>
    /// <param name="config">The configuration; changed.</param>
    /// <param name="count">Layers that it is of.</param>
    /// <param name="kept">Numbers of those that stay, ascending.</param>
    public static void Keep(JsonObject config, int count, IReadOnlyList<int> kept)
    {
        foreach (var (key, value) in config.ToList())
        {
            if (value is JsonObject nested)
            {
                Keep(nested, count, kept);
            }
            else if (value is JsonArray list && list.Count == count && key.Contains(Word, StringComparison.OrdinalIgnoreCase))
            {
                config[key] = new JsonArray([.. kept.Select(layer => list[layer]?.DeepClone())]);
            }
        }
    }
}
