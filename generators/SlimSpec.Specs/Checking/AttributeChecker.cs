using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks what the keys of a node say together.</summary>
internal sealed class AttributeChecker(SectionState state, WeightNames weights, bool hasPrefix, Reporter report)
{
    /// <summary>Checks one node; of a linear with several outputs, the first.</summary>
    public void Check(GraphNode node, MappingNode mapping, string path)
    {
        CheckCondition(node, mapping, path);
        switch (node.Op)
        {
            case "embedding":
                CheckTable(node, mapping, path);
                break;
            case "linear":
                CheckTie(node, mapping, path);
                break;
            case "attention":
                CheckRotation(node, mapping, path);
                break;
        }
    }

    /// <summary>A node that may vanish leaves its place to its first input, which must have the same axis.</summary>
    private void CheckCondition(GraphNode node, MappingNode mapping, string path)
    {
        if (node.When is not { } when || node.Op == "choose" || node.Pack is not null)
        {
            return;
        }

        var at = mapping.Find("when")!.Place;
        if (node.Op == "embedding")
        {
            report.Add(Rules.Conflict, at, $"'{path}' is an embedding and cannot have 'when': let a choose pass it over");
        }
        else if (node.Inputs.Count > 0 && state.Axes.TryGetValue(node.Inputs[0].Node, out var before) && state.Axes.TryGetValue(node.Name, out var after) && before != after)
        {
            var isResize = node.Op == "linear" && before.Count == 1 && after.Count == 1;
            if (!isResize || Condition.Parse(when)!.Difference is not var (left, right) || !new HashSet<string> { left, right }.SetEquals([before[0], after[0]]))
            {
                var remedy = isResize ? $"can be left out only under the condition '{before[0]} != {after[0]}'" : "cannot be left out";
                report.Add(Rules.Axes, at, $"'{path}' maps {AxisChecker.Text(before)} to {AxisChecker.Text(after)} and {remedy}");
            }
        }
    }

    private void CheckTable(GraphNode node, MappingNode mapping, string path)
    {
        if (node.Inputs.Count == 0 || node.Attribute("rows") is not { } rows)
        {
            return;
        }

        var needed = node.Input() == GraphAxes.Positions ? DimensionNames.Positions : DimensionNames.Vocabulary;
        if (node.Input() is GraphAxes.Ids or GraphAxes.Positions && rows != needed)
        {
            report.Add(Rules.Axes, mapping.Find("rows")!.Place, $"'{path}.rows' must be '{needed}' for a table read by '{node.Input()}', found '{rows}'");
        }

        if (node.Input() == GraphAxes.Ids && node.Attribute("offset") is not (null or "0"))
        {
            report.Add(Rules.Conflict, mapping.Find("offset")!.Place, $"'{path}.offset' is for a table read by '{GraphAxes.Positions}'");
        }
    }

    /// <summary>A tied head uses the embedding's table, so both must have the same rows and columns, stored alike.</summary>
    private void CheckTie(GraphNode node, MappingNode mapping, string path)
    {
        if (node.Attribute("tied.to") is not { } weight || weights.Table(weight) is not { } table)
        {
            return;
        }

        if (node.Inputs.Count == 1 && state.Axes.TryGetValue(node.Input(), out var columns) && node.Out.Count > 0 && table.Out.Count > 0 && table.Attribute("rows") is { } rows
            && (node.Out != new EquatableArray<string>([rows]) || columns != table.Out))
        {
            report.Add(Rules.Axes, mapping.Find("tied")!.Place, $"'{node.Name}' maps {AxisChecker.Text(columns)} to {AxisChecker.Text(node.Out)} and cannot be tied to '{weight}', which has rows [{rows}] of {AxisChecker.Text(table.Out)}");
        }

        if (node.Attribute("layout") == "in_out")
        {
            report.Add(Rules.Conflict, mapping.Find("layout")!.Place, $"'{path}' cannot have the layout in_out and be tied to a table, which is [{table.Attribute("rows")}, {string.Join(" * ", table.Out)}]");
        }
    }

    private void CheckRotation(GraphNode node, MappingNode mapping, string path)
    {
        if (mapping.Find("rope") is not MappingNode rope)
        {
            return;
        }

        if (node.Attribute("rope.dims") is not null && node.Attribute("rope.fraction") is not null)
        {
            report.Add(Rules.Conflict, rope.Find("fraction")!.Place, $"'{path}.rope' can have 'dims' or 'fraction', not both");
        }

        if (node.Attribute("rope.planes") == "2")
        {
            if (!hasPrefix)
            {
                report.Add(Rules.Conflict, rope.Find("planes")!.Place, $"'{path}.rope.planes' is 2, which needs 'prefix': the second place is counted from where it ends");
            }

            foreach (var other in new[] { "dims", "fraction", "scaling" }.Where(other => node.Attribute($"rope.{other}") is not null))
            {
                report.Add(Rules.Conflict, rope.Find(other)!.Place, $"'{path}.rope' cannot have '{other}' with 2 planes");
            }
        }

        CheckScaling(node, rope, path);
    }

    /// <summary>Parameters need a scaling; a scaling that is written out needs its parameters.</summary>
    private void CheckScaling(GraphNode node, MappingNode rope, string path)
    {
        var scaling = node.Attribute("rope.scaling");
        foreach (var parameter in RopeScaling.Parameters.Where(parameter => rope.Find("scaling") is null && node.Attribute(parameter) is not null))
        {
            var key = parameter.Substring("rope.".Length);
            report.Add(Rules.Conflict, rope.Find(key)!.Place, $"'{path}.rope.{key}' is for a scaling: 'rope' needs the key 'scaling'");
        }

        foreach (var parameter in RopeScaling.Of(scaling).Where(parameter => node.Attribute(parameter) is null))
        {
            report.Add(Rules.MissingKey, rope.Place, $"'{path}.rope' needs the key '{parameter.Substring("rope.".Length)}' for the scaling {scaling}");
        }
    }
}
