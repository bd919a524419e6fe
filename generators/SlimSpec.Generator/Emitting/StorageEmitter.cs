using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes the expressions that make uninitialised weights, in the layout that the checkpoint has them in.</summary>
internal static class StorageEmitter
{
    /// <summary>C# that makes a weight, over several lines where it has several parts.</summary>
    /// <param name="graph">The recipe.</param>
    /// <param name="stored">The weight.</param>
    /// <param name="prefix">C# text in front of the weight's name, inside an interpolated string; empty outside the layers.</param>
    public static string Weight(RecipeGraph graph, StoredWeight stored, string prefix)
    {
        var columns = stored.First.Op switch
        {
            "linear" => graph.Width(graph.Axis(stored.Section, stored.First.Input())),
            "embedding" => graph.Width(stored.First.Out),
            _ => null,
        };
        return columns is null
            ? $"WeightLeaf.Vector({Name(prefix, $"{stored.First.Weight}.weight")}, {graph.Width(graph.Axis(stored.Section, stored.First.Name))}, dtype, device{Offset(graph, stored.First)})"
            : stored.IsPacked
                ? Call($"WeightLeaf.Packed({Name(prefix, $"{stored.First.Weight}.weight")}, {Layout(graph, stored)}, {columns}, dtype, device", PackedParts(graph, stored))
                : Call($"WeightLeaf.Matrix({columns}, dtype, device", Parts(graph, stored, prefix, "weight"));
    }

    /// <summary>C# that makes the bias beside a weight.</summary>
    /// <inheritdoc cref="Weight"/>
    public static string Bias(RecipeGraph graph, StoredWeight stored, string prefix) =>
        stored.First.Op != "linear" ? $"WeightLeaf.Vector({Name(prefix, $"{stored.First.Weight}.bias")}, {graph.Width(graph.Axis(stored.Section, stored.First.Name))}, dtype, device)"
        : stored.IsPacked ? Call($"WeightLeaf.PackedVector({Name(prefix, $"{stored.First.Weight}.bias")}, {Layout(graph, stored)}, dtype, device", PackedParts(graph, stored))
        : Call("WeightLeaf.Vectors(dtype, device", Parts(graph, stored, prefix, "bias"));

    private static IEnumerable<string> Parts(RecipeGraph graph, StoredWeight stored, string prefix, string kind) => stored.Nodes.Select(node =>
        $"({Name(prefix, $"{node.Weight}.{kind}")}, {(node.Op == "embedding" ? RecipeGraph.TableRows(node, graph.Local) : graph.Width(node.Out))})");

    private static IEnumerable<string> PackedParts(RecipeGraph graph, StoredWeight stored) => stored.Nodes.Select(node =>
        $"({Literals.String(node.Pack is null ? string.Empty : node.Name)}, {graph.Width(node.Out)})");

    // What the forward adds to the weights before it scales with them.
    private static string Offset(RecipeGraph graph, GraphNode node) =>
        node.Op == "rms_norm" && node.Attribute("offset") is { } shift && graph.Value(shift) != 0 ? $", offset: {graph.Number(shift)}" : string.Empty;

    private static string Layout(RecipeGraph graph, StoredWeight stored) =>
        $"new(Transposed: {(stored.IsTransposed ? "true" : "false")}, InterleavedUnits: {(stored.First.Pack?.Interleaved is { } units ? graph.Local(units) : "0")})";

    private static string Call(string head, IEnumerable<string> parts)
    {
        var all = parts.ToList();
        return all.Count == 1 ? $"{head}, {all[0]})" : $"{head},\n    {string.Join(",\n    ", all)})";
    }

    private static string Name(string prefix, string name) => prefix.Length == 0 ? $"\"{name}\"" : $"$\"{prefix}{name}\"";
}
