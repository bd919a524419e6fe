using System.Text.Json;
using System.Text.Json.Nodes;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>What a recipe is, on one sheet: sizes layer by layer, before and after its cuts, and every setting.</summary>
internal sealed class RecipeSheet(Job job, CacheFormat cache)
{
    private readonly List<(string Name, ModelShape Shape)> _shapes = Shapes(job);

    /// <summary>The sheet as JSON.</summary>
    public JsonObject AsJson()
    {
        var result = new JsonObject
        {
            ["name"] = job.Recipe.Name,
            ["spec"] = UserPath.Show(job.SpecPath),
            ["architecture"] = job.Recipe.Architecture.Name,
            ["hash"] = job.Recipe.Hash,
            ["macs_tokens"] = Stages.MacsTokens,
            ["kv_dtype"] = cache.Name,
        };
        foreach (var (name, shape) in _shapes)
        {
            result[name] = AsJson(shape);
        }

        result["exports"] = JsonSerializer.SerializeToNode(Exports, RunFolder.Json);
        result["settings"] = JsonSerializer.SerializeToNode(job.Settings, RunFolder.Json);
        return result;
    }

    private JsonObject AsJson(ModelShape shape)
    {
        var result = new JsonObject
        {
            ["parameters"] = shape.Parameters,
            ["macs"] = shape.MultiplyAccumulates(Stages.MacsTokens),
            ["kv_bytes_per_token"] = shape.CacheElementsPerToken * cache.Bytes,
            ["cache_elements_per_token"] = shape.CacheElementsPerToken,
        };
        foreach (var (dimension, size) in shape.SharedDimensions)
        {
            result[dimension] = size;
        }

        result["layers"] = new JsonArray([.. Enumerable.Range(0, shape.LayerCount).Select(layer => Layer(shape, layer))]);
        return result;
    }

    private static JsonObject Layer(ModelShape shape, int layer)
    {
        var (parameters, macs, cached) = shape.Cost(layer, Stages.MacsTokens);
        var result = new JsonObject();
        foreach (var dimension in shape.LayerDimensions)
        {
            result[dimension] = shape[dimension, layer];
        }

        result["parameters"] = parameters;
        result["macs"] = macs;
        result["cache_elements_per_token"] = cached;
        return result;
    }

    /// <summary>Writes the sheet for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{job.Recipe.Name} ({UserPath.Show(job.SpecPath)}): {job.Recipe.Architecture.Name}");
        output.WriteLine(string.Join(", ", _shapes[0].Shape.SharedDimensions.Select(dimension => $"{dimension.Key} {dimension.Value}")));
        foreach (var (name, shape) in _shapes)
        {
            output.WriteLine();
            Write(output, name, shape);
        }

        output.WriteLine();
        WriteExports(output);
        output.WriteLine();
        foreach (var line in SettingLines.Of(job.Settings))
        {
            output.WriteLine(line);
        }
    }

    // Which forms the slim model can be written in.
    private IEnumerable<ExportVerdict> Exports => new ExportReach(job.Check()).All;

    private void WriteExports(TextWriter output)
    {
        var table = new TextTable("export", "reached", "how, or why not", "what would help");
        foreach (var verdict in Exports)
        {
            table.Add(verdict.Format, verdict.State switch { ExportState.Reached => "yes", ExportState.Partly => "in part", ExportState.Unknown => "scores tell", _ => "no" }, verdict.Text, verdict.Remedy ?? "");
        }

        table.Write(output);
    }

    private void Write(TextWriter output, string name, ModelShape shape)
    {
        var dense = _shapes[0].Shape;
        new ShapeTable(cache.Name, cache.Bytes, Numbers.Scaled).Write(output, name, shape, dense);
        if (shape != dense)
        {
            output.WriteLine($"{Numbers.Change(shape.Parameters, dense.Parameters)} parameters, {Numbers.Change(shape.MultiplyAccumulates(Stages.MacsTokens), dense.MultiplyAccumulates(Stages.MacsTokens))} MACs");
        }
    }

    private static List<(string Name, ModelShape Shape)> Shapes(Job job)
    {
        var shapes = new List<(string Name, ModelShape Shape)> { ("dense", job.Recipe.Dense) };
        if (job.Recipe.Pruned is { } pruned)
        {
            shapes.Add(("pruned", pruned));
        }

        if (job.HasCheckpointOption)
        {
            using var folder = HuggingFaceFolder.Open(job.CheckpointFolder);
            shapes.Add(("checkpoint", folder.ReadShape(job.Recipe)));
        }

        return shapes;
    }
}
