using static TorchSharp.torch;

namespace SlimSpec.Tests.Exits;

/// <summary>What a cache holds.</summary>
internal static class CacheContents
{
    /// <summary>Keys and values of a layer's first tokens, each <c>[1, kv_heads, tokens, head_dim]</c>: what appending no token gives.</summary>
    public static (Tensor Keys, Tensor Values) Read(KeyValueCache cache, int layer, long tokens)
    {
        var none = empty([1, 1, 0, 1]);
        return cache.Append(layer, tokens, none, none);
    }

    /// <summary>The largest difference of any key or value of two caches' first tokens.</summary>
    public static double LargestDifference(CausalLM model, KeyValueCache one, KeyValueCache other, long tokens)
    {
        using var scope = NewDisposeScope();
        return Enumerable.Range(0, model.Layers.Count).Max(layer =>
        {
            var (keys, values) = Read(one, layer, tokens);
            var (otherKeys, otherValues) = Read(other, layer, tokens);
            return Math.Max(Tensors.LargestDifference(keys, otherKeys), Tensors.LargestDifference(values, otherValues));
        });
    }
}
