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
        if (!overwrite)
        {
            RefuseForeign(destination);
        }

        var config = source.Config.With(model.Shape, recipe, dtype);
        AtomicFile.WriteFolder(destination, IsStale, folder =>
        {
            AtomicFile.WriteText(Path.Combine(folder, ModelConfig.FileName), config);
            foreach (var file in Copied.Select(name => Path.Combine(source.Path, name)).Where(File.Exists))
            {
                using var from = File.OpenRead(file);
                AtomicFile.Write(Path.Combine(folder, Path.GetFileName(file)), from.CopyTo);
            }

            SafetensorsWriter.Write(Path.Combine(folder, CheckpointWeights.SingleFile), [.. model.Weights.Select(weight => (weight.Name, (torch.Tensor)weight.Value))], dtype);
        });
    }

    private static void RefuseForeign(string destination)
    {
        if (File.Exists(destination))
        {
            throw new SlimException($"{destination}: is a file; a checkpoint is a folder");
        }

        if (!Directory.Exists(destination) || !Directory.EnumerateFileSystemEntries(destination).Any())
        {
            return;
        }

        var config = Path.Combine(destination, ModelConfig.FileName);
        if (!File.Exists(config) || !ModelConfig.Read(config).IsOurs)
        {
            throw new SlimException($"{destination}: is not empty and holds no checkpoint that SlimSpec wrote; choose another place or empty it");
        }
    }

    // Weights in another division would be read instead of the new ones, or beside them.
    private static bool IsStale(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal) || name == CheckpointWeights.IndexFile;
}
