using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>The sparsity of each target in each of its layers.</summary>
/// <param name="ByUnit">By unit, by layer.</param>
/// <param name="IsUniform">Whether it is one number for all targets in the same layers.</param>
internal sealed record WidthSparsity(IReadOnlyDictionary<string, SortedDictionary<int, double>> ByUnit, bool IsUniform)
{
    /// <summary>Every layer of any target.</summary>
    public List<int> Layers => [.. new SortedSet<int>(ByUnit.Values.SelectMany(layers => layers.Keys))];

    /// <summary>The one number, or the mean of all.</summary>
    public double Mean
    {
        get
        {
            var all = ByUnit.Values.SelectMany(layers => layers.Values).ToList();
            return all.Count == 0 ? 0 : IsUniform ? all[0] : all.Average();
        }
    }

    /// <summary>For the model: null where one number says all.</summary>
    public EquatableArray<UnitSparsity>? ForModel(Func<double, double> value) => IsUniform ? null
        : new(ByUnit.Select(unit => new UnitSparsity(unit.Key, new(Layers.Select(layer => unit.Value.TryGetValue(layer, out var sparsity) ? value(sparsity) : 0)))));
}

/// <summary>From the four forms of <c>sparsity:</c> and the two of <c>layers:</c> to numbers.</summary>
internal sealed class SparsityReader(Section cut, IReadOnlyList<Located<string>> targets, LayerChooser layers, Reporter report)
{
    /// <summary>The numbers that a choice of sparsity gives the cut's targets in its layers.</summary>
    public WidthSparsity Read(SparsityChoice sparsity)
    {
        var ofUnits = ReadLayers();
        var byUnit = targets.ToDictionary(target => target.Value, target => new SortedDictionary<int, double>());
        switch (sparsity)
        {
            case { Rules: { } rules }:
                ReadRules(rules, ofUnits, byUnit);
                break;
            case { PerLayer: { } values }:
                Spread(ofUnits, byUnit, places => places.Count == values.Count ? values : null, values.Count);
                break;
            case { Gradient: { } ends }:
                Spread(ofUnits, byUnit, places => [.. Enumerable.Range(0, places.Count).Select(i => Interpolate(ends, places.Count == 1 ? 0 : (double)i / (places.Count - 1)))], 0);
                break;
            default:
                Spread(ofUnits, byUnit, places => [.. places.Select(_ => sparsity.Number ?? 0)], 0);
                break;
        }

        var all = byUnit.Values.SelectMany(values => values.Values).Distinct().Count();
        return new(byUnit, all <= 1 && byUnit.Values.All(values => values.Keys.SequenceEqual(byUnit.Values.First().Keys)));
    }

    private Dictionary<string, List<int>> ReadLayers()
    {
        var (written, protect) = (cut.Get(WidthCutKeys.Layers), cut.Get(CutKeys.Protect));
        if (written.State == FieldState.Bad)
        {
            return targets.ToDictionary(target => target.Value, _ => new List<int>());
        }

        if (written.Value?.ByUnit is not { } named)
        {
            var chosen = layers.Choose(written.Value?.All, protect, written.Place);
            return targets.ToDictionary(target => target.Value, _ => chosen);
        }

        foreach (var name in named.Where(name => targets.All(target => target.Value != name.Name)))
        {
            report.Add(Rules.UnknownTarget, name.NamePlace, $"'{cut.Path}.layers' names {Words.Quote(name.Name)}, which is no target of the cut{Words.Hint(name.Name, targets.Select(target => target.Value))}");
        }

        foreach (var target in targets.Where(target => named.All(name => name.Name != target.Value)))
        {
            report.Add(Rules.MissingKey, written.Place, $"'{cut.Path}.layers' needs the layers of '{target.Value}' too");
        }

        return targets.ToDictionary(
            target => target.Value,
            target => named.FirstOrDefault(name => name.Name == target.Value) is { } own ? layers.Choose(own.Value, protect, own.Place) : []);
    }

    private void Spread(Dictionary<string, List<int>> ofUnits, Dictionary<string, SortedDictionary<int, double>> byUnit, Func<List<int>, IReadOnlyList<double>?> valuesOf, int count)
    {
        foreach (var unit in ofUnits.Where(unit => unit.Value.Count > 0))
        {
            if (valuesOf(unit.Value) is not { } values)
            {
                report.Add(Rules.Conflict, cut.Get(WidthCutKeys.Sparsity).Place, $"'{cut.Path}.sparsity' has {count} numbers and needs {unit.Value.Count}: one for each layer that the cut takes from '{unit.Key}'");
                return;
            }

            for (var i = 0; i < values.Count; i++)
            {
                byUnit[unit.Key][unit.Value[i]] = values[i];
            }
        }
    }

    private void ReadRules(IReadOnlyList<Located<Section>> rules, Dictionary<string, List<int>> ofUnits, Dictionary<string, SortedDictionary<int, double>> byUnit)
    {
        foreach (var rule in rules)
        {
            var (named, ranges, value) = (rule.Value.Get(SparsityRuleKeys.Targets), rule.Value.Get(SparsityRuleKeys.Layers), rule.Value.Get(SparsityRuleKeys.Value));
            if (named.State == FieldState.Bad || ranges.State == FieldState.Bad || !value.HasValue)
            {
                continue;
            }

            foreach (var target in (named.Value ?? []).Where(target => !ofUnits.ContainsKey(target.Value)))
            {
                report.Add(Rules.UnknownTarget, target.Place, $"{Words.Quote(target.Value)} is no target of {cut.Path}{Words.Hint(target.Value, ofUnits.Keys)}");
            }

            var (numbers, areInRange) = layers.Numbers(ranges.IsWritten ? ranges.Value : null);
            var before = byUnit.Values.Sum(values => values.Count);
            foreach (var unit in ofUnits.Where(unit => !named.IsWritten || named.Value.Any(target => target.Value == unit.Key)))
            {
                foreach (var layer in unit.Value.Where(layer => numbers.Contains(layer) && !byUnit[unit.Key].ContainsKey(layer)))
                {
                    byUnit[unit.Key].Add(layer, value.Value);
                }
            }

            if (areInRange && before == byUnit.Values.Sum(values => values.Count) && (!named.IsWritten || named.Value.All(target => ofUnits.ContainsKey(target.Value))) && ofUnits.Values.Any(each => each.Count > 0))
            {
                report.Add(Rules.Conflict, rule.Place, $"'{rule.Value.Path}' is for no layer: those it names are not cut, or rules above are for them");
            }
        }

        foreach (var unit in ofUnits)
        {
            foreach (var layer in unit.Value.Where(layer => !byUnit[unit.Key].ContainsKey(layer)))
            {
                byUnit[unit.Key].Add(layer, 0);
            }
        }
    }

    private static double Interpolate(IReadOnlyList<double> ends, double at)
    {
        var position = at * (ends.Count - 1);
        var first = Math.Min((int)position, ends.Count - 2);
        var value = ends[first] + ((ends[first + 1] - ends[first]) * (position - first));

        // The last digits are rounding: 0.1 to 0.3 in three layers is 0.2 in the middle.
        return Math.Round(value, 12);
    }
}
