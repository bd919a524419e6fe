using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Why a target cannot say a model, and what would make it sayable.</summary>
/// <param name="Reason">Why not.</param>
/// <param name="Remedy">What to change.</param>
internal sealed record ExportProblem(string Reason, string Remedy)
{
    /// <summary>Both as sentences, without the first capital.</summary>
    public string Sentences => $"{Reason}. {char.ToUpperInvariant(Remedy[0])}{Remedy.Substring(1)}.";
}

/// <summary>A model's sizes as an export sees them.</summary>
/// <param name="Layers">Number of layers.</param>
/// <param name="Size">Size of a dimension in a layer; those that all layers share are the same in each.</param>
internal sealed record ExportSizes(int Layers, Func<string, int, int> Size)
{
    /// <summary>A dimension's size in each layer.</summary>
    public IReadOnlyList<int> Of(string dimension) => [.. Enumerable.Range(0, Layers).Select(layer => Size(dimension, layer))];

    /// <summary>Whether layers differ in a dimension.</summary>
    public bool Varies(string dimension) => Of(dimension).Distinct().Count() > 1;

    /// <summary>The first dimension that is not what its default makes of the others, which a target computes it by; or null.</summary>
    /// <param name="derived">Dimensions and their defaults.</param>
    public ExportProblem? FindUnread(IEnumerable<KeyValuePair<string, string>> derived)
    {
        foreach (var (dimension, text) in derived.Select(pair => (pair.Key, pair.Value)))
        {
            var expression = SizeExpression.Parse(text)!;
            for (var layer = 0; layer < Layers; layer++)
            {
                if (expression.Evaluate(name => Size(name, layer), (_, _) => { }) != Size(dimension, layer))
                {
                    return new($"it takes {dimension} for {text}, and in layer {layer} that is not {Size(dimension, layer)}", $"leave {string.Join(" and ", expression.Names)} as they are");
                }
            }
        }

        return null;
    }
}
