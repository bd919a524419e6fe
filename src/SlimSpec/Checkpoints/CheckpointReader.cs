namespace SlimSpec;

/// <summary>Copies the tensors of a checkpoint into a model; see <see cref="HuggingFaceFolder.LoadInto"/>.</summary>
internal static class CheckpointReader
{
    /// <summary>Checks names and shapes, then reads.</summary>
    public static void Read(CheckpointWeights weights, CausalLM model)
    {
        var names = new CheckpointNames(weights, model.Architecture);
        var wanted = model.Tensors.ToList();
        var stored = wanted.Select(tensor => names.Find(tensor.Name)).ToList();
        var slopes = FindSlopes(names, model);
        CheckNames(weights, names, wanted, [.. stored, .. slopes.Keys], model);
        for (var i = 0; i < wanted.Count; i++)
        {
            CheckShape(weights, stored[i]!, wanted[i].Shape);
        }

        foreach (var (name, kept) in slopes)
        {
            CheckShape(weights, name, kept.Values.shape);
        }

        for (var i = 0; i < wanted.Count; i++)
        {
            Copy(weights.Find(stored[i]!)!, stored[i]!, wanted[i]);
        }

        foreach (var (name, kept) in slopes)
        {
            weights.Find(name)!.CopyTo(name, kept.Values);
        }
    }

    // Checkpoints hold slopes only where heads have been cut; others follow from the number of heads.
    private static Dictionary<string, AlibiSlopes> FindSlopes(CheckpointNames names, CausalLM model)
    {
        var found = new Dictionary<string, AlibiSlopes>(StringComparer.Ordinal);
        foreach (var slopes in model.Layers.SelectMany(layer => layer.Slopes))
        {
            if (names.Find(slopes.Name) is { } name)
            {
                found.Add(name, slopes);
            }
        }

        return found;
    }

    private static void Copy(SafetensorsFile file, string name, CheckpointTensor tensor)
    {
        if (tensor.IsPlain)
        {
            file.CopyTo(name, tensor.Weight.Value);
            return;
        }

        using var stored = file.Load(name);
        tensor.Load(stored);
    }

    private static void CheckShape(CheckpointWeights weights, string name, long[] expected)
    {
        var file = weights.Find(name)!;
        if (!file.Info(name).Shape.SequenceEqual(expected))
        {
            throw new SlimException($"{file.Path}: tensor '{name}' has shape [{string.Join(", ", file.Info(name).Shape)}], but the model's is [{string.Join(", ", expected)}]");
        }
    }

    private static void CheckNames(CheckpointWeights weights, CheckpointNames names, List<CheckpointTensor> wanted, List<string?> stored, CausalLM model)
    {
        var surplus = names.Surplus(stored.OfType<string>().ToHashSet(StringComparer.Ordinal));
        var missing = wanted.Where((_, i) => stored[i] is null).Select(tensor => tensor.Name).ToList();
        if (missing.Count > 0)
        {
            throw new SlimException($"{weights.Place}: {List(missing, "is missing", "are missing")}{NearestName.Hint(missing[0], surplus)}");
        }

        surplus.RemoveAll(name => IsTiedHead(name, weights, names, model));
        if (surplus.Count > 0)
        {
            throw new SlimException($"{weights.Place}: {List(surplus, "is", "are")} not of this model{NearestName.Hint(surplus[0], wanted.Select(tensor => tensor.Name))}");
        }
    }

    // A tied model's head may be stored a second time, as long as it is the embedding.
    private static bool IsTiedHead(string name, CheckpointWeights weights, CheckpointNames names, CausalLM model)
    {
        var file = weights.Find(name)!;
        var shape = file.Info(name).Shape;
        var candidates = model.TiedHead && shape.Count == 2
            ? model.OuterLeaves.SelectMany(leaf => leaf.Tensors).Where(tensor => tensor.Shape.SequenceEqual(shape)).Select(tensor => names.Find(tensor.Name)!).ToList()
            : [];
        if (candidates.Count == 0)
        {
            return false;
        }

        return candidates.Exists(embedding => file.SameBytes(name, weights.Find(embedding)!, embedding))
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
