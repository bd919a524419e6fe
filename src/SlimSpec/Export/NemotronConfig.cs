using System.Text.Json.Nodes;
using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>
/// A <c>config.json</c> of model type <c>nemotron-nas</c> (DeciLM): <c>block_configs</c> has a layer's KV heads, as queries to each, and its FFN, as a
/// factor <c>m</c> from which a reader makes <c>2 m hidden / 3</c>, cut to a whole number and rounded up to a multiple of 256.
/// </summary>
internal static class NemotronConfig
{
    /// <summary>Makes a configuration one of that type.</summary>
    public static void Rewrite(JsonObject config, ArchitectureInfo architecture, NemotronNasDimensions dimensions, ModelShape shape)
    {
        var heads = Enumerable.Range(0, shape.LayerCount).Select(layer => shape[dimensions.Heads, layer]).Max();
        foreach (var (dimension, value) in new (string, JsonNode?)[] { (dimensions.Heads, heads), (dimensions.KvHeads, null), (dimensions.Ffn, null) })
        {
            foreach (var key in architecture.Dimensions.Where(each => each.Name == dimension).SelectMany(each => each.Keys).Where(config.ContainsKey))
            {
                config[key] = value?.DeepClone();
            }
        }

        config["model_type"] = "nemotron-nas";
        config["architectures"] = new JsonArray("DeciLMForCausalLM");
        config["block_configs"] = new JsonArray([.. Enumerable.Range(0, shape.LayerCount).Select(layer => Block(heads, shape[dimensions.KvHeads, layer], shape[dimensions.Ffn, layer], shape.HiddenSize))]);
    }

    private static JsonObject Block(int heads, int kvHeads, int ffn, int hidden) => new()
    {
        ["attention"] = new JsonObject { ["n_heads_in_group"] = kvHeads == 0 ? null : heads / kvHeads, ["no_op"] = kvHeads == 0, ["replace_with_linear"] = false },
        ["ffn"] = new JsonObject { ["ffn_mult"] = ffn == 0 ? null : Factor(ffn, hidden), ["no_op"] = ffn == 0, ["replace_with_linear"] = false },
    };

    // Half a channel short of the size, so that no rounding of the factor (readers keep six places) leads beyond it.
    private static double Factor(int ffn, int hidden) => 3 * (ffn - 0.5) / (2.0 * hidden);
}
