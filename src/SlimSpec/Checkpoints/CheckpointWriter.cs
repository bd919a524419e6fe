namespace SlimSpec;

/// <summary>Writes models as Hugging Face folders.</summary>
internal static class CheckpointWriter
{
    private static readonly string[] Copied =
    [
        "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "tokenizer.model", "chat_template.jinja", "generation_config.json",
    ];

    /// <summary>
    /// Writes <c>config.json</c> (the source's, with the model's sizes: one integer where all layers agree, so that stock
    /// transformers loads it, otherwise an array with one a layer), <c>model.safetensors</c> and the source's tokenizer files.
    /// The folder is there whole or not at all. An older checkpoint in the same place is replaced; other files in it stay.
    /// </summary>
    public static void Save(CausalLM model, Recipe recipe, HuggingFaceFolder source, string destination, torch.ScalarType dtype, bool overwrite)
    {
        var config = source.Config.With(model.Shape, recipe, dtype);
        AtomicFile.WriteFolder(destination, folder => overwrite || IsOurs(folder), folder =>
        {
            AtomicFile.WriteText(Path.Combine(folder, ModelConfig.FileName), config);
            foreach (var file in Copied.Select(name => Path.Combine(source.Path, name)).Where(File.Exists))
            {
                using var from = File.OpenRead(file);
                AtomicFile.Write(Path.Combine(folder, Path.GetFileName(file)), from.CopyTo);
            }

            SafetensorsWriter.Write(Path.Combine(folder, CheckpointWeights.SingleFile), [.. model.Weights.Select(weight => (weight.Name, (torch.Tensor)weight.Value))], dtype);
        }, drop: IsStale);
    }

    private static bool IsOurs(string folder)
    {
        var config = Path.Combine(folder, ModelConfig.FileName);
        return File.Exists(config) && ModelConfig.Read(config).IsOurs;
    }

    // Weights in another division would be read instead of the new ones, or beside them.
    private static bool IsStale(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) || name == CheckpointWeights.IndexFile;
}
