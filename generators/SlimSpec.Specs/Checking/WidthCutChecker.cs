using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks a cut with <c>cut: width</c> and follows it through the sizes, where these are known.</summary>
internal sealed class WidthCutChecker(ArchitectureModel? architecture, ModelSizes? sizes, bool hasCalibration, Reporter report)
{
    /// <summary>Checks the cut.</summary>
    /// <param name="cut">The cut.</param>
    /// <param name="solved">The sparsity to take instead of what the spec says or leaves open; null to take the spec's.</param>
    /// <param name="isLocal">Whether to follow it as if its scope were each layer: what it can reach at most.</param>
    public WidthCutModel Check(Section cut, double? solved, bool isLocal)
    {
        var (targets, scope, sparsity) = (cut.Get(WidthCutKeys.Targets), cut.Get(WidthCutKeys.Scope), cut.Get(WidthCutKeys.Sparsity));
        var (steps, roundTo) = (cut.Get(WidthCutKeys.Steps), cut.Get(WidthCutKeys.RoundTo));
        var units = targets.HasValue ? FindUnits(targets.Value) : [];
        var ofModel = units.FirstOrDefault(ModelSizes.IsOfModel);
        var isGlobal = scope.Value == "global";
        new WidthCutSettings(cut, hasCalibration, report).Check(units, sizes);
        if (ofModel is not null)
        {
            CheckWhole(ofModel, cut, targets.Value);
        }

        var isOpen = sparsity.State == FieldState.Absent;
        var spread = sizes is not null && ofModel is null && sparsity.State != FieldState.Bad ? Spread(cut, units, solved, isOpen) : null;
        var wanted = solved ?? sparsity.Value?.Number;
        if (sizes is not null && steps.HasValue && roundTo.HasValue && units.Count > 0 && units.Count == targets.Value.Count)
        {
            Follow(cut, units, ofModel, spread, wanted, isGlobal && !isLocal, isOpen && solved is null);
        }

        return new(
            new((targets.Value ?? []).Select(target => target.Value)),
            cut.Get(WidthCutKeys.Score).Value,
            cut.Get(WidthCutKeys.Order).Value,
            cut.Get(WidthCutKeys.Reduce).Value,
            isOpen && solved is null ? null : ofModel is not null || spread is null ? wanted ?? 0 : spread.Mean,
            spread?.ForModel(value => isGlobal && isOpen ? 1 : value),
            scope.Value,
            WidthCutSettings.Normalize(cut),
            cut.Get(WidthCutKeys.Compensate).Value,
            new(spread?.Layers ?? []),
            roundTo.Value,
            steps.Value,
            cut.Get(DataKeys.Seed).Value);
    }

    /// <summary>The sparsity in each layer; where the amount is not known yet, any number stands for it.</summary>
    private WidthSparsity Spread(Section cut, List<UnitDefinition> units, double? solved, bool isOpen)
    {
        var known = cut.Get(WidthCutKeys.Targets).Value?.Where(target => units.Any(unit => unit.Name == target.Value)).ToList() ?? [];
        var sparsity = cut.Get(WidthCutKeys.Sparsity);
        return new SparsityReader(cut, known, new(sizes!, report), report).Read(isOpen || solved is not null ? new(Number: solved ?? 0.5) : sparsity.Value);
    }

    private void Follow(Section cut, List<UnitDefinition> units, UnitDefinition? ofModel, WidthSparsity? spread, double? wanted, bool isGlobal, bool isUnknown)
    {
        if (ofModel is not null && units.Count == 1 && wanted is { } number && !isUnknown)
        {
            var (steps, roundTo) = (cut.Get(WidthCutKeys.Steps).Value, cut.Get(WidthCutKeys.RoundTo).Value);
            var count = sizes!.Count(ofModel, 0);
            var kept = UnitBudget.Kept(count, 1, number, steps, roundTo);
            sizes.Cut(ofModel, 0, kept);
            if (kept == count)
            {
                ReportNothing(cut, "the model's", [(ofModel, count)]);
            }
        }
        else if (ofModel is null && spread is not null && spread.Layers.Count > 0)
        {
            CheckNesting(cut.Get(WidthCutKeys.Targets).Value, units, spread);
            if (isGlobal || isUnknown)
            {
                units.ForEach(unit => sizes!.Forget(unit, cut.Path));
            }
            else
            {
                Apply(cut, units, spread);
            }
        }
    }

