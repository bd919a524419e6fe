using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;

namespace SlimSpec.LargeBenchmark;

/// <summary>
/// Writes a recipe's dense model with random weights as a Hugging Face folder: float16, one file a layer. Rows differ in scale, so that
/// units differ in importance. The same seed gives the same bytes.
/// </summary>
internal static class RandomCheckpoint
{
    private const torch.ScalarType Stored = torch.ScalarType.Float16;

    /// <summary>Writes it.</summary>
    /// <returns>Bytes of weights.</returns>
    public static long Write(Recipe recipe, string folder, int seed)
    {
        using var model = recipe.CreateUnloaded(recipe.Dense, Stored, torch.CPU);
        torch.manual_seed(seed);
        var map = new JsonObject();
        long bytes = 0;
        foreach (var (file, tensors) in Files(model))
        {
            using var scope = torch.NewDisposeScope();
            SafetensorsWriter.Write(Path.Combine(folder, file), [.. tensors.Select(tensor => (tensor.Name, Random(tensor.Shape)))]);
            foreach (var tensor in tensors)
            {
                map[tensor.Name] = file;
                bytes += 2 * tensor.Shape.Aggregate(1L, (product, size) => product * size);
            }
        }

        var index = new JsonObject { ["metadata"] = new JsonObject { ["total_size"] = bytes }, ["weight_map"] = map };
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), index.ToJsonString());
        File.WriteAllText(Path.Combine(folder, "config.json"), Configuration(recipe));
        return bytes;
    }

    /// <summary>Writes rows of random token ids, as <c>--data</c> takes them.</summary>
    public static void WriteSamples(string path, int samples, int tokens, int vocabulary, int seed)
    {
        var random = new SeededRandom(seed);
        var rows = Enumerable.Range(0, samples).Select(_ => Enumerable.Range(0, tokens).Select(_ => random.NextIndex(vocabulary)).ToArray());
        File.WriteAllText(path, JsonSerializer.Serialize(new { ids = rows }));
    }

    // One file a layer, and one for embedding and head.
    private static IEnumerable<(string File, CheckpointTensor[] Tensors)> Files(CausalLM model)
    {
        var count = model.Layers.Count + 1;
        yield return ($"model-00001-of-{count:00000}.safetensors", [.. model.OuterLeaves.SelectMany(leaf => leaf.Tensors)]);
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            yield return ($"model-{layer + 2:00000}-of-{count:00000}.safetensors", [.. model.Layers[layer].Leaves.SelectMany(leaf => leaf.Tensors)]);
        }
    }

    private static torch.Tensor Random(long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        if (shape.Length == 1)
        {
            return torch.randn(shape).mul_(0.1).add_(1).to(Stored).MoveToOuterDisposeScope();
        }

        var rows = torch.rand([shape[0], 1]).add_(0.5).mul_(1 / Math.Sqrt(shape[1]));
        return torch.randn(shape).mul_(rows).to(Stored).MoveToOuterDisposeScope();
    }

    private static string Configuration(Recipe recipe)
    {
        var (architecture, shape) = (recipe.Architecture, recipe.Dense);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture.HuggingFaceClass),
            ["model_type"] = architecture.ModelTypes[0],
            ["torch_dtype"] = "float16",
        };
        foreach (var dimension in architecture.Dimensions)
        {
            config[dimension.Keys[0]] = dimension.Name == "layers" ? shape.LayerCount
                : shape.SharedDimensions.TryGetValue(dimension.Name, out var size) ? size
                : shape[dimension.Name, 0];
        }

        foreach (var constant in architecture.Constants.Where(constant => constant.Value is not null))
        {
            config[constant.Keys[0]] = JsonSerializer.SerializeToNode(constant.Value);
        }

        return config.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }
}
