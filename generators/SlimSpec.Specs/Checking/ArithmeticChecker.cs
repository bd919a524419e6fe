using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks that a model's sizes fit together and that their products can be counted.</summary>
internal sealed class ArithmeticChecker(ArchitectureModel architecture, IReadOnlyDictionary<string, Located<int>> dimensions, Func<string, string> keyOf, Reporter report)
{
    /// <summary>Checks all attention nodes and all weights.</summary>
    public void Check(double mostParameters)
    {
        var axes = GraphAxes.OfLayer(architecture);
        foreach (var node in architecture.Layer.Where(node => node.Op == "attention"))
        {
            CheckAttention(node, axes[node.Input("q")], axes[node.Input("k")]);
        }

        var parameters = Parameters(architecture.Embedding, GraphAxes.OfEmbedding(architecture))
            + Parameters(architecture.Head, GraphAxes.OfHead(architecture))
            + (Parameters(architecture.Layer, axes) * dimensions[DimensionNames.Layers].Value);
        var largest = dimensions.OrderByDescending(dimension => dimension.Value.Value).First();
        if (parameters > mostParameters)
        {
            report.Add(Rules.TooLarge, largest.Value.Place, $"the model would have {parameters:0.0e+0} parameters; '{keyOf(largest.Key)}' is {largest.Value.Value}");
        }

        foreach (var axis in axes.Values.Distinct().Where(axis => Size(axis) > int.MaxValue))
        {
            var first = axis.OrderByDescending(name => dimensions[name].Value).First();
            report.Add(Rules.TooLarge, dimensions[first].Place, $"{string.Join(" * ", axis.Select(name => $"'{keyOf(name)}'"))} is more than {int.MaxValue}");
        }
    }

    private void CheckAttention(GraphNode node, EquatableArray<string> queries, EquatableArray<string> keys)
    {
        var (heads, groups, head) = (dimensions[queries[0]], dimensions[keys[0]], dimensions[queries[1]]);
        if (heads.Value % groups.Value != 0)
        {
            report.Add(Rules.Divisibility, groups.Place, $"'{keyOf(queries[0])}' {heads.Value} is not divisible by '{keyOf(keys[0])}' {groups.Value}: every KV head serves equally many query heads");
        }

        if (node.Attribute("rope.theta") is not null && head.Value % 2 != 0)
        {
            report.Add(Rules.Divisibility, head.Place, $"'{keyOf(queries[1])}' is {head.Value} and must be even: rotary positions turn pairs of channels");
        }
    }

    private double Parameters(EquatableArray<GraphNode> nodes, IReadOnlyDictionary<string, EquatableArray<string>> axes) =>
        nodes.Where(node => node.Weight is not null).Sum(node => node.Op switch
        {
            "embedding" => dimensions[node.Attribute("rows")!].Value * Size(node.Out),
            "linear" => Size(axes[node.Input()]) * Size(node.Out),
            _ => Size(axes[node.Name]),
        });

    private double Size(EquatableArray<string> axis) => axis.Aggregate(1.0, (product, name) => product * dimensions[name].Value);
}
