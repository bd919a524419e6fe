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
        writer.Summary("Sizes that no cut changes.");
        using (writer.Open("public static class Dims"))
        {
            foreach (var dimension in Fixed(graph))
            {
                writer.Write($"public const int {CSharpNames.Pascal(dimension.Name)} = {graph.Size(dimension.Name)};{(dimension.Key is null ? string.Empty : $" // {dimension.Key}")}");
            }
        }

        writer.Blank();
    }

    private static void EmitConstants(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Numbers of the forward pass.");
        using (writer.Open("public static class Constants"))
        {
            foreach (var constant in graph.Recipe.Constants.Where(constant => !constant.Value.IsNull))
            {
                var type = constant.Value switch { { Flag: not null } => "bool", { Text: not null } => "string", _ => "double" };
                writer.Write($"public const {type} {CSharpNames.Pascal(constant.Name)} = {Literals.Constant(constant.Value)}; // {constant.Key}");
            }
        }

        writer.Blank();
    }

    private static void EmitLayerShape(CodeWriter writer, RecipeGraph graph)
    {
        var fields = string.Join(", ", graph.CutDimensions.Select(d => $"int {CSharpNames.Pascal(d)}"));
        writer.Summary("Sizes of one decoder layer: what a cut changes.");
        using (writer.Open($"public readonly record struct LayerShape({fields})"))
        {
            writer.Summary("Parameters of the layer.");
            writer.Write("public long Parameters =>");
            Sum(writer, CostTerms.Parameters(graph, graph.LayerWeights));
            writer.Blank();
            writer.Summary("Multiply-accumulates of the layer over one sequence.");
            writer.Write("public long MultiplyAccumulates(long tokens) =>");
            Sum(writer, CostTerms.MultiplyAccumulates(graph, GraphSections.Layer));
            foreach (var branch in graph.Branches)
            {
                writer.Blank();
                writer.Summary($"Whether the layer has its branch <c>{branch.Unit}</c>.");
                writer.Write($"public bool {branch.Has} => {CSharpNames.Pascal(branch.Dimensions[0])} > 0;");
            }
        }

        writer.Blank();
    }

    private static void EmitShape(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("The model's sizes, layer by layer.");
        using (writer.Open("public sealed record Shape(IReadOnlyList<LayerShape> Layers) : ModelShape"))
        {
            var dense = string.Join(", ", graph.CutDimensions.Select(d => $"{CSharpNames.Pascal(d)}: {graph.Size(d)}"));
            writer.Summary("The sizes before any cut.");
            writer.Write($"public static Shape Dense {{ get; }} = new([.. Enumerable.Repeat(new LayerShape({dense}), {graph.Size("layers")})]);");
            writer.Blank();
            EmitPruned(writer, graph);
            foreach (var dimension in graph.Coupling.ModelDimensions)
            {
                writer.Summary($"<c>{dimension}</c>, which all layers have in common.");
                writer.Write($"public int {CSharpNames.Pascal(dimension)} => Layers[0].{CSharpNames.Pascal(dimension)};");
                writer.Blank();
            }

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
        if (graph.Recipe.Pruned is not { } layers)
        {
            return;
        }

        writer.Summary("The sizes after all cuts, known before any weight is seen.");
        writer.Write("public static Shape Pruned { get; } = new(");
        writer.Write("[");
        foreach (var (layer, index) in layers.Select((layer, index) => (layer, index)))
        {
            var sizes = string.Join(", ", graph.CutDimensions.Select(d => $"{CSharpNames.Pascal(d)}: {layer.Of(d)}"));
            writer.Write($"    new({sizes}), // {index}");
        }

        writer.Write("]);");
        writer.Blank();
    }

    private static void EmitAccessors(CodeWriter writer, RecipeGraph graph)
    {
        var (layerDimensions, modelDimensions) = (graph.Coupling.LayerDimensions, graph.Coupling.ModelDimensions);
        var shared = Fixed(graph).Select(d => d.Name).Concat(modelDimensions).Where(name => name != DimensionNames.Layers).Select(name => $"[\"{name}\"] = {graph.Property(name)}");
        writer.Write($$"""
            public override int LayerCount => Layers.Count;

            public override int HiddenSize => {{graph.Property(DimensionNames.Hidden)}};

            public override int VocabularySize => Dims.Vocab;

            public override int MaxPositions => Dims.Positions;

            public override IReadOnlyDictionary<string, int> SharedDimensions => new Dictionary<string, int> { {{string.Join(", ", shared)}} };

            public override IReadOnlyList<string> ModelDimensions { get; } = [{{string.Join(", ", modelDimensions.Select(d => $"\"{d}\""))}}];

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
        EmitWith(writer, layerDimensions, modelDimensions);
    }

    private static void EmitWith(CodeWriter writer, IReadOnlyList<string> layerDimensions, IReadOnlyList<string> modelDimensions)
    {
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
        using (writer.Open("public override ModelShape With(string name, int size) => name switch", "};"))
        {
            foreach (var dimension in modelDimensions)
            {
                writer.Write($"\"{dimension}\" => new Shape([.. Layers.Select(layer => layer with {{ {CSharpNames.Pascal(dimension)} = size }})]),");
            }

            writer.Write("_ => throw new ArgumentException($\"No cut changes '{name}' of the whole model.\", nameof(name)),");
        }

        writer.Blank();
    }

    private static void EmitTotals(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("public override ModelShape KeepLayers(IReadOnlyList<int> layers) => new Shape([.. layers.Select(layer => Layers[layer])]);");
        writer.Blank();
        EmitBranches(writer, graph);
        writer.Write("public override long Parameters =>");
        Sum(writer, CostTerms.Parameters(graph, graph.OuterWeights).Append(("Layers.Sum(layer => layer.Parameters)", "layers")));
        writer.Blank();
        writer.Write("public override long MultiplyAccumulates(int tokens) =>");
        Sum(writer, CostTerms.MultiplyAccumulates(graph, GraphSections.Embedding)
            .Append(("Layers.Sum(layer => layer.MultiplyAccumulates(tokens))", "layers"))
            .Concat(CostTerms.MultiplyAccumulates(graph, GraphSections.Head)));
        writer.Blank();
        var kv = graph.Axis(GraphSections.Layer, graph.AttentionNode.Input("k"));
        string Cached(string layer) => CostTerms.InBranch(graph, graph.AttentionNode, kv, $"{layer}.", $"2L * {graph.Dimension(kv[0], name => $"{layer}.{CSharpNames.Pascal(name)}")} * {graph.Property(kv[1])}");
        writer.Write($"public override long CacheElementsPerToken => Layers.Sum(layer => {Cached("layer")});");
        writer.Blank();
        writer.Write("public override LayerCost Cost(int layer, int tokens) =>");
        writer.Write($"    new(Layers[layer].Parameters, Layers[layer].MultiplyAccumulates(tokens), {Cached("Layers[layer]")});");
        writer.Blank();
    }

    private static void EmitBranches(CodeWriter writer, RecipeGraph graph)
    {
        if (graph.Branches.Count == 0)
        {
            return;
        }

        writer.Write($"public override IReadOnlyList<string> BranchDimensions {{ get; }} = [{string.Join(", ", graph.Branches.SelectMany(branch => branch.Dimensions).Select(Literals.String))}];");
        writer.Blank();
        using (writer.Open("public override ModelShape WithoutBranch(string unit, int layer)"))
        {
            writer.Write("var layers = Layers.ToArray();");
            using (writer.Open("layers[layer] = unit switch", "};"))
            {
                foreach (var branch in graph.Branches)
                {
                    writer.Write($"{Literals.String(branch.Unit)} => layers[layer] with {{ {string.Join(", ", branch.Dimensions.Select(dimension => $"{CSharpNames.Pascal(dimension)} = 0"))} }},");
                }

                writer.Write("_ => throw new ArgumentException($\"There is no branch '{unit}'.\", nameof(unit)),");
            }

            writer.Write("return new Shape(layers);");
        }

        writer.Blank();
    }

    private static IEnumerable<DimensionDefinition> Fixed(RecipeGraph graph) =>
        graph.Architecture.Dimensions.Where(dimension => !graph.IsCut(dimension.Name));

    private static void Sum(CodeWriter writer, IEnumerable<(string Term, string Remark)> terms)
    {
        var all = terms.ToList();
        var lines = all.Select((term, i) => ($"    {(i == 0 ? string.Empty : "+ ")}{(term.Term.Contains(" * ") && !term.Term.Contains(" ? ") ? $"({term.Term})" : term.Term)}{(i == all.Count - 1 ? ";" : string.Empty)}", (string?)term.Remark));
        writer.Statements([.. lines]);
    }
}
