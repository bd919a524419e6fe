using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks <c>prune:</c>, following the sizes from cut to cut. Without sizes it checks what does not need them.</summary>
internal sealed class PruneChecker(ArchitectureModel? architecture, ModelSizes? sizes, bool hasCalibration, Reporter report)
{
    private readonly Dictionary<int, List<UnitDefinition>> _cutInLayer = [];

    /// <summary>Checks the cuts in order.</summary>
    public List<WidthCutModel> Check(IReadOnlyList<Located<Section>> cuts) => [.. cuts.Select(cut => Check(cut.Value))];

    private WidthCutModel Check(Section cut)
    {
        var targets = cut.Get(WidthCutKeys.Targets);
        var score = cut.Get(WidthCutKeys.Score);
        var order = cut.Get(WidthCutKeys.Order);
        var sparsity = cut.Get(WidthCutKeys.Sparsity);
        var units = targets.HasValue ? FindUnits(targets.Value) : [];
        var ofModel = units.FirstOrDefault(ModelSizes.IsOfModel);
        CheckScore(score, order, ofModel);
        if (ofModel is not null)
        {
            CheckWhole(ofModel, cut, targets.Value);
        }

        var layers = ofModel is null ? FindLayers(cut) : [];
        var (steps, roundTo) = (cut.Get(WidthCutKeys.Steps), cut.Get(WidthCutKeys.RoundTo));
        if (sizes is not null)
        {
            CheckNesting(targets.Value ?? [], units, layers);
        }

        if (sizes is not null && sparsity.HasValue && steps.HasValue && roundTo.HasValue && units.Count > 0 && (layers.Count > 0 || ofModel is not null))
        {
            Apply(units, ofModel is null ? layers : [0], sparsity, steps.Value, roundTo.Value);
        }

        return new(
            new((targets.Value ?? []).Select(target => target.Value)),
            score.Value,
            order.Value,
            cut.Get(WidthCutKeys.Reduce).Value,
            sparsity.Value,
            new(layers),
            roundTo.Value,
            steps.Value,
            cut.Get(DataKeys.Seed).Value);
    }

    private void CheckScore(Field<string> score, Field<string> order, UnitDefinition? ofModel)
    {
        if (!score.HasValue)
        {
            return;
        }

        if (score.Value != "taylor" && order.IsWritten)
        {
            report.Add(Rules.Conflict, order.Place, $"'order' is for score taylor; the score is {score.Value}");
        }

        if (score.Value == "taylor" && ofModel is not null)
        {
            report.Add(Rules.Conflict, score.Place, $"score taylor{(score.IsWritten ? "" : " (the default)")} cannot rank '{ofModel.Name}', which is cut over the whole model: use random, l1 or l2");
        }
        else if (score.Value == "taylor" && !hasCalibration)
        {
            report.Add(Rules.NeedsCalibration, score.Place, "score taylor needs data: add calibration: { dataset: ... }");
        }
    }

    /// <summary>A unit of the whole model is cut alone and knows no layers.</summary>
    private void CheckWhole(UnitDefinition unit, Section cut, IReadOnlyList<Located<string>> targets)
    {
        var at = targets.First(target => target.Value == unit.Name).Place;
        if (targets.Count > 1)
        {
            report.Add(Rules.Conflict, at, $"'{unit.Name}' is cut over the whole model and must be the only target of its cut");
        }

        var (layers, protect) = (cut.Get(WidthCutKeys.Layers), cut.Get(WidthCutKeys.Protect));
        if (layers.IsWritten)
        {
            report.Add(Rules.Conflict, layers.Place, $"'layers' cannot be chosen for '{unit.Name}', which is cut over the whole model");
        }

        if (protect.IsWritten)
        {
            report.Add(Rules.Conflict, protect.Place, $"'protect' cannot spare layers from '{unit.Name}', which is cut over the whole model");
        }
    }

    private List<UnitDefinition> FindUnits(IReadOnlyList<Located<string>> targets)
    {
        var units = new List<UnitDefinition>();
        if (architecture is null)
        {
            return units;
        }

        var known = architecture.Units;
        foreach (var target in targets)
        {
            if (known.FirstOrDefault(unit => unit.Name == target.Value) is { } unit)
            {
                units.Add(unit);
            }
            else
            {
                report.Add(Rules.UnknownTarget, target.Place, $"the architecture '{architecture.Name}' has no unit {Words.Quote(target.Value)}{Words.Hint(target.Value, known.Select(unit => unit.Name))}");
            }
        }

        return units;
    }

