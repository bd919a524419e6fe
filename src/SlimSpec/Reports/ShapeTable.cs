namespace SlimSpec;

/// <summary>A model's sizes and costs, layer by layer. Layers that are alike share a line.</summary>
/// <param name="format">The number format that keys and values are counted in, for example <c>float16</c>.</param>
/// <param name="bytes">Bytes an element of it.</param>
/// <param name="write">How parameters and multiply-accumulates are written.</param>
internal sealed class ShapeTable(string format, int bytes, Func<long, object> write)
{
    /// <summary>Tokens a sequence that multiply-accumulates are reported for, as in LLM-Pruner's tables.</summary>
    public const int MacsTokens = 64;

    /// <summary>What the columns of multiply-accumulates are called.</summary>
    public static string MacsHeader => $"MACs ({MacsTokens} tokens)";

    /// <summary>What the column of the cache is called.</summary>
    public string CacheHeader => $"KV bytes/token ({format})";

    /// <summary>Bytes that the key/value cache of one sequence grows by with each token.</summary>
    public long CacheBytes(ModelShape shape) => shape.CacheElementsPerToken * bytes;

    /// <summary>Writes the table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="name">The table's name, above the layers.</param>
    /// <param name="shape">The model.</param>
    /// <param name="dense">What it was cut from: a dimension of the whole model has a column where the two differ.</param>
    public void Write(TextWriter output, string name, ModelShape shape, ModelShape dense)
    {
        var cut = shape.ModelDimensions.Where(dimension => shape.SharedDimensions[dimension] != dense.SharedDimensions[dimension]).ToList();
        var table = new TextTable([name, .. shape.LayerDimensions.Concat(cut).Select(dimension => ">" + dimension), ">parameters", ">" + MacsHeader, ">" + CacheHeader]);
        for (int first = 0, next; first < shape.LayerCount; first = next)
        {
            next = first + 1;
            while (next < shape.LayerCount && shape.LayerDimensions.All(dimension => shape[dimension, next] == shape[dimension, first]))
            {
                next++;
            }

            var (parameters, macs, cached) = shape.Cost(first, MacsTokens);
            var sizes = shape.LayerDimensions.Select(dimension => shape[dimension, first]).Concat(cut.Select(dimension => shape.SharedDimensions[dimension]));
            table.Add([next == first + 1 ? $"{first}" : $"{first}-{next - 1}, each", .. sizes.Cast<object>(), write(parameters), write(macs), cached * bytes]);
        }

        table.Add(["model", .. shape.LayerDimensions.Concat(cut).Select(_ => ""), write(shape.Parameters), write(shape.MultiplyAccumulates(MacsTokens)), CacheBytes(shape)]);
        table.Write(output);
    }
}
