using System.Globalization;
using System.Text.Json;

namespace SlimSpec;

/// <summary>Writes models as Hugging Face folders.</summary>
internal static class CheckpointWriter
{
    /// <summary>Most bytes of weights in one file, as Hugging Face's libraries divide them: 5 GB.</summary>
    public const long ShardBytes = 5_000_000_000;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string[] Copied =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "tokenizer.model", "chat_template.jinja", "generation_config.json",
    ];

    /// <summary>
    /// Writes <c>config.json</c> (the source's, with the model's sizes: one integer where all layers agree, so that stock
    /// transformers loads it, otherwise an array with one a layer), the weights and the source's tokenizer files. With a classifier
    /// it is a folder of a <c>*ForSequenceClassification</c> that has the language model's head besides.
    /// The folder is there whole or not at all. An older checkpoint in the same place is replaced; other files in it stay.
    /// </summary>
    public static void Save(CausalLM model, Recipe recipe, HuggingFaceFolder source, string destination, torch.ScalarType dtype, bool overwrite, long shardBytes, IReadOnlyList<int>? layers, ClassificationHead? head)
    {
        var config = source.Config.With(model.Shape, recipe, dtype, layers, head?.Classes);
        using var weights = new WeightCursor(model);
        WriteFolder(source, destination, config, [.. Tensors(model, weights, dtype), .. Tensors(head)], overwrite, shardBytes);
    }

    /// <summary>Writes a folder of a configuration, tensors and the source's tokenizer files.</summary>
    public static void WriteFolder(HuggingFaceFolder source, string destination, string config, IReadOnlyList<StoredTensor> tensors, bool overwrite, long shardBytes) =>
        AtomicFile.WriteFolder(destination, folder => overwrite || IsOurs(folder), folder =>
        {
            AtomicFile.WriteText(Path.Combine(folder, ModelConfig.FileName), config);
            foreach (var file in Copied.Select(name => Path.Combine(source.Path, name)).Where(File.Exists))
            {
                using var from = File.OpenRead(file);
                AtomicFile.Write(Path.Combine(folder, Path.GetFileName(file)), from.CopyTo);
            }

            WriteWeights(folder, tensors, shardBytes);
        }, drop: IsStale);

    /// <summary>Writes <c>model.safetensors</c>, or shards and their index where that would be larger than a file may be.</summary>
    internal static void WriteWeights(string folder, IReadOnlyList<StoredTensor> tensors, long shardBytes)
    {
        var shards = Divide(tensors, shardBytes);
        if (shards.Count == 1)
        {
            SafetensorsWriter.Write(Path.Combine(folder, CheckpointWeights.SingleFile), tensors);
            return;
        }

        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < shards.Count; i++)
        {
            var file = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors");
            SafetensorsWriter.Write(Path.Combine(folder, file), shards[i]);
            shards[i].ForEach(tensor => map.Add(tensor.Name, file));
        }

        var index = new { metadata = new { total_size = tensors.Sum(tensor => tensor.ByteCount) }, weight_map = map };
        AtomicFile.WriteText(Path.Combine(folder, CheckpointWeights.IndexFile), JsonSerializer.Serialize(index, Indented) + "\n");
    }

    // Each shard takes the next tensors as long as they fit.
    private static List<List<StoredTensor>> Divide(IReadOnlyList<StoredTensor> tensors, long shardBytes)
    {
        var shards = new List<List<StoredTensor>> { new() };
        long bytes = 0;
        foreach (var tensor in tensors)
        {
            if (bytes > 0 && bytes + tensor.ByteCount > shardBytes)
            {
                shards.Add([]);
                bytes = 0;
            }

            shards[^1].Add(tensor);
            bytes += tensor.ByteCount;
        }

        return shards;
    }

    // Slopes that heads kept when others were cut are data; the rest follow from the number of heads.
    internal static IEnumerable<StoredTensor> Tensors(CausalLM model, WeightCursor weights, torch.ScalarType dtype) =>
    [
        .. model.Tensors.Select(tensor => new StoredTensor(tensor.Name, tensor.Shape, dtype, () => weights.Value(tensor))),
        .. model.Layers.SelectMany(layer => layer.Slopes).Where(slopes => !slopes.FollowsFormula)
            .Select(slopes => new StoredTensor(slopes.Name, slopes.Values.shape, slopes.Values.dtype, () => slopes.Values)),
    ];

    // As it was trained, so that it says the same when it is read again.
    private static IEnumerable<StoredTensor> Tensors(ClassificationHead? head) =>
        head is null ? [] : [new StoredTensor(ClassifierKeys.Weight, head.Weight.shape, head.Weight.dtype, () => head.Weight)];

    private static bool IsOurs(string folder)
    {
        var config = Path.Combine(folder, ModelConfig.FileName);
        return File.Exists(config) && ModelConfig.Read(config).IsOurs;
    }

    // Weights in another division would be read instead of the new ones, or beside them.
    private static bool IsStale(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) || name == CheckpointWeights.IndexFile;
}
