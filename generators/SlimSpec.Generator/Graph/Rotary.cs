using System;
using System.Globalization;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>How an attention rotates its queries and keys, known at build.</summary>
/// <param name="Dims">Channels of a head that are rotated, the first ones.</param>
/// <param name="Block">Channels that form a block, whose halves belong together: all of them, 2 where pairs lie side by side.</param>
/// <param name="HeadDim">Channels of a head.</param>
/// <param name="Arguments">C# of the table's first arguments: dims and theta.</param>
/// <param name="Options">C# of what the table is told beyond them, or empty.</param>
/// <param name="Scaling">C# of how the frequencies are stretched, or null.</param>
internal sealed record Rotary(int Dims, int Block, int HeadDim, string Arguments, string Options, string? Scaling)
{
    /// <summary>C# of a call's last argument, or empty where the block is all of the rotated channels.</summary>
    public string BlockArgument => Block == Dims ? string.Empty : $", block: {Block.ToString(CultureInfo.InvariantCulture)}";

    public static Rotary? Of(RecipeGraph graph)
    {
        var node = graph.AttentionNode;
        if (node.Attribute("rope.theta") is not { } theta)
        {
            return null;
        }

        var headDim = graph.Axis(GraphSections.Layer, node.Input("q"))[1];
        var size = graph.Size(headDim);
        var dims = node.Attribute("rope.dims") is { } dimension ? graph.Size(dimension)
            : node.Attribute("rope.fraction") is { } fraction ? (int)Math.Floor(size * graph.Value(fraction))
            : size;
        var planes = node.Attribute("rope.planes") is { } number ? (int)graph.Value(number) : 1;
        var block = node.Attribute("rope.style") == "interleaved" ? 2 : dims / planes;
        var width = dims == size ? graph.Local(headDim) : dims.ToString(CultureInfo.InvariantCulture);
        return new(dims, block, size, $"{width}, {graph.Number(theta)}", OptionsOf(graph, node, dims, block, planes), ScalingOf(graph, node));
    }

    private static string OptionsOf(RecipeGraph graph, GraphNode node, int dims, int block, int planes)
    {
        var options = new System.Collections.Generic.List<string>();
        if (block != dims)
        {
            options.Add($"Block = {block.ToString(CultureInfo.InvariantCulture)}");
        }

        if (planes != 1)
        {
            options.Add($"Planes = {planes.ToString(CultureInfo.InvariantCulture)}");
        }

        if (node.Attribute("rope.frequencies") == "float16")
        {
            options.Add("HalfPrecisionFrequencies = true");
        }

        if (ScalingOf(graph, node) is { } scaling)
        {
            options.Add($"Scaling = {scaling}");
        }

        return options.Count == 0 ? string.Empty : $" {{ {string.Join(", ", options)} }}";
    }

    private static string? ScalingOf(RecipeGraph graph, GraphNode node)
    {
        string Given(string key) => graph.Number(node.Attribute($"rope.{key}")!);
        return node.Attribute("rope.scaling") switch
        {
            "linear" => $"RotaryScaling.Linear({Given("factor")})",
            "llama3" => $"RotaryScaling.Llama3({Given("factor")}, {Given("low_freq_factor")}, {Given("high_freq_factor")}, {Given("original_positions")})",
            _ => null,
        };
    }
}
