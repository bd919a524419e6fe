namespace SlimSpec;

/// <summary>Writes slim models in forms that other runtimes load.</summary>
public static class ModelExport
{
    /// <summary>Writes the model of a folder as a file or folder: it is there whole or not at all. Weights are read as they are needed.</summary>
    /// <param name="folder">The model; of <see cref="ExportFormat.Peft"/> the run's folder.</param>
    /// <param name="recipe">The recipe it was made by.</param>
    /// <param name="target">The form and its number format; without one the folder's.</param>
    /// <param name="path">The file or folder to write.</param>
    /// <returns>What was written; its path is <paramref name="path"/>.</returns>
    /// <exception cref="SlimException">The form cannot say the model, or the place cannot be written.</exception>
    public static ExportRecord Write(HuggingFaceFolder folder, Recipe recipe, ExportTarget target, string path)
    {
        var dtype = target.Dtype ?? DtypeOf(folder.StoredDtype);
        var note = target.Format == ExportFormat.Peft ? CopyAdapters(folder, target, path) : WriteModel(folder, recipe, target.Format, dtype, path);
        return new(target.Format, dtype, path, BytesOf(path), note);
    }

    private static string CopyAdapters(HuggingFaceFolder folder, ExportTarget target, string path) => target.Dtype is null
        ? PeftExport.Copy(folder.Path, path)
        : throw new SlimException("adapters are copied as they were trained: peft takes no number format");

    private static string? WriteModel(HuggingFaceFolder folder, Recipe recipe, ExportFormat format, ExportDtype dtype, string path)
    {
        using var model = folder.OpenStream(recipe, torch.ScalarType.Float32, torch.CPU);
        return format switch
        {
            ExportFormat.Gguf => GgufExport.Save(model, recipe, folder.FindTokenizer(), path, dtype),
            ExportFormat.NemotronNas => new HuggingFaceExport(model, recipe, folder, dtype).SaveNemotronNas(path),
            _ => new HuggingFaceExport(model, recipe, folder, dtype).Save(path),
        };
    }

    /// <summary>The number format that weights of a dtype are exported in where nothing else is asked for.</summary>
    public static ExportDtype DtypeOf(torch.ScalarType dtype) => dtype switch
    {
        torch.ScalarType.Float16 => ExportDtype.F16,
        torch.ScalarType.BFloat16 => ExportDtype.Bf16,
        _ => ExportDtype.F32,
    };

    private static long BytesOf(string path) => File.Exists(path)
        ? new FileInfo(path).Length
        : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
}
