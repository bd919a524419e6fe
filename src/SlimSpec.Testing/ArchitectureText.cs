namespace SlimSpec.Testing;

/// <summary>Sizes and costs of a model before and after cuts, in whole numbers.</summary>
internal static class ArchitectureText
{
    // As wide as "-100.0 %", whatever it is, so that a line changes by itself.
    private const int ChangeWidth = 8;

    // Keys and values are counted in the format that most published models come in.
    private static readonly ShapeTable Table = new("float16", 2, number => number);

    /// <summary>The text of some shapes of a recipe.</summary>
    public static string Of(Recipe recipe, params (string Name, ModelShape Shape)[] shapes) => SnapshotText.Text(output =>
    {
        output.WriteLine($"{recipe.Name} ({recipe.SpecFile}): {recipe.Architecture.Name}");
        output.WriteLine(string.Join(", ", recipe.Dense.SharedDimensions.Select(dimension => $"{dimension.Key} {dimension.Value}")));
        foreach (var (name, shape) in shapes)
        {
            output.WriteLine();
            Table.Write(output, name, shape, recipe.Dense);
        }

        var last = shapes[^1];
        if (!ReferenceEquals(last.Shape, recipe.Dense))
        {
            output.WriteLine();
            WriteTotals(output, recipe.Dense, last.Name, last.Shape);
        }

        output.WriteLine();
        WriteExports(output, recipe.Architecture, shapes);
    });

    private static void WriteTotals(TextWriter output, ModelShape dense, string name, ModelShape shape)
    {
        var table = new TextTable("total", ">dense", ">" + name, ">change");
        Add("parameters", each => each.Parameters);
        Add(ShapeTable.MacsHeader, each => each.MultiplyAccumulates(ShapeTable.MacsTokens));
        Add(Table.CacheHeader, Table.CacheBytes);
        table.Write(output);

        void Add(string what, Func<ModelShape, long> count) => table.Add(what, count(dense), count(shape), Numbers.Change(count(shape), count(dense)).PadLeft(ChangeWidth));
    }

    private static void WriteExports(TextWriter output, ArchitectureInfo architecture, (string Name, ModelShape Shape)[] shapes)
    {
        var table = new TextTable("export", "transformers");
        foreach (var (name, shape) in shapes)
        {
            table.Add(name, Transformers(architecture, shape));
        }

        table.Write(output);
    }

    // A class of transformers makes all layers alike, and takes hidden / heads for head_dim unless it reads that key.
    private static string Transformers(ArchitectureInfo architecture, ModelShape shape)
    {
        var uneven = shape.LayerDimensions.Where(dimension => Enumerable.Range(1, shape.LayerCount - 1).Any(layer => shape[dimension, layer] != shape[dimension, 0])).ToList();
        return uneven.Count > 0
            ? $"not {architecture.HuggingFaceClass}: needs {string.Join(", ", uneven)} of each layer from config.json"
            : shape.LayerDimensions.Contains("heads") && shape.SharedDimensions.TryGetValue("head_dim", out var size) && shape["heads", 0] * size != shape.HiddenSize
                ? $"{architecture.HuggingFaceClass}, if it reads head_dim ({size}) from config.json"
                : architecture.HuggingFaceClass;
    }
}
