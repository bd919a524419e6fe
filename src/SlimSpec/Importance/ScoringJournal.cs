namespace SlimSpec;

/// <summary>
/// How far a scoring has got, on disk, so that a run that was killed goes on where it was: the states of the samples between two layers,
/// and the scores taken so far. Each entry is a safetensors file written atomically, its numbers exact.
/// </summary>
/// <param name="folder">A folder of its own; made when first written to, and removed when the scoring is done.</param>
/// <param name="say">Told when a scoring goes on where it was left.</param>
public sealed class ScoringJournal(string folder, Action<string>? say = null)
{
    private const string KeyFile = "key.txt";

    /// <summary>Begins a scoring, or goes on with it. What another scoring left is removed.</summary>
    /// <param name="key">Everything that the scores follow from, in words.</param>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    internal void Begin(string key)
    {
        var file = Path.Combine(folder, KeyFile);
        if (File.Exists(file) && File.ReadAllText(file) == key)
        {
            say?.Invoke($"scoring: goes on where it was left, by what is in {folder}");
            return;
        }

        End();
        AtomicFile.WriteText(file, key);
    }

    /// <summary>Removes what is there: the scoring is done.</summary>
    internal void End()
    {
        if (File.Exists(Path.Combine(folder, KeyFile)))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether there is an entry.</summary>
    internal bool Has(string entry) => File.Exists(PathOf(entry));

    /// <summary>Writes an entry.</summary>
    /// <param name="entry">Its name.</param>
    /// <param name="tensors">Names and values.</param>
    internal void Write(string entry, IEnumerable<(string Name, torch.Tensor Value)> tensors) => SafetensorsWriter.Write(PathOf(entry), [.. tensors]);

    /// <summary>Writes tensors that have an order in place of names.</summary>
    internal void Write(string entry, IEnumerable<torch.Tensor> tensors) => Write(entry, tensors.Select((tensor, number) => ($"{number:000000}", tensor)));

    /// <summary>The tensors of an entry, on a device; for the caller's scope.</summary>
    internal IReadOnlyList<(string Name, torch.Tensor Value)> Read(string entry, torch.Device device)
    {
        using var file = SafetensorsFile.Open(PathOf(entry));
        return [.. file.Names.Select(name => (name, file.Load(name, device: device)))];
    }

    /// <summary>Removes an entry that is needed no more.</summary>
    internal void Drop(string entry) => File.Delete(PathOf(entry));

    private string PathOf(string entry) => Path.Combine(folder, $"{entry}.safetensors");
}
