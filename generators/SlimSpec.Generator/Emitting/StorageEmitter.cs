using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes the statements that make uninitialised weights, in the layout that the checkpoint has them in.</summary>
internal static class StorageEmitter
{
    /// <summary>Writes the assignments that make some weights.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="graph">The recipe.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="prefix">C# text in front of a weight's name, inside an interpolated string; empty outside the layers.</param>
    /// <param name="device">C# for where they are.</param>
    public static void EmitFields(CodeWriter writer, RecipeGraph graph, IEnumerable<StoredWeight> weights, string prefix, string device)
    {
        foreach (var stored in weights)
        {
            if (!stored.IsTied)
            {
                writer.Write($"{stored.Field} = {Weight(graph, stored, prefix, $"dtype, {device}")};");
            }

            if (stored.HasBias)
            {
                writer.Write($"{stored.BiasField} = {Bias(graph, stored, prefix, $"dtype, {device}")}{(stored.IsBiasAdded ? ".OrZero()" : string.Empty)};");
            }
        }
    }

    // Over several lines where the weight has several parts.
    private static string Weight(RecipeGraph graph, StoredWeight stored, string prefix, string place)
    {
        var columns = stored.First.Op switch
        {
            "linear" => graph.Width(graph.Axis(stored.Section, stored.First.Input())),
            "embedding" => graph.Width(stored.First.Out),
            _ => null,
        };
        return columns is null
            ? $"WeightLeaf.Vector({Name(prefix, $"{stored.First.Weight}.weight")}, {graph.Width(graph.Axis(stored.Section, stored.First.Name))}, {place}{Offset(graph, stored.First)})"
            : stored.IsPacked
                ? Call($"WeightLeaf.Packed({Name(prefix, $"{stored.First.Weight}.weight")}, {Layout(graph, stored)}, {columns}, {place}", PackedParts(graph, stored))
                : Call($"WeightLeaf.Matrix({columns}, {place}", Parts(graph, stored, prefix, "weight"));
    }

    private static string Bias(RecipeGraph graph, StoredWeight stored, string prefix, string place) =>
        stored.First.Op != "linear" ? $"WeightLeaf.Vector({Name(prefix, $"{stored.First.Weight}.bias")}, {graph.Width(graph.Axis(stored.Section, stored.First.Name))}, {place})"
        : stored.IsPacked ? Call($"WeightLeaf.PackedVector({Name(prefix, $"{stored.First.Weight}.bias")}, {Layout(graph, stored)}, {place}", PackedParts(graph, stored))
        : Call($"WeightLeaf.Vectors({place}", Parts(graph, stored, prefix, "bias"));

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
