using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>WidthPruner</c>: one typed score and one typed slice method per coupled structure.</summary>
internal static class PrunerEmitter
{
    private const string UnknownUnit = "_ => throw new ArgumentException($\"There is no unit '{unit}'.\", nameof(unit)),";

    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Scores and slices the coupled structures of this model.");
        using (writer.Open("public sealed class WidthPruner : StructuredPruner"))
        {
            EmitStructures(writer, graph);
            EmitSizes(writer, graph);
            foreach (var structure in graph.Coupling.Structures)
            {
                EmitScore(writer, graph, structure);
                EmitSlice(writer, graph, structure);
            }

            EmitModelSlice(writer, graph);
        }
    }

    private static void EmitStructures(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("public override IReadOnlyList<CoupledStructure> Structures { get; } =");
        writer.Write("[");
        foreach (var structure in graph.Coupling.Structures)
        {
            writer.Write($"    new({Literals.String(structure.Unit)}, {Literals.String(structure.Dimension)},");
            writer.Write("    [");
            foreach (var member in structure.Members)
            {
                writer.Write($"        new({Literals.String(member.Node.Weight + ".weight")}, {member.Axis}, {Literals.String(Describe(structure, member))}),");
            }

            writer.Write("    ]),");
        }

        writer.Write("];");
        writer.Blank();
    }

    private static void EmitSizes(CodeWriter writer, RecipeGraph graph)
    {
        using (writer.Open("public override int Units(ModelShape shape, string unit, int layer) => unit switch", "};"))
        {
            foreach (var structure in graph.Coupling.Structures)
            {
                writer.Write($"{Literals.String(structure.Unit)} => ((Shape)shape).Layers[layer].{CSharpNames.Pascal(structure.Dimension)},");
            }

            writer.Write(UnknownUnit);
        }

        writer.Blank();
        using (writer.Open("public override ModelShape Shrink(ModelShape shape, string unit, int layer, int kept)"))
        {
            writer.Write("var old = ((Shape)shape).Layers[layer];");
            using (writer.Open("return unit switch", "};"))
            {
                foreach (var structure in graph.Coupling.Structures)
                {
                    var grouped = Grouped(structure).Select(dimension => $".With({Literals.String(dimension)}, layer, {GroupSize(dimension, structure, "old.")} * kept)");
                    writer.Write($"{Literals.String(structure.Unit)} => shape.With({Literals.String(structure.Dimension)}, layer, kept){string.Concat(grouped)},");
                }

                writer.Write(UnknownUnit);
            }
        }

        writer.Blank();
        using (writer.Open("public override Tensor Score(DecoderLayer layer, string unit, LayerScores scores) => unit switch", "};"))
        {
            foreach (var structure in graph.Coupling.Structures)
            {
                writer.Write($"{Literals.String(structure.Unit)} => Score{CSharpNames.Pascal(structure.Unit)}((Block)layer, scores),");
            }

            writer.Write(UnknownUnit);
        }

        writer.Blank();
    }

    private static void EmitScore(CodeWriter writer, RecipeGraph graph, Structure structure)
    {
        writer.Summary($"Importance of each unit of <c>{structure.Unit}</c>, <c>[{structure.Dimension}]</c>: {string.Join(", ", structure.Members.Select(m => $"{m.Node.Name} {(m.Axis == 0 ? "rows" : "columns")}"))}.");
        using (writer.Open($"public static Tensor Score{CSharpNames.Pascal(structure.Unit)}(Block block, LayerScores scores)"))
        {
            EmitUnitSizes(writer, structure, "block");
            writer.Write("return scores.Reduce(");
            var inner = structure.Members.Any(member => member.Inner.Count > 0);
            var lines = structure.Members.Select((member, i) => (
                $"    {MemberScore(graph, structure, member)}{(i < structure.Members.Count - 1 ? "," : inner ? ").sum(1);" : ");")}",
                (string?)(member.Grouped is null ? $"[{Shapes.Product([structure.Dimension])}{(member.Inner.Count > 0 ? ", " + Shapes.Product(member.Inner) : string.Empty)}]" : $"{member.Grouped} of one group count together")));
            writer.Statements([.. lines]);
        }

        writer.Blank();
    }

    private static string MemberScore(RecipeGraph graph, Structure structure, Member member)
    {
        var score = $"scores.{(member.Axis == 0 ? "Rows" : "Columns")}(block.{graph.LayerWeights.Property(member.Node)})";
        var inner = graph.Width(member.Inner);
        var units = CSharpNames.Camel(structure.Dimension);
        return (member.Grouped, member.Inner.Count) switch
        {
            (null, 0) => score,
            (null, _) => $"{score}.view({units}, {inner})",
            _ => $"{score}.view({units}, {GroupLocal(member.Grouped!)}, {inner}).sum(1)",
        };
    }

    private static void EmitSlice(CodeWriter writer, RecipeGraph graph, Structure structure)
    {
        writer.Summary($"Copies the kept units of <c>{structure.Unit}</c> from a dense block to a slim one.");
        using (writer.Open($"public static void Slice{CSharpNames.Pascal(structure.Unit)}(Block dense, Block slim, Tensor kept)"))
        {
            EmitUnitSizes(writer, structure, "dense");
            foreach (var layout in structure.Members.Select(member => (member.Grouped, Inner: graph.Width(member.Inner))).Distinct().Where(layout => layout.Inner.Length > 0))
            {
                var size = layout.Grouped is null ? layout.Inner : $"{GroupLocal(layout.Grouped)} * {layout.Inner}";
                writer.Write($"var {Channels(structure, layout.Grouped)} = Kernels.unit_channels(kept, {size});");
            }

            foreach (var member in structure.Members)
            {
                var property = graph.LayerWeights.Property(member.Node);
                var channels = member.Inner.Count == 0 ? "kept" : Channels(structure, member.Grouped);
                writer.Write($"Kernels.keep(slim.{property}.Value, dense.{property}.Value, {member.Axis}, {channels});");
            }
        }

        writer.Blank();
    }

    private static void EmitModelSlice(CodeWriter writer, RecipeGraph graph)
    {
        var coupled = new HashSet<string>(graph.Coupling.Structures.SelectMany(structure => structure.Members).Select(member => member.Node.Name));
        using (writer.Open("public override CausalLM Slice(CausalLM dense, IReadOnlyDictionary<(int Layer, string Unit), int[]> kept)"))
        {
            writer.Write("""
                using var noGradients = no_grad();
                var model = (Model)dense;
                var shape = model.Shape;
                foreach (var ((layer, unit), units) in kept)
                {
                    shape = Shrink(shape, unit, layer, units.Length);
                }

                var slim = (Shape)shape;
                var blocks = new Block[slim.LayerCount];
                """);
            using (writer.Open("for (var layer = 0; layer < blocks.Length; layer++)"))
            {
                writer.Write("using var scope = NewDisposeScope();");
                writer.Write("var from = model.Blocks[layer];");
                writer.Write("var to = blocks[layer] = new Block(layer, slim.Layers[layer], model.Dtype, model.Device);");
                foreach (var node in graph.LayerWeights.Nodes.Where(node => !coupled.Contains(node.Name)))
                {
                    writer.Write($"to.{graph.LayerWeights.Property(node)}.Value.copy_(from.{graph.LayerWeights.Property(node)}.Value);");
                }

                foreach (var structure in graph.Coupling.Structures)
                {
                    writer.Write($"Slice{CSharpNames.Pascal(structure.Unit)}(from, to, Kept(layer, {Literals.String(structure.Unit)}, from.Shape.{CSharpNames.Pascal(structure.Dimension)}));");
                }

                writer.Write("from.Dispose();");
            }

            var outer = Enumerable.Range(0, graph.OuterWeights.Stored.Count).Select(i => $"outer[{i}]");
            writer.Write($$"""

                var outer = model.OuterLeaves.Select(leaf => leaf.Share()).ToArray();
                model.Dispose();
                return new Model(slim, model.Dtype, model.Device, {{string.Join(", ", outer)}}, blocks);

                Tensor Kept(int layer, string unit, int all) =>
                    kept.TryGetValue((layer, unit), out var units)
                        ? tensor(units.Select(number => (long)number).ToArray(), device: model.Device)
                        : arange(all, dtype: ScalarType.Int64, device: model.Device);
                """);
        }
    }

    private static void EmitUnitSizes(CodeWriter writer, Structure structure, string block)
    {
        if (structure.Members.All(member => member.Inner.Count == 0))
        {
            return;
        }

        writer.Write($"var {CSharpNames.Camel(structure.Dimension)} = {block}.Shape.{CSharpNames.Pascal(structure.Dimension)};");
        foreach (var dimension in Grouped(structure))
        {
            writer.Write($"var {GroupLocal(dimension)} = {block}.Shape.{CSharpNames.Pascal(dimension)} / {CSharpNames.Camel(structure.Dimension)};");
        }
    }

    private static IEnumerable<string> Grouped(Structure structure) => structure.Members.Select(member => member.Grouped).OfType<string>().Distinct();

    private static string GroupLocal(string dimension) => $"{CSharpNames.Camel(dimension)}PerGroup";

    private static string GroupSize(string dimension, Structure structure, string shape) =>
        $"{shape}{CSharpNames.Pascal(dimension)} / {shape}{CSharpNames.Pascal(structure.Dimension)}";

    private static string Channels(Structure structure, string? grouped) => $"{CSharpNames.Camel(grouped ?? structure.Dimension)}Channels";

    private static string Describe(Structure structure, Member member)
    {
        var group = member.Grouped is null ? [] : new[] { $"{member.Grouped} / {structure.Dimension}" };
        var parts = group.Concat(member.Inner).ToList();
        return parts.Count == 0 ? "1" : string.Join(" * ", parts);
    }
}
