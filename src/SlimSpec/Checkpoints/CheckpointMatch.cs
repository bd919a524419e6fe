namespace SlimSpec;

/// <summary>
/// The tensors of a checkpoint, matched with those of a model: all names and shapes are checked before a weight is read. Then any
/// tensor may be read at any time, as long as the files are open.
/// </summary>
internal sealed class CheckpointMatch
{
    private readonly CheckpointWeights _weights;
    private readonly CausalLM _model;
    private readonly CheckpointNames _names;
    private readonly Dictionary<string, string?> _stored;
    private readonly Dictionary<string, AlibiSlopes> _slopes;

    private CheckpointMatch(CheckpointWeights weights, CausalLM model)
    {
        (_weights, _model, _names) = (weights, model, new(weights, model.Architecture));
        var wanted = model.Tensors.ToList();
        var stored = wanted.Select(tensor => _names.Find(tensor.Name)).ToList();
        _slopes = FindSlopes();
        CheckNames(wanted, [.. stored, .. _slopes.Keys]);
        foreach (var (tensor, name) in wanted.Zip(stored))
        {
            if (name is not null)
            {
                CheckShape(name, tensor.Shape);
            }
        }

        foreach (var (name, kept) in _slopes)
        {
            CheckShape(name, kept.Values.shape);
        }

        _stored = wanted.Zip(stored).ToDictionary(pair => pair.First.Name, pair => pair.Second, StringComparer.Ordinal);
    }

    /// <summary>Bytes of weights that were read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Matches them.</summary>
    /// <exception cref="SlimException">A tensor is missing, is too many, or has another shape.</exception>
    public static CheckpointMatch Of(CheckpointWeights weights, CausalLM model) => new(weights, model);

    /// <summary>Reads one of the model's tensors, converting to the model's dtype on its device.</summary>
    public void Read(CheckpointTensor tensor)
    {
        if (_stored[tensor.Name] is not { } name)
        {
            using var noGradients = torch.no_grad();
            tensor.Weight.Value.zero_();
            return;
        }

        var file = _weights.Find(name)!;
        BytesRead += file.Info(name).ByteCount;
        if (tensor.IsPlain)
        {
            file.CopyTo(name, tensor.Weight.Value);
            return;
        }

        using var stored = file.Load(name);
        tensor.Load(stored);
    }

    /// <summary>Reads the ALiBi slopes that the checkpoint holds.</summary>
    public void ReadSlopes()
    {
        foreach (var (name, kept) in _slopes)
        {
            _weights.Find(name)!.CopyTo(name, kept.Values);
        }
    }

    // Checkpoints hold slopes only where heads have been cut; others follow from the number of heads.
    private Dictionary<string, AlibiSlopes> FindSlopes()
    {
        var found = new Dictionary<string, AlibiSlopes>(StringComparer.Ordinal);
        foreach (var slopes in _model.Layers.SelectMany(layer => layer.Slopes))
        {
            if (_names.Find(slopes.Name) is { } name)
            {
                found.Add(name, slopes);
            }
        }

        return found;
    }

    private void CheckShape(string name, long[] expected)
    {
        var file = _weights.Find(name)!;
        if (!file.Info(name).Shape.SequenceEqual(expected))
        {
            throw new SlimException($"{file.Path}: tensor '{name}' has shape [{string.Join(", ", file.Info(name).Shape)}], but the model's is [{string.Join(", ", expected)}]");
        }
    }

    private void CheckNames(List<CheckpointTensor> wanted, List<string?> stored)
    {
        var surplus = _names.Surplus(stored.OfType<string>().ToHashSet(StringComparer.Ordinal));
        var missing = wanted.Where((tensor, i) => stored[i] is null && !tensor.MayBeAbsent).Select(tensor => tensor.Name).ToList();
        if (missing.Count > 0)
        {
            throw new SlimException($"{_weights.Place}: {List(missing, "is missing", "are missing")}{NearestName.Hint(missing[0], surplus)}");
        }

        surplus.RemoveAll(IsTiedHead);
        if (surplus.Count > 0)
        {
            throw new SlimException($"{_weights.Place}: {List(surplus, "is", "are")} not of this model{NearestName.Hint(surplus[0], wanted.Select(tensor => tensor.Name))}");
        }
    }

    // A tied model's head may be stored a second time, as long as it is the embedding.
    private bool IsTiedHead(string name)
    {
        var file = _weights.Find(name)!;
        var shape = file.Info(name).Shape;
        var candidates = _model.TiedHead && shape.Count == 2
            ? _model.OuterLeaves.SelectMany(leaf => leaf.Tensors).Where(tensor => tensor.Shape.SequenceEqual(shape)).Select(tensor => _names.Find(tensor.Name)!).ToList()
            : [];
        if (candidates.Count == 0)
        {
            return false;
        }

        return candidates.Exists(embedding => file.SameBytes(name, _weights.Find(embedding)!, embedding))
            ? true
            : throw new SlimException($"{file.Path}: tensor '{name}' differs from '{candidates[0]}', but the recipe's model ties them (tie_word_embeddings)");
    }

    private static string List(List<string> names, string one, string many)
    {
        const int Shown = 3;
        var listed = string.Join(", ", names.Take(Shown).Select(name => $"'{name}'"));
        return names.Count == 1 ? $"tensor {listed} {one}" : $"{names.Count} tensors ({listed}{(names.Count > Shown ? ", ..." : "")}) {many}";
    }
}
