using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads <c>units:</c> and checks that each can be cut.</summary>
/// <param name="dimensions">The dimensions.</param>
/// <param name="layer">The layer's nodes.</param>
/// <param name="ties">What is tied to what, or null where the graph is wrong.</param>
/// <param name="report">Where problems go.</param>
internal sealed class UnitChecker(IReadOnlyList<DimensionDefinition> dimensions, IReadOnlyList<GraphNode> layer, NodeTies? ties, Reporter report)
{
    /// <summary>Reads the units.</summary>
    public List<UnitDefinition> Read(Field<IReadOnlyList<NamedItem<string>>> field)
    {
        var units = new List<UnitDefinition>();
        var names = new Dictionary<string, string>();
        foreach (var item in field.Value ?? [])
        {
            if (SpecNames.WhyNotMember(item.Name) is { } reason)
            {
                report.Add(Rules.BadName, item.NamePlace, $"the unit {Words.Quote(item.Name)} {reason}");
            }
            else if (names.TryGetValue(SpecNames.InCode(item.Name), out var other))
            {
                report.Add(Rules.BadName, item.NamePlace, $"the units '{item.Name}' and '{other}' would have one name in generated code");
            }
            else
            {
                names.Add(SpecNames.InCode(item.Name), item.Name);
            }

            CheckUnit(item, units.FirstOrDefault(unit => unit.Dimension == item.Value)?.Name);
            units.Add(new(item.Name, item.Value));
        }

        return units;
    }

    private void CheckUnit(NamedItem<string> unit, string? earlier)
    {
        var cuttable = layer.Where(node => node.Op == "linear" && node.Out.Count > 0).Select(node => node.Out[0])
            .Append(DimensionNames.Hidden).Distinct().ToList();
        var dimension = dimensions.FirstOrDefault(known => known.Name == unit.Value);
        if (dimension is null)
        {
            report.Add(Rules.UnknownName, unit.Place, $"the unit '{unit.Name}' is counted by {Words.Quote(unit.Value)}, which is no dimension{Words.Hint(unit.Value, cuttable)}");
        }
        else if (ties is not null && !cuttable.Contains(unit.Value))
        {
            report.Add(Rules.Unit, unit.Place, $"the unit '{unit.Name}' cannot be counted by '{unit.Value}': units are what a linear of the layer puts out, outermost{Words.Hint(unit.Value, cuttable)}");
        }
        else if (dimension is { Key: null, Default: not null })
        {
            report.Add(Rules.Unit, unit.Place, $"the unit '{unit.Name}' cannot be counted by '{unit.Value}', which is always {dimension.Default}");
        }
        else if (earlier is not null)
        {
            report.Add(Rules.Unit, unit.Place, $"the unit '{unit.Name}' cannot be counted by '{unit.Value}', which counts the unit '{earlier}'");
        }
        else if (ties?.FirstUntied(unit.Value) is var (one, other))
        {
            report.Add(Rules.Unit, unit.Place, $"the unit '{unit.Name}' cannot be counted by '{unit.Value}': '{one}' and '{other}' both put it out, and nothing ties them: give each a dimension of its own");
        }
    }
}
