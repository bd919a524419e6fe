using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>Writes models as GGUF files for llama.cpp.</summary>
internal static class GgufExport
{
    /// <summary>Writes a file; one tensor is in memory at a time where the model is streamed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="recipe">Its recipe.</param>
    /// <param name="tokenizer">Its tokenizer; null: without.</param>
    /// <param name="path">The file.</param>
    /// <param name="dtype">Number format of matrices.</param>
    /// <returns>What a reader of the file must know; null: nothing.</returns>
    /// <exception cref="SlimException">llama.cpp cannot say the model, or the place cannot be written.</exception>
    public static string? Save(CausalLM model, Recipe recipe, Tokenizer? tokenizer, string path, ExportDtype dtype)
    {
        var layout = LayoutOf(recipe);
        var graph = GraphFor(layout, recipe, model.Shape, out var isUneven);
        var metadata = new GgufMetadata();
        metadata.Add("general.architecture", graph.Name);
        metadata.Add("general.name", recipe.Name);
        metadata.Add("general.file_type", FileType(dtype));
        if (dtype == ExportDtype.Q8_0)
        {
            metadata.Add("general.quantization_version", 2);
        }

        AddSizes(metadata, layout, graph, model.Shape, isUneven);
        var note = GgufTokenizer.Write(metadata, tokenizer, model.Shape.VocabularySize);
        using var weights = new WeightCursor(model);
        var tensors = new GgufTensors(model, layout, graph, dtype).All(weights);
        GgufWriter.Write(path, metadata, tensors);
        var wider = tensors.Count(tensor => dtype == ExportDtype.Q8_0 && tensor.Type == GgufType.F16);
        var notes = new[] { note, wider == 0 ? null : $"{wider} matrices are f16, because their rows are no multiple of {GgufValues.BlockSize}: round_to: {GgufValues.BlockSize} would make them q8_0" };
        return notes.OfType<string>().ToList() is { Count: > 0 } all ? string.Join("; ", all) : null;
    }

    /// <summary>The graph of llama.cpp that takes a model of some sizes.</summary>
    /// <exception cref="SlimException">There is none.</exception>
    private static GgufGraph GraphFor(GgufLayout layout, Recipe recipe, ModelShape shape, out bool isUneven)
    {
        var reach = new GgufReach(layout.Uniform.Name, layout.Uneven?.Name, layout.Uneven?.MayBeZero.ToList() ?? [], [.. layout.Sizes.Select(entry => entry.Value)], [.. layout.Derived]);
        return reach.Find(ExportShape.Of(shape), out isUneven) is { } problem
            ? throw new SlimException($"{recipe.Name} cannot be written as GGUF: {problem.Sentences}")
            : isUneven ? layout.Uneven! : layout.Uniform;
    }

    private static GgufLayout LayoutOf(Recipe recipe) =>
        recipe.Architecture.Gguf is not { } layout ? throw new SlimException($"{recipe.Name} cannot be written as GGUF: the architecture {recipe.Architecture.Name} has no section 'gguf', which says what llama.cpp calls its tensors")
        : layout.Refusal is { } refusal ? throw new SlimException($"{recipe.Name} cannot be written as GGUF: {refusal}")
        : layout;

    private static void AddSizes(GgufMetadata metadata, GgufLayout layout, GgufGraph graph, ModelShape shape, bool isUneven)
    {
        foreach (var (key, dimension) in layout.Sizes)
        {
            var sizes = ExportShape.Of(shape).Of(dimension);
            if (isUneven && shape.LayerDimensions.Contains(dimension))
            {
                metadata.Add($"{graph.Name}.{key}", [.. sizes]);
            }
            else
            {
                metadata.Add($"{graph.Name}.{key}", sizes[0]);
            }
        }

        foreach (var (key, number) in layout.Numbers)
        {
            metadata.Add($"{graph.Name}.{key}", (float)number);
        }

        if (layout.Rotation?.Scaling?.LinearFactor is { } factor)
        {
            metadata.Add($"{graph.Name}.rope.scaling.type", "linear");
            metadata.Add($"{graph.Name}.rope.scaling.factor", (float)factor);
        }
    }

    // llama.cpp's numbers of what most tensors of a file are.
    private static long FileType(ExportDtype dtype) => dtype switch
    {
        ExportDtype.F32 => 0,
        ExportDtype.F16 => 1,
        ExportDtype.Bf16 => 32,
        _ => 7,
    };
}
