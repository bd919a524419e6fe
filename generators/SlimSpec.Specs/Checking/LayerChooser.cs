using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>From the layers that a cut names and protects to their numbers.</summary>
internal sealed class LayerChooser(ModelSizes sizes, Reporter report)
{
    /// <summary>The layers of some ranges, or all, without protected ones; reports what is beyond the end, named twice, or none at all.</summary>
    public List<int> Choose(IReadOnlyList<Located<LayerRange>>? ranges, Field<Section> protect, Place at)
    {
        var (chosen, areInRange) = Numbers(ranges);
        var first = protect.IsWritten ? protect.Value.Get(ProtectKeys.First) : default;
        var last = protect.IsWritten ? protect.Value.Get(ProtectKeys.Last) : default;
        chosen.RemoveWhere(layer => layer < first.Value || layer >= sizes.LayerCount - (long)last.Value);
        if (chosen.Count == 0 && areInRange && first.State != FieldState.Bad && last.State != FieldState.Bad)
        {
            var named = ranges is not null ? "of these" : $"of the model's {sizes.LayerCount}";
            report.Add(Rules.NoLayers, protect.IsWritten ? protect.Place : at, $"no layer is left to cut: all {named} are protected");
        }

        return [.. chosen];
    }

    /// <summary>The layers of some ranges, or all, and whether all of them exist.</summary>
    public (SortedSet<int> Layers, bool AreInRange) Numbers(IReadOnlyList<Located<LayerRange>>? ranges)
    {
        var count = sizes.LayerCount;
        if (ranges is null)
        {
            return ([.. Enumerable.Range(0, count)], true);
        }

        var chosen = new SortedSet<int>();
        var areInRange = true;
        foreach (var range in ranges)
        {
            areInRange &= CheckRange(range, chosen);
            chosen.UnionWith(Enumerable.Range(range.Value.First, Math.Max(0, Math.Min(range.Value.Last, count - 1) - range.Value.First + 1)));
        }

        return (chosen, areInRange);
    }

    private bool CheckRange(Located<LayerRange> range, SortedSet<int> earlier)
    {
        var last = sizes.LayerCount - 1;
        if (range.Value.Last > last)
        {
            report.Add(Rules.LayerRange, range.Place, sizes.DepthCut is { } cut
                ? $"layer {range.Value.Last} does not exist: {cut} leaves layers 0 to {last}"
                : $"layer {range.Value.Last} does not exist: the model has layers 0 to {last}");
            return false;
        }

        foreach (var layer in earlier.GetViewBetween(range.Value.First, range.Value.Last).Take(1))
        {
            report.Add(Rules.DuplicateItem, range.Place, $"layer {layer} is named twice");
        }

        return true;
    }
}