    /// <summary>Follows a cut through the layers; it must remove something somewhere.</summary>
    private void Apply(Section cut, List<UnitDefinition> units, WidthSparsity spread)
    {
        var (steps, roundTo) = (cut.Get(WidthCutKeys.Steps).Value, cut.Get(WidthCutKeys.RoundTo).Value);
        var (removesAny, hasAny) = (false, false);
        var dense = new List<(UnitDefinition Unit, int Count)>();
        foreach (var unit in units)
        {
            var layers = spread.ByUnit[unit.Name];
            if (!CanFollow(unit, layers, cut.Path) || layers.Count == 0)
            {
                (removesAny, hasAny) = (removesAny || layers.Count > 0, hasAny || layers.Count > 0);
                continue;
            }

            var channels = sizes!.ChannelsPerUnit(unit);
            var counts = layers.Keys.ToDictionary(layer => layer, layer => sizes.Count(unit, layer));
            dense.Add((unit, counts.Values.Max()));
            foreach (var layer in layers.Where(layer => counts[layer.Key] > 0))
            {
                var kept = UnitBudget.Kept(counts[layer.Key], channels, layer.Value, steps, roundTo);
                (removesAny, hasAny) = (removesAny || kept < counts[layer.Key], true);
                sizes.Cut(unit, layer.Key, kept);
            }
        }

        if (!hasAny)
        {
            report.Add(Rules.NoLayers, cut.Get(WidthCutKeys.Targets).Place, $"no layer is left to cut: none of these has {Words.List(units.Select(unit => $"'{unit.Name}'"), "or")} any more");
        }
        else if (!removesAny)
        {
            ReportNothing(cut, "a layer's", dense);
        }
    }

    /// <summary>Whether what stays of a unit is known; if not, it is not from here on. Of scattered sizes it is where all layers are cut alike.</summary>
    private bool CanFollow(UnitDefinition unit, SortedDictionary<int, double> layers, string cut)
    {
        if (sizes!.UnknownSince(unit.Dimension) is null && (!sizes.IsScattered(unit.Dimension) || (layers.Count == sizes.LayerCount && layers.Values.Distinct().Count() == 1)))
        {
            return true;
        }

        sizes.Forget(unit, cut);
        return false;
    }

    private void ReportNothing(Section cut, string whose, IReadOnlyList<(UnitDefinition Unit, int Count)> dense)
    {
        var (sparsity, steps, roundTo) = (cut.Get(WidthCutKeys.Sparsity), cut.Get(WidthCutKeys.Steps).Value, cut.Get(WidthCutKeys.RoundTo).Value);
        var smallest = dense.Min(each => SmallestSparsity(each.Count, sizes!.ChannelsPerUnit(each.Unit), steps, roundTo));
        var remedy = double.IsInfinity(smallest) ? "no sparsity does" : $"the smallest that does is {Text(smallest)}";
        var counts = dense.Select(each => $"{each.Count} of '{each.Unit.Name}'{(sizes!.IsGrouped(each.Unit) ? " in each KV group" : "")}");
        report.Add(Rules.RemovesNothing, sparsity.Place, $"{(sparsity.Value?.Number is { } number ? $"sparsity {Text(number)} removes" : "these sparsities remove")} nothing from {whose} {string.Join(" and ", counts)}: {remedy}");
    }

    /// <summary>A unit of the whole model is cut alone and knows no layers.</summary>
    private void CheckWhole(UnitDefinition unit, Section cut, IReadOnlyList<Located<string>> targets)
    {
        var at = targets.First(target => target.Value == unit.Name).Place;
        if (targets.Count > 1)
        {
            report.Add(Rules.Conflict, at, $"'{unit.Name}' is cut over the whole model and must be the only target of its cut");
        }

        var (layers, protect, sparsity, scope) = (cut.Get(WidthCutKeys.Layers), cut.Get(CutKeys.Protect), cut.Get(WidthCutKeys.Sparsity), cut.Get(WidthCutKeys.Scope));
        if (layers.IsWritten)
        {
            report.Add(Rules.Conflict, layers.Place, $"'layers' cannot be chosen for '{unit.Name}', which is cut over the whole model");
        }

        if (protect.IsWritten)
        {
            report.Add(Rules.Conflict, protect.Place, $"'protect' cannot spare layers from '{unit.Name}', which is cut over the whole model");
        }

        if (sparsity.IsWritten && sparsity.Value.Number is null)
        {
            report.Add(Rules.Conflict, sparsity.Place, $"'sparsity' of '{unit.Name}', which is cut over the whole model, must be one number");
        }

        if (scope.Value == "global")
        {
            report.Add(Rules.Conflict, scope.Place, $"scope global ranks units of several layers together; '{unit.Name}' is cut over the whole model");
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

    /// <summary>
    /// A layer loses query heads or the KV groups they are in, not both: a plan counts either by the numbers of the dense model, in
    /// which those of the one say nothing of the other.
    /// </summary>
    private void CheckNesting(IReadOnlyList<Located<string>> targets, List<UnitDefinition> units, WidthSparsity spread)
    {
        foreach (var unit in units)
        {
            var layers = spread.ByUnit[unit.Name].Keys;
            if (layers.SelectMany(layer => sizes!.CutInLayer[layer], (layer, cut) => (layer, cut)).FirstOrDefault(earlier => sizes!.AreNested(unit, earlier.cut)) is (var at, { } other))
            {
                report.Add(Rules.Conflict, targets.First(target => target.Value == unit.Name).Place, $"layer {at} cannot lose '{unit.Name}' and '{other.Name}' both: one is counted within the other");
            }

            foreach (var layer in layers)
            {
                sizes!.CutInLayer[layer].Add(unit);
            }
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
