using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace SlimSpec.Specs;

/// <summary>
/// SHA-256 over a model's values: every property of every record, by name, so that none is forgotten when one is added.
/// </summary>
internal static class SpecHash
{
    // What came after recipes had been hashed counts only where it is written: recipes without it keep their hash.
    private static readonly string[] Later =
    [
        nameof(RecipeModel.Exits), nameof(RecipeModel.Fitted), nameof(RecipeModel.Sweep), nameof(RecipeModel.Measurements), nameof(RecipeModel.Export),
        nameof(EvaluationModel.Protocol), nameof(DatasetModel.Content), nameof(OptimizationModel.WarmupRatio), nameof(ArchitectureModel.Gguf), nameof(ArchitectureModel.Forms),
    ];

    /// <summary>The hash of a recipe, 64 hexadecimal digits; its file's name does not count, nor does what follows from the rest, from a plan or from exits, nor the sweep, whose cells stay what they are when it grows.</summary>
    public static string Of(RecipeModel recipe) => Of((object)(recipe with { Architecture = Computed(recipe), Hash = "", FileName = "", PruningHash = "", ArchitectureHash = "", Pruned = null, Fitted = null, Sweep = null }));

    /// <summary>The hash of what a plan is made for: two recipes that differ in what comes after pruning share their plans.</summary>
    public static string OfPruning(RecipeModel recipe) =>
        Of(new Pruning(Computed(recipe), recipe.Dimensions, recipe.Constants, recipe.Calibration, recipe.Prune, recipe.Constraints));

    /// <summary>The hash of the model alone.</summary>
    public static string OfArchitecture(RecipeModel recipe) => Of(new Model(Computed(recipe), recipe.Dimensions, recipe.Constants));

    /// <summary>SHA-256 of a text in UTF-8, 64 hexadecimal digits.</summary>
    public static string OfText(string text)
    {
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
    }

    // What other runtimes call it changes nothing of what is computed.
    private static ArchitectureModel Computed(RecipeModel recipe) => recipe.Architecture with { Gguf = null, Forms = null };

    private static string Of(object value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return OfText(text.ToString());
    }

    private static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("null;");
                break;
            case string word:
                text.Append(word.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(word).Append(';');
                break;
            case double number:
                // The shortest text of a number depends on the runtime; its bits do not.
                text.Append(BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture)).Append(';');
                break;
            case int or long or bool:
                text.Append(Convert.ToString(value, CultureInfo.InvariantCulture)).Append(';');
                break;
            case IEnumerable items:
                WriteItems(items, text);
                break;
            default:
                WriteProperties(value, text);
                break;
        }
    }

    private sealed record Model(ArchitectureModel Architecture, EquatableArray<DimensionValue> Dimensions, EquatableArray<NamedConstant> Constants);

    private sealed record Pruning(
        ArchitectureModel Architecture,
        EquatableArray<DimensionValue> Dimensions,
        EquatableArray<NamedConstant> Constants,
        CalibrationModel? Calibration,
        EquatableArray<CutModel> Prune,
        ConstraintsModel? Constraints);

    private static void WriteItems(IEnumerable items, StringBuilder text)
    {
        text.Append('[');
        foreach (var item in items)
        {
            Write(item, text);
        }

        text.Append(']');
    }

    private static void WriteProperties(object value, StringBuilder text)
    {
        text.Append('{');
        foreach (var property in value.GetType().GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            var part = property.GetValue(value);
            if (part is not null || !Later.Contains(property.Name))
            {
                text.Append(property.Name).Append('=');
                Write(part, text);
            }
        }

        text.Append('}');
    }
}
