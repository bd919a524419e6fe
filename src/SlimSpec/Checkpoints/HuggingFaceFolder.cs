namespace SlimSpec;

/// <summary>
/// A model in Hugging Face layout: <c>config.json</c>, the weights as <c>model.safetensors</c> or in shards, and the
/// tokenizer's files. Weights are opened when they are first needed.
/// </summary>
public sealed class HuggingFaceFolder : IDisposable
{
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

    /// <summary>The dtype the weights are stored in; the widest of its matrices where there are several (norms and buffers are often kept wider).</summary>
    /// <exception cref="SlimException">The weights are missing or damaged.</exception>
    public torch.ScalarType StoredDtype
    {
        get
        {
            var tensors = _weights.Value.Names.Where(name => name != ClassifierKeys.Weight).Select(name => _weights.Value.Find(name)!.Info(name)).ToLookup(info => info.Shape.Count == 2);
            return (tensors.Contains(true) ? tensors[true] : tensors[false]).Select(info => info.Dtype).MaxBy(dtype => SafetensorsDtype.Of(dtype).Bytes);
        }
    }

    /// <summary>Opens a folder and reads its <c>config.json</c>.</summary>
    /// <exception cref="SlimException">There is no such folder, or no valid <c>config.json</c> in it.</exception>
    public static HuggingFaceFolder Open(string path) =>
        Directory.Exists(path)
            ? new(path, ModelConfig.Read(System.IO.Path.Combine(path, ModelConfig.FileName)))
            : throw new SlimException($"{path}: there is no such folder");

    /// <summary>Reads the folder's tokenizer.</summary>
    /// <exception cref="SlimException">It is missing or malformed.</exception>
    public Tokenizer LoadTokenizer() => Tokenizer.Load(Path);

    /// <summary>Reads the folder's tokenizer; null where it has none.</summary>
    /// <exception cref="SlimException">It is malformed.</exception>
    public Tokenizer? FindTokenizer() => Tokenizer.IsIn(Path) ? LoadTokenizer() : null;

    /// <summary>
    /// Compares <c>config.json</c> with what a recipe was compiled for: model type, the sizes all layers share, the number
    /// of layers (which may be smaller in a folder that SlimSpec wrote) and the constants. The layers' own sizes may differ; see
    /// <see cref="ReadShape"/>.
    /// </summary>
    /// <exception cref="SlimException">They disagree; the message names the key and both values.</exception>
    public void Check(Recipe recipe) => Config.Check(recipe);

    /// <summary>The sizes that <c>config.json</c> gives, for the recipe's model: one number for all layers, or an array with one a layer.</summary>
    /// <exception cref="SlimException">The configuration is not one of the recipe's model.</exception>
    public ModelShape ReadShape(Recipe recipe) => Config.ReadShape(recipe);

    /// <summary>
    /// Copies the checkpoint into a model of its shape, converting to the model's dtype on its device. Everything is
    /// checked before the first weight is written; then one tensor is read at a time.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <exception cref="SlimException">A tensor is missing, is too many, or has another shape.</exception>
    public void LoadInto(CausalLM model)
    {
        var match = CheckpointMatch.Of(_weights.Value, model);
        match.ReadSlopes();
        foreach (var tensor in model.Tensors)
        {
            match.Read(tensor);
        }
    }

    /// <summary>Reads the classifier that the folder has beside the language model: <c>score.weight</c> and <c>id2label</c>.</summary>
    /// <param name="model">The model in front of it.</param>
    /// <returns>The classifier, which the caller disposes of; null: the folder has none.</returns>
    /// <exception cref="SlimException">It does not fit the model or its classes, or no recovery step of the model's recipe trains a classifier.</exception>
    public ClassificationHead? LoadHead(CausalLM model)
    {
        if (_weights.Value.Find(ClassifierKeys.Weight) is not { } file)
        {
            return null;
        }

        var (rows, width) = (file.Info(ClassifierKeys.Weight).Shape[0], ClassificationHead.WidthFor(model));
        var classes = Config.Classes ?? [.. Enumerable.Range(0, (int)rows).Select(number => $"LABEL_{number}")];
        using var scope = torch.NewDisposeScope();
        var weight = torch.empty([classes.Count, width], dtype: WeightRoles.DtypeBeside(model.Dtype), device: model.Device);
        file.CopyTo(ClassifierKeys.Weight, weight);
        return new(weight, classes);
    }

    /// <summary>
    /// Makes a model whose weights are read from the checkpoint each time they are needed (<see cref="CausalLM.Use"/>) and freed behind
    /// that: for models larger than memory. It has files of its own open, until it is disposed of.
    /// </summary>
    /// <param name="recipe">The recipe of the model.</param>
    /// <param name="dtype">What the weights are converted to.</param>
    /// <param name="device">Where they are needed.</param>
    /// <exception cref="SlimException">The configuration is not one of the recipe's model; or a tensor is missing, is too many, or has another shape.</exception>
    public CausalLM OpenStream(Recipe recipe, torch.ScalarType dtype, torch.Device device)
    {
        var model = recipe.CreateUnloaded(ReadShape(recipe), dtype, device);
        try
        {
            var stream = new CheckpointStream(CheckpointWeights.Open(Path));
            model.Stream = stream;
            stream.Match(model);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Writes a model as a Hugging Face folder: see <see cref="CheckpointWriter.Save"/>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="recipe">The recipe it was made by.</param>
    /// <param name="source">Where configuration and tokenizer come from.</param>
    /// <param name="destination">The folder to write.</param>
    /// <param name="dtype">Dtype to store, or null for the model's.</param>
    /// <param name="overwrite">Whether a folder that was not written by SlimSpec may be written into.</param>
    /// <param name="shardBytes">Most bytes of weights in one file; a larger model is divided among several, with an index.</param>
    /// <param name="layers">Which of the source's layers the model's are, ascending (<see cref="PruningPlan.KeptLayers"/>); null: all of them.</param>
    /// <param name="head">The classifier that was trained with the model, if any.</param>
    /// <exception cref="SlimException">The destination holds something else, or cannot be written.</exception>
    /// <exception cref="ArgumentNullException">The model has fewer layers than the source, and <paramref name="layers"/> does not say which.</exception>
    public static void Save(
        CausalLM model,
        Recipe recipe,
        HuggingFaceFolder source,
        string destination,
        torch.ScalarType? dtype = null,
        bool overwrite = false,
        long shardBytes = CheckpointWriter.ShardBytes,
        IReadOnlyList<int>? layers = null,
        ClassificationHead? head = null) =>
        CheckpointWriter.Save(model, recipe, source, destination, dtype ?? model.Dtype, overwrite, shardBytes, layers, head);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_weights.IsValueCreated)
        {
            _weights.Value.Dispose();
        }
    }
}
