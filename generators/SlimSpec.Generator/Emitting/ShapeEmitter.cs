using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes the sizes: <c>Dims</c>, <c>Constants</c>, <c>LayerShape</c> and <c>Shape</c>.</summary>
internal static class ShapeEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        EmitDims(writer, graph);
        EmitConstants(writer, graph);
        EmitLayerShape(writer, graph);
        EmitShape(writer, graph);
    }

    private static void EmitDims(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Sizes that all layers share.");
        using (writer.Open("public static class Dims"))
        {
            foreach (var dimension in Shared(graph))
            {
                writer.Write($"public const int {CSharpNames.Pascal(dimension.Name)} = {graph.Size(dimension.Name)}; // {dimension.Key}");
            }
        }

        writer.Blank();
    }

    private static void EmitConstants(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Numbers of the forward pass.");
        using (writer.Open("public static class Constants"))
        {
            foreach (var constant in graph.Recipe.Constants)
            {
                var type = constant.Value.Flag is null ? "double" : "bool";
                writer.Write($"public const {type} {CSharpNames.Pascal(constant.Name)} = {Literals.Constant(constant.Value)}; // {constant.Key}");
            }
        }

        writer.Blank();
    }

    private static void EmitLayerShape(CodeWriter writer, RecipeGraph graph)
    {
        var fields = string.Join(", ", graph.Coupling.LayerDimensions.Select(d => $"int {CSharpNames.Pascal(d)}"));
        writer.Summary("Sizes of one decoder layer: what a cut changes.");
        using (writer.Open($"public readonly record struct LayerShape({fields})"))
        {
            writer.Summary("Parameters of the layer.");
            writer.Write("public long Parameters =>");
            Sum(writer, graph.LayerWeights.Nodes.Select(node => ($"(long){Elements(graph, node)}", node.Weight!)));
            writer.Blank();
            writer.Summary("Multiply-accumulates of the layer over one sequence.");
            writer.Write("public long MultiplyAccumulates(long tokens) =>");
            Sum(writer, graph.Architecture.Layer.SelectMany(node => Costs(graph, node)));
        }

        writer.Blank();
    }

    private static void EmitShape(CodeWriter writer, RecipeGraph graph)
    {
        var layerDimensions = graph.Coupling.LayerDimensions;
        writer.Summary("The model's sizes, layer by layer.");
        using (writer.Open("public sealed record Shape(IReadOnlyList<LayerShape> Layers) : ModelShape"))
        {
            var dense = string.Join(", ", layerDimensions.Select(d => $"{CSharpNames.Pascal(d)}: {graph.Size(d)}"));
            writer.Summary("The sizes before any cut.");
            writer.Write($"public static Shape Dense {{ get; }} = new([.. Enumerable.Repeat(new LayerShape({dense}), {graph.Size("layers")})]);");
            writer.Blank();
            EmitPruned(writer, graph);
            EmitAccessors(writer, graph);
            EmitTotals(writer, graph);
            writer.Write("""
                public bool Equals(Shape? other) => other is not null && Layers.SequenceEqual(other.Layers);

                public override int GetHashCode() => Layers.Aggregate(LayerCount, HashCode.Combine);
                """);
        }

        writer.Blank();
    }

    private static void EmitPruned(CodeWriter writer, RecipeGraph graph)
    {
        if (PrunedShape.Of(graph) is not { } layers)
        {
            return;
        }

        writer.Summary("The sizes after all cuts: a local cut fixes them before any weight is seen.");
        writer.Write("public static Shape Pruned { get; } = new(");
        writer.Write("[");
        foreach (var (layer, index) in layers.Select((layer, index) => (layer, index)))
        {
            var sizes = string.Join(", ", graph.Coupling.LayerDimensions.Select(d => $"{CSharpNames.Pascal(d)}: {layer[d]}"));
            writer.Write($"    new({sizes}), // {index}");
        }

        writer.Write("]);");
        writer.Blank();
    }

    private static void EmitAccessors(CodeWriter writer, RecipeGraph graph)
    {
        var shared = string.Join(", ", Shared(graph).Where(d => d.Name != "layers").Select(d => $"[\"{d.Name}\"] = Dims.{CSharpNames.Pascal(d.Name)}"));
        var layerDimensions = graph.Coupling.LayerDimensions;
        writer.Write($$"""
            public override int LayerCount => Layers.Count;

            public override int HiddenSize => Dims.{{CSharpNames.Pascal(graph.EmbeddingNode.Out[0])}};

            public override int VocabularySize => Dims.{{CSharpNames.Pascal(graph.EmbeddingNode.Attribute("rows")!)}};

            public override int MaxPositions => Dims.Positions;

            public override IReadOnlyDictionary<string, int> SharedDimensions { get; } = new Dictionary<string, int> { {{shared}} };

            public override IReadOnlyList<string> LayerDimensions { get; } = [{{string.Join(", ", layerDimensions.Select(d => $"\"{d}\""))}}];

            """);
        using (writer.Open("public override int this[string name, int layer] => name switch", "};"))
        {
            foreach (var dimension in layerDimensions)
            {
                writer.Write($"\"{dimension}\" => Layers[layer].{CSharpNames.Pascal(dimension)},");
            }

            writer.Write("_ => throw new ArgumentException($\"A layer has no dimension '{name}'.\", nameof(name)),");
        }

        writer.Blank();
        using (writer.Open("public override ModelShape With(string name, int layer, int size)"))
        {
            writer.Write("var layers = Layers.ToArray();");
            using (writer.Open("layers[layer] = name switch", "};"))
            {
                foreach (var dimension in layerDimensions)
                {
                    writer.Write($"\"{dimension}\" => layers[layer] with {{ {CSharpNames.Pascal(dimension)} = size }},");
                }

                writer.Write("_ => throw new ArgumentException($\"A layer has no dimension '{name}'.\", nameof(name)),");
            }

            writer.Write("return new Shape(layers);");
        }

        writer.Blank();
    }

    private static void EmitTotals(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("public override long Parameters =>");
        Sum(writer, graph.OuterWeights.Nodes.Select(node => ($"(long){OuterElements(graph, node)}", node.Weight!)).Append(("Layers.Sum(layer => layer.Parameters)", "layers")));
        writer.Blank();
        writer.Write("public override long MultiplyAccumulates(int tokens) =>");
        var head = graph.Architecture.Head.Select(node => node.Op == "linear"
            ? ($"(long)tokens * {graph.Property(graph.EmbeddingNode.Out[0])} * {string.Join(" * ", node.Out.Select(graph.Property))}", node.Weight!)
            : ($"2L * tokens * {graph.Property(graph.EmbeddingNode.Out[0])}", node.Weight!));
        Sum(writer, head.Prepend(("Layers.Sum(layer => layer.MultiplyAccumulates(tokens))", "layers")));
        writer.Blank();
        string Cached(string layer) => string.Join(" + ", graph.AttentionNodes.Select(node =>
            $"2L * {layer}.{graph.Property(graph.Coupling.Axis(node.Input("k"))[0])} * {graph.Property(graph.Coupling.Axis(node.Input("k"))[1])}"));
        writer.Write($"public override long CacheElementsPerToken => Layers.Sum(layer => {Cached("layer")});");
        writer.Blank();
        writer.Write("public override LayerCost Cost(int layer, int tokens) =>");
        writer.Write($"    new(Layers[layer].Parameters, Layers[layer].MultiplyAccumulates(tokens), {Cached("Layers[layer]")});");
        writer.Blank();
    }

    private static IEnumerable<DimensionDefinition> Shared(RecipeGraph graph) =>
        graph.Architecture.Dimensions.Where(dimension => !graph.IsLayerDimension(dimension.Name));

    private static string Elements(RecipeGraph graph, GraphNode node) => node.Op == "linear"
        ? string.Join(" * ", node.Out.Concat(graph.InputAxis(node)).Select(graph.Property))
        : string.Join(" * ", graph.Coupling.Axis(node.Name).Select(graph.Property));

    private static string OuterElements(RecipeGraph graph, GraphNode node)
    {
        var hidden = graph.Property(graph.EmbeddingNode.Out[0]);
        return node.Op switch
        {
            "embedding" => $"{graph.Property(node.Attribute("rows")!)} * {hidden}",
            "linear" => $"{string.Join(" * ", node.Out.Select(graph.Property))} * {hidden}",
            _ => hidden,
        };
    }

    // Counted as LLM-Pruner's tables are: two a norm's element, two a rotated element, one a softmax element, none for
    // activations and residual adds.
    private static IEnumerable<(string Term, string Remark)> Costs(RecipeGraph graph, GraphNode node)
    {
        string Width(string name) => string.Join(" * ", graph.Coupling.Axis(name).Select(graph.Property));
        switch (node.Op)
        {
            case "rms_norm":
                yield return ($"2 * tokens * {Width(node.Name)}", node.Name);
                break;
            case "linear":
                yield return ($"tokens * {Width(node.Input())} * {Width(node.Name)}", node.Name);
                break;
            case "mul":
                yield return ($"tokens * {Width(node.Name)}", node.Name);
                break;
            case "attention":
                var (q, k) = (graph.Coupling.Axis(node.Input("q")), graph.Coupling.Axis(node.Input("k")));
                yield return ($"2 * tokens * ({graph.Property(q[0])} + {graph.Property(k[0])}) * {graph.Property(q[1])}", "rotation");
                yield return ($"{graph.Property(q[0])} * ((2 * tokens * tokens * {graph.Property(q[1])}) + (tokens * tokens))", "scores, softmax, values");
                break;
        }
    }

    private static void Sum(CodeWriter writer, IEnumerable<(string Term, string Remark)> terms)
    {
        var all = terms.ToList();
        var lines = all.Select((term, i) => ($"    {(i == 0 ? string.Empty : "+ ")}{(term.Term.Contains(" * ") ? $"({term.Term})" : term.Term)}{(i == all.Count - 1 ? ";" : string.Empty)}", (string?)term.Remark));
        writer.Statements([.. lines]);
    }
}
