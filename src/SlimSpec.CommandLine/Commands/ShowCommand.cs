using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SlimSpec.CommandLine;

/// <summary><c>slim show</c>: what a recipe is: sizes layer by layer, before and after its cuts, and every setting.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var command = new Command("show", "A recipe's model layer by layer, before and after its cuts, and all its settings")
        {
            options.Spec, options.Checkpoint, options.Data, options.Seed, options.Set, options.Json,
        };
        command.SetAction(parsed =>
        {
            var job = Job.From(parsed, options);
            var recipe = job.Recipe;
            var shapes = new List<(string Name, ModelShape Shape)> { ("dense", recipe.Dense) };
            if (recipe.Pruned is { } pruned)
            {
                shapes.Add(("pruned", pruned));
            }

            if (parsed.GetValue(options.Checkpoint) is not null)
            {
                using var folder = HuggingFaceFolder.Open(job.CheckpointFolder);
                shapes.Add(("checkpoint", folder.ReadShape(recipe)));
            }

            return job.Print(AsJson(job, shapes), output => Write(output, job, shapes));
        });
        return command;
    }

    private static JsonObject AsJson(Job job, List<(string Name, ModelShape Shape)> shapes)
    {
        var result = new JsonObject
        {
            ["name"] = job.Recipe.Name,
            ["spec"] = UserPath.Show(job.SpecPath),
            ["architecture"] = job.Recipe.Architecture.Name,
            ["hash"] = job.Recipe.Hash,
            ["macs_tokens"] = Stages.MacsTokens,
        };
        foreach (var (name, shape) in shapes)
        {
            result[name] = AsJson(shape);
        }

        result["settings"] = JsonSerializer.SerializeToNode(job.Settings, RunFolder.Json);
        return result;
    }

    private static JsonObject AsJson(ModelShape shape)
    {
        var result = new JsonObject
        {
            ["parameters"] = shape.Parameters,
            ["macs"] = shape.MultiplyAccumulates(Stages.MacsTokens),
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
        var (parameters, macs, cache) = shape.Cost(layer, Stages.MacsTokens);
        var result = new JsonObject();
        foreach (var dimension in shape.LayerDimensions)
        {
            result[dimension] = shape[dimension, layer];
        }

        result["parameters"] = parameters;
        result["macs"] = macs;
        result["cache_elements_per_token"] = cache;
        return result;
    }

    private static void Write(TextWriter output, Job job, List<(string Name, ModelShape Shape)> shapes)
    {
        output.WriteLine($"{job.Recipe.Name} ({UserPath.Show(job.SpecPath)}): {job.Recipe.Architecture.Name}");
        output.WriteLine(string.Join(", ", shapes[0].Shape.SharedDimensions.Select(dimension => $"{dimension.Key} {dimension.Value}")));
        foreach (var (name, shape) in shapes)
        {
            output.WriteLine();
            Write(output, name, shape, shapes[0].Shape, job.Dtype);
        }

        output.WriteLine();
        foreach (var line in SettingLines.Of(job.Settings))
        {
            output.WriteLine(line);
        }
    }

    // Layers that are alike share a line.
    private static void Write(TextWriter output, string name, ModelShape shape, ModelShape dense, torch.ScalarType dtype)
    {
        var bytes = dtype.ElementSize();
        var table = new TextTable([name, .. shape.LayerDimensions.Select(dimension => ">" + dimension), ">parameters", $">MACs ({Stages.MacsTokens} tokens)", ">KV bytes/token"]);
        for (int first = 0, next; first < shape.LayerCount; first = next)
        {
            next = first + 1;
            while (next < shape.LayerCount && shape.LayerDimensions.All(dimension => shape[dimension, next] == shape[dimension, first]))
            {
                next++;
            }

            var (parameters, macs, cache) = shape.Cost(first, Stages.MacsTokens);
            var layers = next == first + 1 ? $"{first}" : $"{first}-{next - 1}, each";
            table.Add([layers, .. shape.LayerDimensions.Select(dimension => (object)shape[dimension, first]), Numbers.Scaled(parameters), Numbers.Scaled(macs), cache * bytes]);
        }

        table.Add(["model", .. shape.LayerDimensions.Select(_ => ""), Numbers.Scaled(shape.Parameters), Numbers.Scaled(shape.MultiplyAccumulates(Stages.MacsTokens)), shape.CacheElementsPerToken * bytes]);
        table.Write(output);
        if (shape != dense)
        {
            output.WriteLine($"{Numbers.Change(shape.Parameters, dense.Parameters)} parameters, {Numbers.Change(shape.MultiplyAccumulates(Stages.MacsTokens), dense.MultiplyAccumulates(Stages.MacsTokens))} MACs");
        }
    }
}
