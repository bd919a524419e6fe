namespace SlimSpec;

/// <summary>
/// How far a scoring has got, on disk, so that a run that was killed goes on where it was: the states of the samples between two layers,
/// and the scores taken so far. Each entry is a safetensors file written atomically, its numbers exact.
/// </summary>
internal sealed class ScoringJournal
{
    private const string KeyFile = "key.txt";

    private readonly string _folder;

    private ScoringJournal(string folder) => _folder = folder;

    /// <summary>Opens the journal of a scoring. One of another scoring in the same place is removed.</summary>
    /// <param name="folder">Its folder, of its own; made if need be.</param>
    /// <param name="key">Everything that the scores follow from, in words.</param>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    public static ScoringJournal Open(string folder, string key)
    {
        var file = Path.Combine(folder, KeyFile);
        if (!File.Exists(file) || File.ReadAllText(file) != key)
        {
            Remove(folder);
            AtomicFile.WriteText(file, key);
        }

        return new(folder);
    }

    /// <summary>Removes a journal, if there is one.</summary>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether there is an entry.</summary>
    public bool Has(string entry) => File.Exists(PathOf(entry));

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">Its name.</param>
    /// <param name="tensors">Names and values.</param>
    public void Write(string entry, IEnumerable<(string Name, torch.Tensor Value)> tensors) => SafetensorsWriter.Write(PathOf(entry), [.. tensors]);

    /// <summary>Writes tensors that have an order in place of names.</summary>
    public void Write(string entry, IEnumerable<torch.Tensor> tensors) => Write(entry, tensors.Select((tensor, number) => ($"{number:000000}", tensor)));

    /// <summary>The tensors of an entry, on a device; for the caller's scope.</summary>
    public IReadOnlyList<(string Name, torch.Tensor Value)> Read(string entry, torch.Device device)
    {
        using var file = SafetensorsFile.Open(PathOf(entry));
        return [.. file.Names.Select(name => (name, file.Load(name, device: device)))];
    }

    /// <summary>Removes an entry that is needed no more.</summary>
    public void Drop(string entry) => File.Delete(PathOf(entry));

    private string PathOf(string entry) => Path.Combine(_folder, $"{entry}.safetensors");
}
