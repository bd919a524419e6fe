using System.Text.Json;

namespace SlimSpec;

/// <summary>Adapters on disk as the PEFT library keeps them: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
internal static class PeftFolder
{
    private const string ConfigFile = "adapter_config.json";
    private const string TensorFile = "adapter_model.safetensors";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Whether a folder is one.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, ConfigFile));

    /// <summary>Writes a folder, replacing an older adapter in it.</summary>
    public static void Write(string folder, LoraConfiguration configuration, IReadOnlyList<PeftTensor> tensors) =>
        AtomicFile.WriteFolder(folder, IsIn, place =>
        {
            var config = new Dictionary<string, object?>
            {
                ["base_model_name_or_path"] = "",
                ["bias"] = "none",
                ["fan_in_fan_out"] = tensors.Any(tensor => tensor.OnTransposed),
                ["inference_mode"] = true,
                ["init_lora_weights"] = true,
                ["lora_alpha"] = configuration.Alpha,
                ["lora_dropout"] = configuration.Dropout,
                ["modules_to_save"] = null,
                ["peft_type"] = "LORA",
                ["r"] = configuration.R,
                ["target_modules"] = configuration.TargetModules,
                ["task_type"] = "CAUSAL_LM",
            };
            AtomicFile.WriteText(Path.Combine(place, ConfigFile), JsonSerializer.Serialize(config, Indented) + "\n");
            SafetensorsWriter.Write(Path.Combine(place, TensorFile), [.. tensors.Select(tensor =>
                new StoredTensor(tensor.Name, tensor.Value.shape, tensor.Value.dtype, () => tensor.Outputs?.PackRows(tensor.Value.detach()) ?? tensor.Value))]);
        });

    /// <summary>What the adapters of a folder are made of.</summary>
    /// <exception cref="SlimException">The file is missing or malformed, or asks for something plain LoRA does not do.</exception>
    public static LoraConfiguration ReadConfig(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var config = document.RootElement;
            Refuse(path, config, "use_rslora", JsonValueKind.True);
            Refuse(path, config, "use_dora", JsonValueKind.True);
            var rank = config.GetProperty("r").GetInt32();
            return rank < 1 ? throw new FormatException($"r is {rank}") : new(
                rank,
                config.GetProperty("lora_alpha").GetDouble(),
                config.TryGetProperty("lora_dropout", out var dropout) ? dropout.GetDouble() : 0,
                [.. config.GetProperty("target_modules").EnumerateArray().Select(item => item.GetString()!)]);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException($"{path}: cannot be read ({failure.Message})", failure);
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new SlimException($"{path}: is no LoRA configuration of PEFT: r, lora_alpha and target_modules (a list of names) are needed ({failure.Message})", failure);
        }
    }

    /// <summary>Fills the adapters from a folder.</summary>
    /// <exception cref="SlimException">The file is missing or malformed, or holds other tensors than these.</exception>
    public static void ReadTensors(string folder, IEnumerable<PeftTensor> tensors)
    {
        using var file = SafetensorsFile.Open(Path.Combine(folder, TensorFile));
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            file.CopyTo(tensor.Name, tensor.Value);
            expected.Add(tensor.Name);
            if (tensor.Outputs is { } adapted)
            {
                using var stored = tensor.Value.detach().clone();
                adapted.CopyRows(stored, tensor.Value);
            }
        }

        if (file.Names.FirstOrDefault(name => !expected.Contains(name)) is { } stranger)
        {
            throw new SlimException($"{file.Path}: the model has no place for tensor '{stranger}'{NearestName.Hint(stranger, expected)}");
        }
    }

    private static void Refuse(string path, JsonElement config, string key, JsonValueKind kind)
    {
        if (config.TryGetProperty(key, out var value) && value.ValueKind == kind)
        {
            throw new SlimException($"{path}: {key}: true is not supported; plain LoRA adapters are.");
        }
    }
}

/// <summary>An adapter's matrix, and how PEFT keeps it.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Value">Its values, outputs in the model's order.</param>
/// <param name="Outputs">Of a matrix whose rows are outputs: the adapted tensor, whose order of outputs the file has.</param>
/// <param name="OnTransposed">Whether the adapted tensor is stored as <c>[in, out]</c>, what PEFT calls <c>fan_in_fan_out</c>; the adapter's own matrices are not.</param>
internal sealed record PeftTensor(string Name, torch.Tensor Value, CheckpointTensor? Outputs, bool OnTransposed);
