namespace SlimSpec;

/// <summary>Writes slim models in forms that other runtimes load.</summary>
public static class ModelExport
{
    /// <summary>Writes a model as a file or folder: it is there whole or not at all.</summary>
    /// <param name="model">The model, in memory or streamed.</param>
    /// <param name="recipe">The recipe it was made by.</param>
    /// <param name="source">Where configuration and tokenizer come from.</param>
    /// <param name="target">The form and its number format; without one the checkpoint's.</param>
    /// <param name="path">The file or folder.</param>
    /// <returns>What was written; its path is <paramref name="path"/>.</returns>
    /// <exception cref="SlimException">The form cannot say the model, or the place cannot be written.</exception>
    public static ExportRecord Write(CausalLM model, Recipe recipe, HuggingFaceFolder source, ExportTarget target, string path)
    {
        var dtype = target.Dtype ?? DtypeOf(source.StoredDtype);
        var note = target.Format switch
        {
            ExportFormat.Gguf => GgufExport.Save(model, recipe, source.FindTokenizer(), path, dtype),
            _ => throw new SlimException($"there is no export '{SpecWords.Of(target.Format)}' yet"),
        };
        return new(target.Format, dtype, path, BytesOf(path), note);
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
