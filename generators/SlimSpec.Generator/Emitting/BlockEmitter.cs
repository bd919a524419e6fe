using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>Block</c>: one decoder layer with its weights, forward and one-row decode.</summary>
internal static class BlockEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary($"One decoder layer. Linears that read the same input are stored, and multiplied, as one matrix.");
        using (writer.Open("public sealed class Block : DecoderLayer"))
        {
            foreach (var stored in graph.LayerWeights.Stored)
            {
                writer.Write($"private readonly WeightLeaf {stored.Field};");
            }

            writer.Blank();
            EmitConstructor(writer, graph);
            EmitProperties(writer, graph);
            EmitForward(writer, graph);
            writer.Blank();
            EmitDecode(writer, graph);
        }

        writer.Blank();
    }

    private static void EmitConstructor(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Makes a layer with uninitialised weights.");
        using (writer.Open("public Block(int index, LayerShape shape, ScalarType dtype, Device device)"))
        {
            writer.Write("(Index, Shape) = (index, shape);");
            writer.Write(Deconstruct(graph, "shape"));
            writer.Write($"var prefix = $\"{graph.Architecture.LayerPrefix}.{{index}}\";");
            foreach (var stored in graph.LayerWeights.Stored)
            {
                EmitStorage(writer, graph, stored);
            }

            writer.Blank();
            writer.Write($"Leaves = [{string.Join(", ", graph.LayerWeights.Stored.Select(stored => stored.Field))}];");
            writer.Write("Weights = [.. Leaves.SelectMany(leaf => leaf.Parts)];");
            foreach (var node in LoraNodes(graph))
            {
                writer.Write($"{Lora(graph, node)} = new({Literals.String(CSharpNames.LastPart(node.Weight!))}, {graph.LayerWeights.Property(node)});");
            }

            writer.Write($"LoraTargets = [{string.Join(", ", LoraNodes(graph).Select(node => Lora(graph, node)))}];");
        }

        writer.Blank();
    }

    private static void EmitStorage(CodeWriter writer, RecipeGraph graph, StoredWeight stored)
    {
        var first = stored.Nodes[0];
        if (first.Op != "linear")
        {
            writer.Write($"{stored.Field} = WeightLeaf.Vector($\"{{prefix}}.{first.Weight}.weight\", {graph.Width(graph.Coupling.Axis(first.Name))}, dtype, device);");
            return;
        }

        writer.Write($"{stored.Field} = WeightLeaf.Matrix(");
        writer.Write($"    {graph.Width(graph.InputAxis(first))},");
        writer.Write("    dtype,");
        writer.Write("    device,");
        for (var i = 0; i < stored.Nodes.Count; i++)
        {
            var node = stored.Nodes[i];
            writer.Write($"    ($\"{{prefix}}.{node.Weight}.weight\", {graph.Width(node.Out)}){(i == stored.Nodes.Count - 1 ? ");" : ",")}");
        }
    }

    private static void EmitProperties(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("""
            /// <summary>Number of the layer, from 0.</summary>
            public int Index { get; }

            /// <summary>Sizes of the layer.</summary>
            public LayerShape Shape { get; }

            """);
        foreach (var stored in graph.LayerWeights.Stored)
        {
            for (var i = 0; i < stored.Nodes.Count; i++)
            {
                var node = stored.Nodes[i];
                writer.Summary($"<c>{node.Weight}.weight</c> {Shapes.Weight(graph, node)}.");
                writer.Write($"public NamedWeight {graph.LayerWeights.Property(node)} => {stored.Field}.Parts[{i}];");
                writer.Blank();
            }
        }

        foreach (var node in LoraNodes(graph))
        {
            writer.Summary($"Where an adapter of <c>{node.Weight}</c> is attached.");
            writer.Write($"public LoraTarget {Lora(graph, node)} {{ get; }}");
            writer.Blank();
        }

        writer.Write("""
            public override IReadOnlyList<NamedWeight> Weights { get; }

            public override IReadOnlyList<WeightLeaf> Leaves { get; }

            public override IReadOnlyList<LoraTarget> LoraTargets { get; }

            """);
    }

    private static void EmitForward(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("""
            /// <summary>The layer over whole sequences, <c>[batch, tokens, hidden]</c> to the same. With a cache, they go on where it ends.</summary>
            """);
        using (writer.Open($"public Tensor Forward(Tensor x{Rotation(graph)}, KeyValueCache? cache = null)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("var (batch, tokens) = (x.size(0), x.size(1));");
            writer.Write(Deconstruct(graph, "Shape"));
            writer.Statements(new LayerStatements(graph, oneRow: false).Lines);
        }
    }

    private static void EmitDecode(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("""
            /// <summary>The layer over the next token of one sequence, <c>[hidden]</c> to the same: matrix-vector products only.</summary>
            """);
        using (writer.Open($"public Tensor Decode(Tensor x{Rotation(graph)}, KeyValueCache cache)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write(Deconstruct(graph, "Shape"));
            writer.Statements(new LayerStatements(graph, oneRow: true).Lines);
        }
    }

    public static string Lora(RecipeGraph graph, GraphNode node) => $"{graph.LayerWeights.Property(node)}Lora";

    private static IEnumerable<GraphNode> LoraNodes(RecipeGraph graph) => graph.LayerWeights.Nodes.Where(graph.IsLoraTarget);

    private static string Rotation(RecipeGraph graph) => graph.UsesRotation ? ", Tensor cos, Tensor sin" : string.Empty;

    // One dimension alone cannot be deconstructed.
    private static string Deconstruct(RecipeGraph graph, string shape)
    {
        var names = graph.Coupling.LayerDimensions.Select(CSharpNames.Camel).ToList();
        return names.Count == 1 ? $"var {names[0]} = {shape}.{CSharpNames.Pascal(graph.Coupling.LayerDimensions[0])};" : $"var ({string.Join(", ", names)}) = {shape};";
    }
}
