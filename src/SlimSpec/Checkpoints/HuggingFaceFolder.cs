namespace SlimSpec;

/// <summary>
/// A model in Hugging Face layout: <c>config.json</c>, the weights as <c>model.safetensors</c> or in shards, and the
/// tokenizer's files. Weights are opened when they are first needed.
/// </summary>
public sealed class HuggingFaceFolder : IDisposable
{
    /// <summary>Buffers of the rotary embedding that old checkpoints carry; they follow from the configuration.</summary>
    private const string RotaryBuffer = ".rotary_emb.inv_freq";

    private readonly Lazy<CheckpointWeights> _weights;

    private HuggingFaceFolder(string path, ModelConfig config)
    {
        Path = path;
        Config = config;
        _weights = new(() => CheckpointWeights.Open(path));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    internal ModelConfig Config { get; }

    /// <summary>Names of all tensors of the checkpoint.</summary>
    /// <exception cref="SlimException">The weights are missing or damaged.</exception>
    public IReadOnlyCollection<string> TensorNames => _weights.Value.Names;

    /// <summary>The dtype the weights are stored in; the widest where there are several.</summary>
    /// <exception cref="SlimException">The weights are missing or damaged.</exception>
    public torch.ScalarType StoredDtype => _weights.Value.Names.Select(name => _weights.Value.Find(name)!.Info(name).Dtype).MaxBy(dtype => SafetensorsDtype.Of(dtype).Bytes);

    /// <summary>Opens a folder and reads its <c>config.json</c>.</summary>
    /// <exception cref="SlimException">There is no such folder, or no valid <c>config.json</c> in it.</exception>
    public static HuggingFaceFolder Open(string path) =>
        Directory.Exists(path)
            ? new(path, ModelConfig.Read(System.IO.Path.Combine(path, ModelConfig.FileName)))
            : throw new SlimException($"{path}: there is no such folder");

    /// <summary>Reads the folder's tokenizer.</summary>
    /// <exception cref="SlimException">It is missing or malformed.</exception>
    public Tokenizer LoadTokenizer() => Tokenizer.Load(Path);

    /// <summary>
    /// Compares <c>config.json</c> with what a recipe was compiled for: model type, the sizes all layers share, the number
    /// of layers and the constants. The layers' own sizes may differ; see <see cref="ReadShape"/>.
    /// </summary>
    /// <exception cref="SlimException">They disagree; the message names the key and both values.</exception>
    public void Check(Recipe recipe) => Config.Check(recipe);

    /// <summary>The sizes that <c>config.json</c> gives, for the recipe's model: one number for all layers, or an array with one a layer.</summary>
    /// <exception cref="SlimException">The configuration is not one of the recipe's model.</exception>
    public ModelShape ReadShape(Recipe recipe) => Config.ReadShape(recipe);

    /// <summary>
    /// Copies the checkpoint into a model of its shape, converting to the model's dtype on its device. Everything is
    /// checked before the first weight is written.
    /// </summary>
    /// <exception cref="SlimException">A tensor is missing, is too many, or has another shape.</exception>
    public void LoadInto(CausalLM model)
    {
        var weights = _weights.Value;
        var wanted = model.Weights.ToList();
        CheckNames(weights, [.. wanted.Select(weight => weight.Name)], model);
        foreach (var weight in wanted)
        {
            var file = weights.Find(weight.Name)!;
            if (!file.Info(weight.Name).Shape.SequenceEqual(weight.Value.shape))
            {
                throw new SlimException($"{file.Path}: tensor '{weight.Name}' has shape [{string.Join(", ", file.Info(weight.Name).Shape)}], but the model's is [{string.Join(", ", weight.Value.shape)}]");
            }
        }

        foreach (var weight in wanted)
        {
            weights.Find(weight.Name)!.CopyTo(weight.Name, weight.Value);
        }
    }

    /// <summary>Writes a model as a Hugging Face folder: see <see cref="CheckpointWriter.Save"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="recipe">The recipe it was made by.</param>
    /// <param name="source">Where configuration and tokenizer come from.</param>
    /// <param name="destination">The folder to write.</param>
    /// <param name="dtype">Dtype to store, or null for the model's.</param>
    /// <param name="overwrite">Whether a folder that was not written by SlimSpec may be written into.</param>
    /// <exception cref="SlimException">The destination holds something else, or cannot be written.</exception>
    public static void Save(CausalLM model, Recipe recipe, HuggingFaceFolder source, string destination, torch.ScalarType? dtype = null, bool overwrite = false) =>
        CheckpointWriter.Save(model, recipe, source, destination, dtype ?? model.Dtype, overwrite);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_weights.IsValueCreated)
        {
            _weights.Value.Dispose();
        }
    }

    private static void CheckNames(CheckpointWeights weights, HashSet<string> wanted, CausalLM model)
    {
        var missing = wanted.Where(name => weights.Find(name) is null).ToList();
        var surplus = weights.Names.Where(name => !wanted.Contains(name) && !name.EndsWith(RotaryBuffer, StringComparison.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            throw new SlimException($"{weights.Place}: {List(missing, "is missing", "are missing")}{NearestName.Hint(missing[0], surplus)}");
        }

        surplus.RemoveAll(name => IsTiedHead(name, weights, model));
        if (surplus.Count > 0)
        {
            throw new SlimException($"{weights.Place}: {List(surplus, "is", "are")} not of this model{NearestName.Hint(surplus[0], wanted)}");
        }
    }

    // A tied model's head may be stored a second time, as long as it is the embedding.
    private static bool IsTiedHead(string name, CheckpointWeights weights, CausalLM model)
    {
        if (!model.TiedHead)
        {
            return false;
        }

        var embedding = model.OuterLeaves[0].Parts[0];
        var (file, embeddingFile) = (weights.Find(name)!, weights.Find(embedding.Name)!);
        if (!file.Info(name).Shape.SequenceEqual(embedding.Value.shape))
        {
            return false;
        }

        return file.SameBytes(name, embeddingFile, embedding.Name)
            ? true
            : throw new SlimException($"{file.Path}: tensor '{name}' differs from '{embedding.Name}', but the recipe's model ties them (tie_word_embeddings)");
    }

    private static string List(List<string> names, string one, string many)
    {
        const int Shown = 3;
        var listed = string.Join(", ", names.Take(Shown).Select(name => $"'{name}'"));
        return names.Count == 1 ? $"tensor {listed} {one}" : $"{names.Count} tensors ({listed}{(names.Count > Shown ? ", ..." : "")}) {many}";
    }
}
