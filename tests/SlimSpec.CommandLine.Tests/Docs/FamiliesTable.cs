using System.Text;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The table of model families, from the architecture files.</summary>
internal static class FamiliesTable
{
    public static string Write(string folder)
    {
        var text = new StringBuilder("| architecture | model_type | class in transformers | can be cut |\n|---|---|---|---|\n");
        foreach (var file in Directory.GetFiles(folder, "*" + SpecCompiler.ArchitectureSuffix).Order(StringComparer.Ordinal))
        {
            var model = ArchitectureLoader.Find(file).ShouldNotBeNull();
            var link = $"[`{model.Name}`](specs/architectures/{Path.GetFileName(file)})";
            text.Append($"| {link} | {string.Join(", ", model.HuggingFace.ModelTypes)} | `{model.HuggingFace.Class}` | {string.Join(", ", model.Units.Select(unit => unit.Name))} |\n");
        }

        return text.ToString();
    }
}
