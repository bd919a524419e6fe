using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>From the layers of <c>exits:</c> to their counts.</summary>
/// <param name="sizes">The sizes after all cuts.</param>
/// <param name="report">Where problems go.</param>
internal sealed class ExitLayerChooser(ModelSizes sizes, Reporter report)
{
    private int Last => sizes.LayerCount - 1;

    /// <summary>After how many layers tokens may leave, ascending; reports what is no exit, or named twice.</summary>
    public List<int> Choose(Field<ExitLayers> layers)
    {
        if (Last < 1)
        {
            report.Add(Rules.ExitLayer, layers.Place, $"{Here} 1 layer, and no token can leave before its end");
            return [];
        }

        return !layers.IsWritten ? [.. Enumerable.Range(1, Last)]
            : layers.Value.Spaced is { } spaced ? Spaced(spaced)
            : Listed(layers.Value.Listed!);
    }

    private string Here => sizes.DepthCut is { } cut ? $"{cut} leaves" : "the model has";

    private List<int> Listed(IReadOnlyList<Located<LayerCount>> listed)
    {
        var chosen = new SortedSet<int>();
        foreach (var layer in listed)
        {
            if (Find(layer) is { } count && !chosen.Add(count))
            {
                report.Add(Rules.DuplicateItem, layer.Place, $"the exit after {count} layer{(count == 1 ? "" : "s")} is named twice");
            }
        }

        return [.. chosen];
    }

    private List<int> Spaced(Section section)
    {
        var (from, every, always) = (section.Get(ExitLayersKeys.From), section.Get(ExitLayersKeys.Every), section.Get(ExitLayersKeys.Always));
        var chosen = new SortedSet<int>();
        for (var layer = from.IsWritten ? Find(new(from.Value, from.Place)) : 1; layer <= Last; layer += every.Value)
        {
            chosen.Add(layer.Value);
        }

        chosen.UnionWith((always.Value ?? []).Select(Find).OfType<int>());
        return [.. chosen];
    }

    private int? Find(Located<LayerCount> layer)
    {
        var count = layer.Value.Of(sizes.LayerCount);
        if (count >= 1 && count <= Last)
        {
            return count;
        }

        report.Add(Rules.ExitLayer, layer.Place, $"no token can leave early after {Named(layer.Value)}: {Here} {sizes.LayerCount}, so exits come after 1 to {Last}; the nearest is {(count < 1 ? 1 : Last)}");
        return null;
    }

    private string Named(LayerCount layer) => layer.Count is { } count ? $"{count} layer{(count == 1 ? "" : "s")}" : $"{layer} of {sizes.LayerCount} layers, which is {layer.Of(sizes.LayerCount)}";
}
