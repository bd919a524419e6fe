using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// What transformers' own class of a family takes. One piece for the checker, which knows sizes at build, and the exporter: the file is
/// compiled into each.
/// </summary>
/// <param name="heads">The dimension that counts query heads.</param>
/// <param name="derived">Dimensions that the class computes from others, and how.</param>
/// <param name="unsaid">Linears with a bias for which the configuration has no key.</param>
internal sealed class HuggingFaceReach(string heads, IReadOnlyCollection<KeyValuePair<string, string>> derived, IReadOnlyCollection<string> unsaid)
{
    private const string Hidden = "hidden";

    /// <summary>Why the class does not take a model, or null. Whether it takes layers of different sizes is another question.</summary>
    public ExportProblem? Find(ExportSizes sizes)
    {
        if (unsaid.Count > 0)
        {
            return new($"its class in transformers has no bias for {string.Join(", ", unsaid)}", "cut with compensate: none");
        }

        return FindHeads(sizes) ?? sizes.FindUnread(derived);
    }

    // transformers 5 asks for it of every configuration that has both, head_dim or not.
    private ExportProblem? FindHeads(ExportSizes sizes)
    {
        for (var layer = 0; layer < sizes.Layers; layer++)
        {
            var (count, hidden) = (sizes.Size(heads, layer), sizes.Size(Hidden, layer));
            if (count > 0 && hidden % count != 0)
            {
                var fewer = Enumerable.Range(1, count).Last(number => hidden % number == 0);
                var more = Enumerable.Range(count, hidden - count + 1).First(number => hidden % number == 0);
                return new($"layer {Text(layer)} has {Text(count)} query heads, and transformers 5 takes only numbers that divide the {Text(hidden)} hidden channels", $"keep {Text(fewer)} or {Text(more)}");
            }
        }

        return null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What Nemotron-NAS (DeciLM) takes: per layer an FFN size and a number of KV heads, or neither; query heads are one number.</summary>
/// <param name="heads">The dimension that counts query heads.</param>
/// <param name="ffn">The dimension that counts the MLP's channels.</param>
internal sealed class NemotronReach(string heads, string ffn)
{
    /// <summary>FFN sizes are written as a factor, which is rounded up to a multiple of this.</summary>
    public const int Multiple = 256;

    /// <summary>Why it does not take a model, or null.</summary>
    public ExportProblem? Find(ExportSizes sizes)
    {
        var counts = sizes.Of(heads);
        if (counts[0] == 0)
        {
            return new("layer 0 has no attention, which Nemotron-NAS needs there", "protect the first layer: protect: { first: 1 }");
        }

        if (counts.Where(count => count > 0).Distinct().ToList() is { Count: > 1 } several)
        {
            return new($"layers have {string.Join(", ", several)} query heads, and Nemotron-NAS has one number for all", "cut heads alike in every layer, or the attention of whole layers");
        }

        var widths = sizes.Of(ffn).ToList();
        return widths.FindIndex(width => width % Multiple != 0) is >= 0 and var layer
            ? new($"layer {layer.ToString(CultureInfo.InvariantCulture)} has {widths[layer].ToString(CultureInfo.InvariantCulture)} MLP channels, and Nemotron-NAS takes multiples of {Multiple.ToString(CultureInfo.InvariantCulture)}", $"cut the MLP with round_to: {Multiple.ToString(CultureInfo.InvariantCulture)}")
            : null;
    }
}
