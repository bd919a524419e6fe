using System.Text.Json.Nodes;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>Makes what training starts from: random weights, a configuration and a tokenizer.</summary>
internal static class NewModel
{
    private const string TokenizerFile = "tokenizer.json";
    private static readonly string[] TokenizerFiles = [TokenizerFile, "tokenizer_config.json", "special_tokens_map.json"];

    /// <summary>Makes the model with its folder of configuration and tokenizer, which is temporary.</summary>
    /// <param name="job">The job.</param>
    /// <param name="settings">Seed and text of the training.</param>
    /// <param name="tokenizer">Where the tokenizer is; null for the checkpoint's, or a new one where that has none.</param>
    public static LoadedModel Create(Job job, TrainingSettings settings, string? tokenizer)
    {
        var folder = Directory.CreateTempSubdirectory("slimspec-");
        try
        {
            var config = Configuration(job);
            AtomicFile.WriteText(Path.Combine(folder.FullName, ModelConfig.FileName), config.ToJsonString());
            PutTokenizer(job, settings, tokenizer, folder.FullName);
            var model = job.Recipe.CreateModel(job.Recipe.Dense, job.Dtype, job.Device);
            WeightInitializer.Fill(model, job.Recipe, settings.Seed);
            return LoadedModel.Of(HuggingFaceFolder.Open(folder.FullName), model, StoredDtype(config) ?? job.Dtype, temporary: true);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    // The spec's config.json, or one made of the sizes that the spec writes itself.
    private static JsonObject Configuration(Job job)
    {
        if (job.ConfigPath is { } path)
        {
            return JsonNode.Parse(JsonInput.ReadText(path))!.AsObject();
        }

        var architecture = job.Recipe.Architecture;
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture.HuggingFaceClass),
            ["model_type"] = architecture.ModelTypes[0],
            ["bos_token_id"] = 1,
            ["eos_token_id"] = 2,
        };
        ModelConfig.AddConstants(config, architecture);
        return config;
    }

    private static void PutTokenizer(Job job, TrainingSettings settings, string? given, string folder)
    {
        if ((given ?? job.SpecCheckpoint) is { } from && (given is not null || File.Exists(Path.Combine(from, TokenizerFile))))
        {
            from = File.Exists(from) ? Path.GetDirectoryName(Path.GetFullPath(from))! : from;
            _ = Tokenizer.Load(from);
            foreach (var file in TokenizerFiles.Select(name => Path.Combine(from, name)).Where(File.Exists))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }

            return;
        }

        var dataset = job.Find(settings.Dataset);
        var size = job.Recipe.Dense.VocabularySize;
        job.Say($"training a tokenizer of {size} pieces on {UserPath.Show(dataset.Path)}");
        TokenizerWriter.Write(BpeTrainer.Train(TokenDatasetFile.ReadText(dataset, new()), size), folder);
    }

    // What config.json says of the weights, where it says so.
    private static torch.ScalarType? StoredDtype(JsonObject config) =>
        (config["dtype"] ?? config["torch_dtype"])?.GetValue<string>() switch
        {
            "float16" => torch.ScalarType.Float16,
            "bfloat16" => torch.ScalarType.BFloat16,
            "float32" => torch.ScalarType.Float32,
            "float64" => torch.ScalarType.Float64,
            _ => null,
        };
}
