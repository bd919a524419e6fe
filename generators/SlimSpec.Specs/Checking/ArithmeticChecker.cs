using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Checks that the sizes of a resolved model fit together and that their products can be counted.</summary>
internal sealed class ArithmeticChecker(
    ArchitectureModel architecture,
    IReadOnlyDictionary<string, Located<int>> dimensions,
    IReadOnlyList<NamedConstant> constants,
    Func<string, Place> placeOf,
    Func<string, string> keyOf,
    Reporter report)
{
    /// <summary>Checks all attention nodes and all weights.</summary>
    public void Check(double mostParameters)
    {
        var axes = GraphAxes.OfLayer(architecture);
        foreach (var node in architecture.Layer)
        {
            if (node.Op == "attention")
            {
                CheckHeads(axes[node.Input("q")][0], axes[node.Input("k")][0]);
                CheckRotation(node, axes[node.Input("q")][1]);
            }
            else if (node.Pack?.Interleaved is { } units && node.Out[0] != units)
            {
                CheckHeads(node.Out[0], units);
            }
        }

        CheckPrefix();
        CheckSizes(axes, mostParameters);
    }

    private void CheckHeads(string heads, string groups)
    {
        if (dimensions[heads].Value % dimensions[groups].Value != 0)
        {
            report.Add(Rules.Divisibility, dimensions[groups].Place, $"{Sized(heads)} is not divisible by {Sized(groups)}: every KV head serves equally many query heads");
        }
    }

    private void CheckRotation(GraphNode node, string headSize)
    {
        if (node.Attribute("rope.theta") is null)
        {
            return;
        }

        var head = dimensions[headSize];
        var (multiple, why) = node.Attribute("rope.planes") == "2" ? (4, "divisible by 4: rotary positions in two planes turn pairs of channels in each half") : (2, "even: rotary positions turn pairs of channels");
        if (node.Attribute("rope.dims") is { } dims)
        {
            if (dimensions[dims].Value > head.Value)
            {
                report.Add(Rules.OutOfRange, dimensions[dims].Place, $"'{keyOf(dims)}' is {dimensions[dims].Value} and must be at most '{keyOf(headSize)}' {head.Value}: no more channels can be rotated than a head has");
            }
            else if (dimensions[dims].Value % multiple != 0)
            {
                report.Add(Rules.Divisibility, dimensions[dims].Place, $"'{keyOf(dims)}' is {dimensions[dims].Value} and must be {why}");
            }
        }
        else if (node.Attribute("rope.fraction") is { } fraction)
        {
            var part = new GraphValues(_ => null, constants.ToDictionary(constant => constant.Name, constant => constant.Value)).Number(fraction)!.Value;
            var rotated = RotaryPart(head.Value, part);
            if (rotated == 0 || rotated % multiple != 0)
            {
                var rotates = rotated == 0 ? "none: nothing would be rotated" : $"{rotated} and must be {why}";
                report.Add(Rules.Divisibility, IsConstant(fraction) ? placeOf(fraction) : head.Place, $"{part.ToString("R", CultureInfo.InvariantCulture)} of '{keyOf(headSize)}' {head.Value} is {rotates}");
            }
        }
        else if (head.Value % multiple != 0)
        {
            report.Add(Rules.Divisibility, head.Place, $"'{keyOf(headSize)}' is {head.Value} and must be {why}");
        }
    }

    /// <summary>Channels of a head that a fraction rotates: rounded down, as transformers does.</summary>
    internal static int RotaryPart(int headSize, double fraction) => (int)(headSize * fraction);

    private void CheckPrefix()
    {
        if (architecture.Prefix is not { } prefix)
        {
            return;
        }

        var vocabulary = dimensions[DimensionNames.Vocabulary].Value;
        foreach (var token in constants.Where(constant => (constant.Name == prefix.Start || prefix.Marks.Contains(constant.Name)) && constant.Value.Number >= vocabulary))
        {
            report.Add(Rules.OutOfRange, placeOf(token.Name), $"'{token.Key}' is {token.Value.Number} and must be below {Sized(DimensionNames.Vocabulary)}: it is the id of a token");
        }
    }

    private void CheckSizes(IReadOnlyDictionary<string, EquatableArray<string>> axes, double mostParameters)
    {
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

    private double Parameters(EquatableArray<GraphNode> nodes, IReadOnlyDictionary<string, EquatableArray<string>> axes) =>
        nodes.Where(node => node.Weight is not null).Sum(node => node.Op switch
        {
            "embedding" => dimensions[node.Attribute("rows")!].Value * Size(node.Out),
            "linear" => Size(axes[node.Input()]) * Size(node.Out),
            _ => Size(axes[node.Name]),
        });

    private double Size(EquatableArray<string> axis) => axis.Aggregate(1.0, (product, name) => product * dimensions[name].Value);

    private string Sized(string dimension) => $"'{keyOf(dimension)}' {dimensions[dimension].Value}";

    private bool IsConstant(string name) => constants.Any(constant => constant.Name == name);
}
