namespace SlimSpec;

/// <summary>The tensors of a checkpoint: one <c>model.safetensors</c>, or shards listed by <c>model.safetensors.index.json</c>.</summary>
internal sealed class CheckpointWeights : IDisposable
{
    /// <summary>Name of the file where there is one.</summary>
    public const string SingleFile = "model.safetensors";

    /// <summary>Name of the list of shards.</summary>
    public const string IndexFile = "model.safetensors.index.json";

    private readonly Dictionary<string, SafetensorsFile> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SafetensorsFile> _tensors = new(StringComparer.Ordinal);

    private CheckpointWeights(string place) => Place = place;

    /// <summary>The file that stands for the whole, for messages.</summary>
    public string Place { get; }

    /// <summary>Names of all tensors.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Opens the weights of a folder.</summary>
    /// <exception cref="SlimException">They are missing, or a file is damaged.</exception>
    public static CheckpointWeights Open(string folder)
    {
        var single = Path.Combine(folder, SingleFile);
        var index = Path.Combine(folder, IndexFile);
        if (!File.Exists(single) && !File.Exists(index))
        {
            throw new SlimException($"{folder}: there is neither {SingleFile} nor {IndexFile}{Instead(folder)}");
        }

        var weights = new CheckpointWeights(File.Exists(single) ? single : index);
        try
        {
            if (File.Exists(single))
            {
                weights.Add(SafetensorsFile.Open(single));
            }
            else
            {
                weights.AddShards(folder, index);
            }
        }
        catch
        {
            weights.Dispose();
            throw;
        }

        return weights;
    }

    /// <summary>The file that has a tensor, or null.</summary>
    public SafetensorsFile? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files.Values)
        {
            file.Dispose();
        }
    }

    private void AddShards(string folder, string index)
    {
        using var document = JsonInput.Read(index);
        var map = new JsonPlace(index, "", document.RootElement).Object("weight_map");
        foreach (var (tensor, value) in map.Properties())
        {
            var shard = value.String();
            if (shard.Length == 0 || shard is "." or ".." || shard.AsSpan().ContainsAny('/', '\\', '\0'))
            {
                throw value.Wrong($"'{shard}' is not the name of a file in this folder");
            }

            if (!_files.ContainsKey(shard))
            {
                Add(SafetensorsFile.Open(Path.Combine(folder, shard)));
            }

            if (!_files[shard].Contains(tensor))
            {
                throw value.Wrong($"{shard} has no tensor '{tensor}'{NearestName.Hint(tensor, _files[shard].Names)}");
            }
        }
    }

    private void Add(SafetensorsFile file)
    {
        _files.Add(Path.GetFileName(file.Path), file);
        foreach (var name in file.Names)
        {
            if (!_tensors.TryAdd(name, file))
            {
                throw new SlimException($"{file.Path}: tensor '{name}' is also in {_tensors[name].Path}");
            }
        }
    }

    private static string Instead(string folder) =>
        Directory.EnumerateFiles(folder, "*.bin").Any() || Directory.EnumerateFiles(folder, "*.pt*").Any()
            ? "; pickled weights (.bin, .pt, .pth) are not read because loading them runs code: convert them to safetensors"
            : "";
}
