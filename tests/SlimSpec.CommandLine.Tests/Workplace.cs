using System.Text.Json.Nodes;

namespace SlimSpec.CommandLine.Tests;

/// <summary>
/// A temporary folder with a spec outside every project, a text and, once trained, a tiny model: what a user has.
/// Compiled recipes are cached below it, so that tests see no cache but their own.
/// </summary>
public sealed class Workplace : IDisposable
{
    private const string Sizes = "hidden_size: 16, num_hidden_layers: 3, num_attention_heads: 4, num_key_value_heads: 2, intermediate_size: 24, vocab_size: 300, max_position_embeddings: 64";

    public Workplace()
    {
        Folder = Directory.CreateTempSubdirectory("slim-tests-").FullName;
        Environment.SetEnvironmentVariable("SLIM_CACHE", Path.Combine(Folder, "cache"));
        Text = Write("text.txt", string.Concat(Enumerable.Range(0, 400).Select(i => $"Ann has {i % 7} {(i % 3 == 0 ? "red" : "blue")} balls and Ben has {i % 5}.\n")));
        Spec = Write("tiny.slim.yaml", SpecWith($"architecture: llama, checkpoint: model, {Sizes}"));
    }

    public string Folder { get; }

    public string Text { get; }

    /// <summary>A spec that writes its sizes itself, with everything a command may ask for.</summary>
    public string Spec { get; }

    /// <summary>Folder of a model trained for two steps by <see cref="Spec"/>.</summary>
    public string Model
    {
        get
        {
            var folder = Path.Combine(Folder, "model");
            if (!Directory.Exists(folder))
            {
                Slim.Json("train", Spec, "--output", folder);
            }

            return folder;
        }
    }

    public int CachedRecipes => Directory.Exists(Path.Combine(Folder, "cache")) ? Directory.GetFiles(Path.Combine(Folder, "cache"), "*.dll").Length : 0;

    public static string SpecWith(string model) => $$"""
        spec: 1
        model: { {{model}} }
        calibration: { dataset: text.txt, num_samples: 4, max_seq_length: 16 }
        prune:
          - cut: width
            targets: [mlp, attention]
            sparsity: 0.5
            protect: { first: 1, last: 0 }
        recover:
          - { method: lora, lora_r: 2, dataset: text.txt, split: ":80%", max_seq_length: 32, max_steps: 2, micro_batch_size: 2 }
        evaluate: { dataset: text.txt, split: "80%:", window: 32 }
        train: { dataset: text.txt, split: ":80%", max_seq_length: 32, max_steps: 2, learning_rate: 0.01 }
        """;

    public string At(string name) => Path.Combine(Folder, name);

    public string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    public JsonNode ReadJson(string name) => JsonNode.Parse(File.ReadAllText(At(name)))!;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("SLIM_CACHE", null);
        Directory.Delete(Folder, recursive: true);
    }
}
