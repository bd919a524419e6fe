using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Whether llama.cpp's graph of a family computes what a configuration makes of it, whatever the sizes.</summary>
internal static class GgufRefusal
{
    /// <summary>Why not, or null.</summary>
    /// <param name="recipe">The recipe; its architecture has a declaration.</param>
    public static string? Of(RecipeModel recipe)
    {
        var gguf = recipe.Architecture.Gguf!;
        foreach (var required in gguf.Requires)
        {
            var constant = recipe.Constants.First(given => given.Name == required.Key);
            var value = Text(constant.Value);
            if (!required.Accepted.Contains(value))
            {
                return $"{constant.Key} is {value}, and llama.cpp's graph '{gguf.Uniform.Architecture}' computes {string.Join(" or ", required.Accepted)} only";
            }
        }

        var attention = recipe.Architecture.Layer.First(node => node.Op == "attention");
        return attention.Attribute("rope.dims") is not null || attention.Attribute("rope.planes") is not null || (attention.Attribute("rope.fraction") is { } fraction && Value(recipe, fraction) != 1)
            ? $"queries and keys are rotated in part, and llama.cpp's graph '{gguf.Uniform.Architecture}' rotates all channels of a head"
            : null;
    }

    private static double? Value(RecipeModel recipe, string text) =>
        recipe.Constants.FirstOrDefault(constant => constant.Name == text) is { } constant ? constant.Value.Number : double.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(ConstantValue value) => value switch
    {
        { Flag: { } flag } => flag ? "true" : "false",
        { Text: { } text } => $"\"{text}\"",
        { Number: { } number } => number.ToString("R", CultureInfo.InvariantCulture),
        _ => "null",
    };
}
