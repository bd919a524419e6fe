using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes how the recipe's model is said in GGUF: the architecture's declaration with this configuration's values.</summary>
internal static class GgufEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        if (graph.Architecture.Gguf is not { } gguf)
        {
            return;
        }

        using (writer.Open($"Gguf = new({Graph(gguf.Uniform)}, {(gguf.Uneven is { } uneven ? Graph(uneven) : "null")})", "},"))
        {
            if (GgufRefusal.Of(graph.Recipe) is { } refusal)
            {
                writer.Write($"Refusal = {Literals.String(refusal)},");
            }

            ArchitectureEmitter.Pairs(writer, "Sizes", gguf.Metadata.Where(entry => IsDimension(graph, entry.Text)).Select(entry => (entry.Name, graph.NameOf(entry.Text))));
            writer.Write($"Numbers = [{string.Join(", ", gguf.Metadata.Where(entry => !IsDimension(graph, entry.Text)).Select(entry => $"new({Literals.String(entry.Name)}, {graph.Number(entry.Text)})"))}],");
            ArchitectureEmitter.Pairs(writer, "Derived", gguf.Derived.Select(name => (graph.NameOf(name), graph.DefaultOf(name))));
            writer.Write($"Tensors = {Tensors(gguf.Embedding, graph.Architecture.Embedding, gguf.Head, graph.Architecture.Head)},");
            writer.Write($"LayerPrefix = {Literals.String(graph.Architecture.LayerPrefix)},");
            writer.Write($"LayerTensors = {Tensors(gguf.Layer, graph.Architecture.Layer)},");
            if (graph.Architecture.Embedding.Where(node => node.Op == "embedding" && node.Input() == "positions").ToList() is { Count: > 0 } places)
            {
                writer.Write($"Exact = [{string.Join(", ", places.Select(node => Literals.String(node.Weight!)))}],");
            }

            EmitRotation(writer, graph);
        }
    }

    private static void EmitRotation(CodeWriter writer, RecipeGraph graph)
    {
        if (graph.Rotary is not { } rotary)
        {
            return;
        }

        var node = graph.AttentionNode;
        var rotated = new[] { "q", "k" }.Select(role => graph.Architecture.Layer.First(each => each.Name == node.Input(role)).Weight).OfType<string>();
        var scaling = rotary.Scaling is { } text ? $" {{ Scaling = {text} }}" : "";
        writer.Write($"Rotation = new([{string.Join(", ", rotated.Select(Literals.String))}], {rotary.HeadDim.ToString(CultureInfo.InvariantCulture)}, {graph.Number(node.Attribute("rope.theta")!)}, {Literals.Flag(rotary.Block == 2)}){scaling},");
    }

    private static string Graph(GgufGraphModel graph) =>
        $"new({string.Join(", ", graph.MayBeZero.Select(Literals.String).Prepend(Literals.Flag(graph.Rotation == "interleaved")).Prepend(Literals.String(graph.Architecture)))})";

    private static bool IsDimension(RecipeGraph graph, string name) => graph.Architecture.Dimensions.Any(dimension => dimension.Name == name);

    private static string Tensors(EquatableArray<NamedText> names, EquatableArray<GraphNode> nodes) => Dictionary(Named(names, nodes));

    private static string Tensors(EquatableArray<NamedText> names, EquatableArray<GraphNode> nodes, EquatableArray<NamedText> others, EquatableArray<GraphNode> otherNodes) =>
        Dictionary(Named(names, nodes).Concat(Named(others, otherNodes)));

    private static string Dictionary(IEnumerable<(string Weight, string Name)> names) =>
        $"new Dictionary<string, string> {{ {string.Join(", ", names.Select(entry => $"[{Literals.String(entry.Weight)}] = {Literals.String(entry.Name)}"))} }}";

    // Of the nodes that this configuration has.
    private static IEnumerable<(string Weight, string Name)> Named(EquatableArray<NamedText> names, EquatableArray<GraphNode> nodes) =>
        names.SelectMany(entry => nodes.Where(node => node.Weight is not null && (node.Pack?.Name ?? node.Name) == entry.Name).Take(1), (entry, node) => (node.Weight!, entry.Text));
}
