using System.Text;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine.Tests;

/// <summary>The attributes that say a recipe, from the language's table of them.</summary>
internal static class AttributesTable
{
    public static string Write()
    {
        var text = new StringBuilder("| attribute | says | properties |\n|---|---|---|\n");
        text.Append($"| `{RecipeAttributes.Recipe}` | `{RecipeKeys.Spec.Name}: 1` | |\n");
        foreach (var attribute in RecipeAttributes.All)
        {
            var isNamed = attribute.Section.Type is MapType<Section>;
            var section = isNamed ? $"an entry of `{attribute.Section.Name}`" : attribute.KindKey is { } kind ? $"an item of `{attribute.Section.Name}`, `{kind.Name}: {attribute.Kind}`" : $"`{attribute.Section.Name}`";
            text.Append($"| `{attribute.Name}{(isNamed ? "(name)" : "")}` | {section} | {string.Join(", ", attribute.Properties.Select(property => $"`{property.Name}`"))} |\n");
            if (attribute.Section == RecipeKeys.Model)
            {
                text.Append($"| `{RecipeAttributes.ModelKey}(name, value)` | a key of config.json within `{attribute.Section.Name}`: `ModelKey(\"hidden_size\", 192)`; within another with a dot: `\"rope_scaling.factor\"` | |\n");
            }
        }

        text.Append($"| `{RecipeAttributes.Sweep}(key, values)` | an entry of `{RecipeKeys.Sweep.Name}`: `Sweep(\"prune[0].keep\", 6, 3, 1)` | |\n");
        return text.ToString();
    }
}
