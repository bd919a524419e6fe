using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>A recipe in one line.</summary>
internal static class Summary
{
    /// <summary>For example <c>cut 20 % of mlp, attention by taylor; lora r 8</c>.</summary>
    public static string Of(RecipeSettings settings)
    {
        var parts = settings.Prune.OfType<WidthCut>()
            .Select(cut => string.Create(CultureInfo.InvariantCulture, $"cut {cut.Sparsity * 100:0.#} % of {string.Join(", ", cut.Targets)} by {Word(cut.Score)}"))
            .Concat(settings.Recover.Select(lora => $"lora r {lora.LoraR}"))
            .Concat(settings.Train is null ? [] : ["train"]);
        return string.Join("; ", parts) is { Length: > 0 } text ? text : "the model only";
    }

    /// <summary>An enumeration's value as specs write it.</summary>
    public static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
