namespace SlimSpec;

/// <summary>Copies the adapters of a run, which are in PEFT's form already.</summary>
internal static class PeftExport
{
    private const string Adapter = "adapter";

    /// <summary>Copies the adapter of a run's folder, or several into folders beside each other.</summary>
    /// <param name="run">The run's folder.</param>
    /// <param name="path">The folder to write.</param>
    /// <returns>What a reader of it must know.</returns>
    /// <exception cref="SlimException">The run trained no adapter, or the place cannot be written.</exception>
    public static string Copy(string run, string path)
    {
        var adapters = Directory.EnumerateDirectories(run, $"{Adapter}*").Where(PeftFolder.IsIn).Order(StringComparer.Ordinal).ToList();
        if (adapters.Count == 0)
        {
            throw new SlimException($"{run}: there is no adapter: a recovery step with method: lora leaves one in the run's folder");
        }

        AtomicFile.WriteFolder(path, old => PeftFolder.IsIn(old) || PeftFolder.IsIn(Path.Combine(old, Adapter)), folder =>
        {
            foreach (var adapter in adapters)
            {
                var place = adapters.Count == 1 ? folder : Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(adapter))).FullName;
                foreach (var file in Directory.EnumerateFiles(adapter))
                {
                    using var from = File.OpenRead(file);
                    AtomicFile.Write(Path.Combine(place, Path.GetFileName(file)), from.CopyTo);
                }
            }
        });
        return "adapters go on the model that was trained: the run's folder 'pruned', or the checkpoint where nothing was cut";
    }
}