    private List<int> FindLayers(Section cut)
    {
        var ranges = cut.Get(WidthCutKeys.Layers);
        var protect = cut.Get(WidthCutKeys.Protect);
        var first = protect.IsWritten ? protect.Value.Get(ProtectKeys.First) : default;
        var last = protect.IsWritten ? protect.Value.Get(ProtectKeys.Last) : default;
        if (sizes is null || ranges.State == FieldState.Bad)
        {
            return [];
        }

        var count = sizes.LayerCount;
        var chosen = new SortedSet<int>();
        var areInRange = true;
        foreach (var range in ranges.IsWritten ? ranges.Value : [new(new(0, count - 1), cut.Place)])
        {
            areInRange &= CheckRange(range, count, chosen);
            chosen.UnionWith(Enumerable.Range(range.Value.First, Math.Max(0, Math.Min(range.Value.Last, count - 1) - range.Value.First + 1)));
        }

        chosen.RemoveWhere(layer => layer < first.Value || layer >= count - (long)last.Value);
        if (chosen.Count == 0 && areInRange && first.State != FieldState.Bad && last.State != FieldState.Bad)
        {
            var named = ranges.IsWritten ? "of these" : $"of the model's {count}";
            report.Add(Rules.NoLayers, protect.IsWritten ? protect.Place : ranges.Place, $"no layer is left to cut: all {named} are protected");
        }

        return [.. chosen];
    }

    private bool CheckRange(Located<LayerRange> range, int count, SortedSet<int> earlier)
    {
        if (range.Value.Last >= count)
        {
            report.Add(Rules.LayerRange, range.Place, $"layer {range.Value.Last} does not exist: the model has layers 0 to {count - 1}");
            return false;
        }

        foreach (var layer in earlier.GetViewBetween(range.Value.First, range.Value.Last).Take(1))
        {
            report.Add(Rules.DuplicateItem, range.Place, $"layer {layer} is named twice");
        }

        return true;
    }

    /// <summary>
    /// A layer loses query heads or the KV groups they are in, not both: a plan counts either by the numbers of the dense model, in
    /// which those of the one say nothing of the other.
    /// </summary>
    private void CheckNesting(IReadOnlyList<Located<string>> targets, List<UnitDefinition> units, List<int> layers)
    {
        foreach (var unit in units)
        {
            foreach (var layer in layers.Where(layer => !_cutInLayer.ContainsKey(layer)))
            {
                _cutInLayer.Add(layer, []);
            }

            if (layers.SelectMany(layer => _cutInLayer[layer], (layer, cut) => (layer, cut)).FirstOrDefault(earlier => sizes!.AreNested(unit, earlier.cut)) is (var at, { } other))
            {
                report.Add(Rules.Conflict, targets.First(target => target.Value == unit.Name).Place, $"layer {at} cannot lose '{unit.Name}' and '{other.Name}' both: one is counted within the other");
            }

            layers.ForEach(layer => _cutInLayer[layer].Add(unit));
        }
    }

    /// <summary>Follows a cut through the sizes; it must remove something somewhere.</summary>
    private void Apply(List<UnitDefinition> units, List<int> layers, Field<double> sparsity, int steps, int roundTo)
    {
        var removesAny = false;
        var smallest = double.PositiveInfinity;
        var dense = new List<string>();
        foreach (var unit in units)
        {
            var channels = sizes!.ChannelsPerUnit(unit);
            var counts = layers.Select(layer => sizes.Count(unit, layer)).ToList();
            dense.Add($"{counts.Max()} of '{unit.Name}'{(sizes.IsGrouped(unit) ? " in each KV group" : "")}");
            smallest = Math.Min(smallest, SmallestSparsity(counts.Max(), channels, steps, roundTo));
            for (var i = 0; i < layers.Count; i++)
            {
                var kept = UnitBudget.Kept(counts[i], channels, sparsity.Value, steps, roundTo);
                removesAny |= kept < counts[i];
                sizes.Cut(unit, layers[i], kept);
            }
        }

        if (!removesAny)
        {
            var remedy = double.IsInfinity(smallest) ? "no sparsity does" : $"the smallest that does is {Text(smallest)}";
            report.Add(Rules.RemovesNothing, sparsity.Place, $"sparsity {Text(sparsity.Value)} removes nothing from {(units.Any(ModelSizes.IsOfModel) ? "the model's" : "a layer's")} {string.Join(" and ", dense)}: {remedy}");
        }
    }

    /// <summary>The smallest sparsity, to four digits, that removes anything; infinite if none does.</summary>
    private static double SmallestSparsity(int units, int channels, int steps, int roundTo)
    {
        // The kept number never grows with the sparsity, so halving finds the first that is smaller.
        var (none, some) = (0, 10_000);
        while (some - none > 1)
        {
            var middle = (none + some) / 2;
            (none, some) = UnitBudget.Kept(units, channels, middle / 10_000.0, steps, roundTo) < units ? (none, middle) : (middle, some);
        }

        return some < 10_000 ? some / 10_000.0 : double.PositiveInfinity;
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
