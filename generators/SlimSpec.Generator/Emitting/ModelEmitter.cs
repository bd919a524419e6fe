using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>Model</c>: embedding, blocks and head, with the full, the cached and the one-row forward.</summary>
internal static class ModelEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary($"The {graph.Architecture.Name} model of this recipe, laid out as <c>{graph.Architecture.HuggingFace.Class}</c>.");
        using (writer.Open("public sealed class Model : CausalLM"))
        {
            EmitFields(writer, graph);
            EmitConstructors(writer, graph);
            EmitProperties(writer, graph);
            EmitPieces(writer, graph);
            EmitForwards(writer, graph);
            EmitDispose(writer, graph);
        }

        writer.Blank();
    }

    private static void EmitFields(CodeWriter writer, RecipeGraph graph)
    {
        foreach (var stored in graph.OuterWeights.Stored)
        {
            writer.Write($"private readonly WeightLeaf {stored.Field};");
        }

        if (graph.UsesRotation)
        {
            writer.Write("private readonly RotaryTable _rotary;");
        }

        writer.Blank();
    }

    private static void EmitConstructors(CodeWriter writer, RecipeGraph graph)
    {
        var outer = graph.OuterWeights.Stored;
        writer.Summary("Makes a model with uninitialised weights.");
        writer.Write("public Model(Shape shape, ScalarType dtype, Device device)");
        writer.Write("    : this(");
        writer.Write("        shape,");
        writer.Write("        dtype,");
        writer.Write("        device,");
        foreach (var stored in outer)
        {
            writer.Write($"        {Storage(graph, stored.Nodes[0])},");
        }

        writer.Write("        [.. shape.Layers.Select((layer, index) => new Block(index, layer, dtype, device))])");
        writer.Write("{");
        writer.Write("}");
        writer.Blank();
        writer.Write("// Takes the weights as they are: a pruner brings its own.");
        using (writer.Open($"internal Model(Shape shape, ScalarType dtype, Device device, {string.Join(", ", outer.Select(stored => $"WeightLeaf {stored.Local}"))}, IReadOnlyList<Block> blocks)\n    : base({Literals.String(graph.Recipe.Name)}, shape, dtype, device)"))
        {
            foreach (var stored in outer)
            {
                writer.Write($"{stored.Field} = {stored.Local};");
            }

            writer.Write("Blocks = blocks;");
            if (graph.UsesRotation)
            {
                var attention = graph.AttentionNodes.First();
                var headDim = graph.Local(graph.Coupling.Axis(attention.Input("q"))[1]);
                writer.Write($"_rotary = new({headDim}, {graph.Number(attention.Attribute("rope.theta")!)}, dtype, device);");
            }
        }

        writer.Blank();
    }

    private static string Storage(RecipeGraph graph, GraphNode node)
    {
        var hidden = graph.Local(graph.EmbeddingNode.Out[0]);
        return node.Op switch
        {
            "embedding" => $"WeightLeaf.Matrix({hidden}, dtype, device, (\"{node.Weight}.weight\", {graph.Local(node.Attribute("rows")!)}))",
            "linear" => $"WeightLeaf.Matrix({hidden}, dtype, device, (\"{node.Weight}.weight\", {graph.Width(node.Out)}))",
            _ => $"WeightLeaf.Vector(\"{node.Weight}.weight\", {hidden}, dtype, device)",
        };
    }

    private static void EmitProperties(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("The decoder layers, first to last.");
        writer.Write("public IReadOnlyList<Block> Blocks { get; }");
        writer.Blank();
        foreach (var stored in graph.OuterWeights.Stored)
        {
            writer.Summary($"<c>{stored.Nodes[0].Weight}.weight</c>.");
            writer.Write($"public NamedWeight {graph.OuterWeights.Property(stored.Nodes[0])} => {stored.Field}.Parts[0];");
            writer.Blank();
        }

        var before = graph.OuterWeights.Nodes.Where(node => node.Op == "embedding").Select(graph.OuterWeights.Property);
        var behind = graph.OuterWeights.Nodes.Where(node => node.Op != "embedding").Select(graph.OuterWeights.Property);
        var attention = graph.AttentionNodes.First();
        var kv = graph.Coupling.Axis(attention.Input("k"));
        var kvHeads = graph.IsLayerDimension(kv[0]) ? $"block.Shape.{CSharpNames.Pascal(kv[0])}" : graph.Local(kv[0]);
        writer.Write($$"""
            public override IReadOnlyList<DecoderLayer> Layers => Blocks;

            public override IReadOnlyList<WeightLeaf> OuterLeaves => [{{string.Join(", ", graph.OuterWeights.Stored.Select(stored => stored.Field))}}];

            public override IEnumerable<NamedWeight> Weights => [{{string.Join(", ", before.Append(".. Blocks.SelectMany(block => block.Weights)").Concat(behind))}}];

            public override bool TiedHead => {{(graph.HasTiedHead ? "true" : "false")}};

            public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) =>
                new([.. Blocks.Select(block => ({{kvHeads}}, {{graph.Local(kv[1])}}))], Dtype, Device, batch, capacity);

            """);
    }

    private static void EmitPieces(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write($"public override Tensor Embed(Tensor inputIds) => Kernels.embedding(inputIds, {graph.OuterWeights.Of(graph.EmbeddingNode).Field}.Leaf);");
        writer.Blank();
        using (writer.Open("public override Tensor RunLayer(int layer, Tensor hidden)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            EmitRows(writer, graph, "0", "hidden.size(1)");
            writer.Write($"return Blocks[layer].Forward(hidden{Rotation(graph)}).MoveToOuterDisposeScope();");
        }

        writer.Blank();
        using (writer.Open("public override Tensor Head(Tensor hidden)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            EmitHead(writer, graph, "hidden", oneRow: false);
        }

        writer.Blank();
    }

    private static void EmitForwards(CodeWriter writer, RecipeGraph graph)
    {
        using (writer.Open("public override Tensor forward(Tensor inputIds)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            EmitRows(writer, graph, "0", "inputIds.size(1)");
            writer.Write("var x = Embed(inputIds); // [batch, tokens, hidden]");
            EmitLoop(writer, $"block.Forward(x{Rotation(graph)})");
            writer.Write("return Head(x).MoveToOuterDisposeScope();");
        }

        writer.Blank();
        using (writer.Open("public override Tensor Prefill(Tensor inputIds, KeyValueCache cache)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("var tokens = inputIds.size(1);");
            EmitRows(writer, graph, "cache.Length", "tokens");
            writer.Write("var x = Embed(inputIds); // [batch, tokens, hidden]");
            EmitLoop(writer, $"block.Forward(x{Rotation(graph)}, cache)");
            writer.Write("cache.Advance(tokens);");
            writer.Write("return Head(x.narrow(1, tokens - 1, 1)).squeeze(1).MoveToOuterDisposeScope();");
        }

        writer.Blank();
        using (writer.Open("public override Tensor Decode(Tensor inputId, KeyValueCache cache)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            EmitRows(writer, graph, "cache.Length", "1");
            writer.Write("var x = Embed(inputId).squeeze(0); // [hidden]");
            EmitLoop(writer, $"block.Decode(x{Rotation(graph)}, cache)");
            writer.Write("cache.Advance(1);");
            EmitHead(writer, graph, "x", oneRow: true);
        }
    }

    private static void EmitLoop(CodeWriter writer, string call)
    {
        using (writer.Open("foreach (var block in Blocks)"))
        {
            writer.Write($"x = Replace(x, {call});");
        }

        writer.Blank();
    }

    private static void EmitHead(CodeWriter writer, RecipeGraph graph, string input, bool oneRow)
    {
        var lines = new List<(string, string?)>();
        string Value(string node) => node == "x" ? input : CSharpNames.Local(node);
        foreach (var node in graph.Architecture.Head)
        {
            var value = node.Op switch
            {
                "rms_norm" => $"Kernels.rms_norm({Value(node.Input())}, {graph.OuterWeights.Of(node).Field}.Leaf, {graph.Number(node.Attribute("eps")!)})",
                _ => oneRow ? $"{HeadField(graph, node)}.Leaf.mv({Value(node.Input())})" : $"functional.linear({Value(node.Input())}, {HeadField(graph, node)}.Leaf)",
            };
            var width = node.Op == "linear" ? Shapes.Product(node.Out) : graph.EmbeddingNode.Out[0];
            lines.Add(($"var {CSharpNames.Local(node.Name)} = {value};", Shapes.Activation(width, oneRow)));
        }

        lines.Add(($"return {CSharpNames.Local(graph.HeadNode.Name)}.MoveToOuterDisposeScope();", null));
        writer.Statements(lines);
    }

    private static string HeadField(RecipeGraph graph, GraphNode node) =>
        graph.OuterWeights.Of(graph.IsTied(node) ? graph.EmbeddingNode : node).Field;

    private static void EmitRows(CodeWriter writer, RecipeGraph graph, string start, string tokens)
    {
        if (graph.UsesRotation)
        {
            writer.Write($"var (cos, sin) = _rotary.Rows({start}, {tokens}); // [tokens, head_dim]");
        }
    }

    private static string Rotation(RecipeGraph graph) => graph.UsesRotation ? ", cos, sin" : string.Empty;

    private static void EmitDispose(CodeWriter writer, RecipeGraph graph)
    {
        if (!graph.UsesRotation)
        {
            return;
        }

        writer.Blank();
        using (writer.Open("protected override void Dispose(bool disposing)"))
        {
            using (writer.Open("if (disposing)"))
            {
                writer.Write("_rotary.Dispose();");
            }

            writer.Blank();
            writer.Write("base.Dispose(disposing);");
        }
    }
}
