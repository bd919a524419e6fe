using System.CommandLine;
using System.Text.Json;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>
/// <c>slim show</c>: what a recipe is: sizes layer by layer, before and after its cuts, and every setting; or what an
/// architecture is: its graph. Either's graph can be drawn.
/// </summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var options = new CommonOptions();
        var dtype = new Option<string?>("--dtype") { HelpName = CacheFormat.Names, Description = "Number format of the KV cache [the checkpoint's, else float16]" };
        var svg = new Option<string?>("--svg") { HelpName = "FILE", Description = "Draw the layer graph, its coupled structures coloured" };
        options.Spec.Description += "; or name or .arch.yaml of an architecture";
        var command = new Command("show", "A recipe's model layer by layer, before and after its cuts, and all its settings; or an architecture's graph")
        {
            options.Spec, options.Checkpoint, options.Data, options.Seed, options.Set, dtype, svg, options.Json,
        };
        command.SetAction(parsed =>
        {
            var spec = parsed.GetValue(options.Spec)!;
            var drawing = parsed.GetValue(svg);
            if (FindArchitecture(spec) is { } architecture)
            {
                var given = command.Options.FirstOrDefault(option => option != svg && option != options.Json && parsed.GetResult(option) is { Implicit: false });
                return given is null
                    ? ShowArchitecture(parsed, architecture, drawing, parsed.GetValue(options.Json))
                    : throw new SlimException($"{given.Name} is for recipes, and '{spec}' is an architecture");
            }

            var job = Job.From(parsed, options);
            var sheet = new RecipeSheet(job, CacheFormat.Of(parsed.GetValue(dtype), job.ModelConfigPath));
            Draw(parsed, drawing, () => GraphReader.Of(job.Check()));
            return job.Print(sheet.AsJson(), sheet.Write);
        });
        return command;
    }

    // A recipe goes before an architecture of the same name.
    private static ArchitectureModel? FindArchitecture(string spec)
    {
        if (spec.EndsWith(SpecCompiler.ArchitectureSuffix, StringComparison.OrdinalIgnoreCase) || !RecipeLoader.Knows(spec))
        {
            var looksLikePath = spec.EndsWith(SpecCompiler.RecipeSuffix, StringComparison.OrdinalIgnoreCase) || spec.Contains(Path.DirectorySeparatorChar);
            return ArchitectureLoader.Find(spec)
                ?? (looksLikePath ? null : throw new SlimException($"there is no recipe or architecture '{spec}'{Words.Hint(spec, RecipeLoader.Names().Concat(ArchitectureLoader.Names()))}"));
        }

        return null;
    }

    private static int ShowArchitecture(ParseResult parsed, ArchitectureModel architecture, string? drawing, bool asJson)
    {
        var graph = GraphReader.Of(architecture);
        Draw(parsed, drawing, () => graph);
        if (asJson)
        {
            parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(graph, RunFolder.Json));
        }
        else
        {
            GraphText.Write(parsed.InvocationConfiguration.Output, graph);
        }

        return 0;
    }

    private static void Draw(ParseResult parsed, string? path, Func<LayerGraph> graph)
    {
        if (path is not null)
        {
            AtomicFile.WriteText(path, GraphSvg.Of(graph()));
            parsed.InvocationConfiguration.Error.WriteLine($"written to {path}");
        }
    }
}
