using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads <c>units:</c> and checks that each can be cut.</summary>
internal sealed class UnitChecker(IReadOnlyList<DimensionDefinition> dimensions, IReadOnlyList<GraphNode> layer, bool isLayerSound, Reporter report)
{
    /// <summary>Reads the units.</summary>
    public List<UnitDefinition> Read(Field<IReadOnlyList<NamedItem<string>>> field)
    {
        var units = new List<UnitDefinition>();
        var names = new Dictionary<string, string>();
        foreach (var item in field.Value ?? [])
        {
            if (SpecNames.WhyNotNode(item.Name) is { } reason)
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
            .Except([DimensionNames.Hidden]).Except(QueryDimensions()).ToList();
        if (dimensions.All(dimension => dimension.Name != unit.Value))
        {
            report.Add(Rules.UnknownName, unit.Place, $"the unit '{unit.Name}' is counted by {Words.Quote(unit.Value)}, which is no dimension{Words.Hint(unit.Value, cuttable)}");
        }
        else if (!cuttable.Contains(unit.Value))
        {
            report.Add(Rules.Unit, unit.Place, $"the unit '{unit.Name}' cannot be counted by '{unit.Value}': units are what a linear of the layer puts out, outermost; query heads go with their KV heads{Words.Hint(unit.Value, cuttable)}");
        }
        else if (earlier is not null)
        {
            report.Add(Rules.Unit, unit.Place, $"the unit '{unit.Name}' cannot be counted by '{unit.Value}', which counts the unit '{earlier}'");
        }
        else if (isLayerSound && FirstUntied(unit.Value) is var (one, other))
        {
            report.Add(Rules.Unit, unit.Place, $"the unit '{unit.Name}' cannot be counted by '{unit.Value}': '{one}' and '{other}' both put it out, and nothing ties them: give each a dimension of its own");
        }
    }

    /// <summary>Dimensions that count query heads where KV heads are fewer: they follow the KV heads and cannot be cut alone.</summary>
    private IEnumerable<string> QueryDimensions()
    {
        foreach (var attention in layer.Where(node => node.Op == "attention"))
        {
            string? First(string role)
            {
                var source = attention.Inputs.Where(input => input.Role == role).Select(input => input.Node);
                return layer.Where(node => source.Contains(node.Name)).SelectMany(node => node.Out).FirstOrDefault();
            }

            if (First("q") is { } queries && queries != First("k"))
            {
                yield return queries;
            }
        }
    }

    /// <summary>Two linears that put out a dimension and need not keep the same units of it, if there are such.</summary>
    private (string One, string Other)? FirstUntied(string dimension)
    {
        // Every operation but a linear ties what it reads and puts out: nodes of one class keep the same units.
        var classes = layer.ToDictionary(node => node.Name, node => node.Name);
        foreach (var node in layer.Where(node => node.Op != "linear"))
        {
            foreach (var input in node.Inputs.Where(input => classes.ContainsKey(input.Node)))
            {
                var (from, to) = (classes[input.Node], classes[node.Name]);
                foreach (var name in classes.Keys.Where(name => classes[name] == from).ToList())
                {
                    classes[name] = to;
                }
            }
        }

        var sources = layer.Where(node => node.Op == "linear" && node.Out.Contains(dimension)).Select(node => node.Name).ToList();
        return sources.Skip(1).FirstOrDefault(other => classes[other] != classes[sources[0]]) is { } found ? (sources[0], found) : null;
    }
}
