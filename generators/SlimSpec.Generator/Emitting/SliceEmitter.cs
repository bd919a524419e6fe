using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>
/// Writes the surgery of a pruner. A weight may lie in two coupled structures (its rows in one, its columns in another), so
/// every axis gets the indices that stay of it first, and every weight is copied once by both.
/// </summary>
internal static class SliceEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        EmitBlockSlice(writer, graph);
        EmitOuterSlice(writer, graph);
        EmitSelected(writer, graph);
    }

    private static void EmitBlockSlice(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("""
            /// <summary>Copies what stays of a block into a slim one.</summary>
            /// <param name="dense">The block to cut.</param>
            /// <param name="slim">A block of the sizes that stay.</param>
            """);
        foreach (var structure in graph.Coupling.Structures)
        {
            writer.Write($"/// <param name=\"{Parameter(structure)}\">Kept units of <c>{structure.Unit}</c>, ascending, int64; null keeps all.</param>");
        }

        foreach (var structure in graph.Compensated)
        {
            writer.Write($"/// <param name=\"{Means(structure)}\">Means of the channels of <c>{structure.Unit}</c>, float32; null makes up for nothing.</param>");
        }

        var means = string.Concat(graph.Compensated.Select(structure => $", Tensor? {Means(structure)}"));
        using (writer.Open($"public static void Slice(Block dense, Block slim, {Parameters(graph.Coupling.Structures)}{means})"))
        {
            EmitBlockWeights(writer, graph, null);
            foreach (var branch in graph.Branches)
            {
                writer.Blank();
                using (writer.Open($"if (slim.Shape.{branch.Has})"))
                {
                    EmitBlockWeights(writer, graph, branch);
                }
            }
        }

        writer.Blank();
    }

    // Of one branch, or of what every layer has.
    private static void EmitBlockWeights(CodeWriter writer, RecipeGraph graph, Branch? branch)
    {
        EmitIndices(writer, graph, GraphSections.Layer, branch);
        foreach (var group in Weights(graph, GraphSections.Layer).Where(group => graph.BranchOf(group.Key.Item1) == branch))
        {
            var property = group.Key.Item2 == Stored.Slopes ? "Slopes[0].Values" : $"{graph.LayerWeights.Property(group.Key.Item1, group.Key.Item2)}.Value";
            writer.Write($"Surgery.Keep(slim.{property}, dense.{property}, {string.Join(", ", group.Select(axis => Index(graph, axis)))});");
        }

        foreach (var structure in graph.Compensated.Where(structure => BranchOf(graph, structure) == branch))
        {
            foreach (var read in structure.Members.Where(member => member.IsScored && member.Of.Axis == 1).Select(member => member.Of))
            {
                var weight = graph.LayerWeights.Property(read.Node);
                var rows = graph.Coupling.StoredAxes.First(axis => axis.Node == read.Node && axis is { Stored: Stored.Weight, Axis: 0 });
                writer.Write($"Surgery.Compensate(slim.{weight}Bias.Value, dense.{weight}.Value, {Index(graph, rows)}, {Index(graph, read)}, {Means(structure)});");
            }
        }
    }

    private static void EmitOuterSlice(CodeWriter writer, RecipeGraph graph)
    {
        var whole = WholeModel(graph).ToList();
        if (whole.Count == 0)
        {
            return;
        }

        writer.Write("/// <summary>Copies what stays of embedding and head into a slim model.</summary>");
        using (writer.Open($"public static void Slice(Model dense, Model slim, {Parameters(whole)})"))
        {
            EmitIndices(writer, graph, GraphSections.Embedding | GraphSections.Head, null);
            foreach (var group in Weights(graph, GraphSections.Embedding).Concat(Weights(graph, GraphSections.Head)))
            {
                var property = $"{graph.OuterWeights.Property(group.First().Node, group.First().Stored)}.Value";
                writer.Write($"Surgery.Keep(slim.{property}, dense.{property}, {string.Join(", ", group.Select(axis => Index(graph, axis)))});");
            }
        }

        writer.Blank();
    }

    // What the library calls: the same by what is selected.
    private static void EmitSelected(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("public override void Slice(DecoderLayer dense, DecoderLayer slim, int layer, Selection selection) => Slice(");
        writer.Write("    (Block)dense,");
        writer.Write("    (Block)slim,");
        var means = graph.Compensated.Select(structure => $"Surgery.Means(selection, layer, {Literals.String(structure.Unit)})");
        writer.Write($"    {string.Join(",\n    ", graph.Coupling.Structures.Select(Selected).Concat(means))});");
        if (WholeModel(graph).ToList() is { Count: > 0 } whole)
        {
            writer.Blank();
            writer.Write("public override void Slice(CausalLM dense, CausalLM slim, Selection selection) =>");
            writer.Write($"    Slice((Model)dense, (Model)slim, {string.Join(", ", whole.Select(Selected))});");
        }
    }

    private static string Selected(Structure structure) =>
        $"Surgery.Indices(selection, {(structure.IsWholeModel ? "WholeModel" : "layer")}, {Literals.String(structure.Unit)})";

    // One local per axis that is cut: the channels that stay of it.
    private static void EmitIndices(CodeWriter writer, RecipeGraph graph, GraphSections sections, Branch? branch)
    {
        var axes = graph.Coupling.StoredAxes.Where(axis => (axis.Section & sections) != 0 && BranchOf(graph, axis) == branch).ToList();
        var structures = graph.Coupling.Structures.Where(structure => sections == GraphSections.Layer && BranchOf(graph, structure) == branch).ToList();
        foreach (var structure in structures.Where(structure => structure.Within is not null))
        {
            // Query heads go with their KV group, unless they are cut themselves.
            var group = graph.Coupling.Structures.FirstOrDefault(other => other.Dimension == structure.Within);
            var (heads, perGroup) = (CSharpNames.Camel(structure.Dimension), group is null ? null : PrunerEmitter.PerGroup(group, structure.Dimension, "dense.Shape"));
            writer.Write(group is null ? $"var {heads} = {Parameter(structure)};" : $"var {heads} = {Parameter(structure)} ?? Surgery.Channels({Parameter(group)}, {perGroup});");
        }

        foreach (var structure in structures)
        {
            foreach (var grouped in PrunerEmitter.Grouped(structure).Where(dimension => graph.Coupling.Structures.All(other => other.Dimension != dimension)))
            {
                writer.Write($"var {CSharpNames.Camel(grouped)} = Surgery.Channels({Parameter(structure)}, {PrunerEmitter.PerGroup(structure, grouped, "dense.Shape")});");
            }
        }

        foreach (var axis in axes.Where(axis => axis.Factors.Count > 1 && graph.IsCut(axis.Factors[0].Dimension)).GroupBy(axis => Channels(axis.Factors)).Select(same => same.First()))
        {
            writer.Write($"var {Channels(axis.Factors)} = Surgery.Channels({Units(graph, axis.Factors[0].Dimension)}, {graph.Width(axis.Factors.Skip(1).Select(factor => factor.Dimension))});");
        }
    }

    private static Branch? BranchOf(RecipeGraph graph, StoredAxis axis) => axis.Section == GraphSections.Layer ? graph.BranchOf(axis.Node) : null;

    // All of a unit of layers is in one branch, if in any.
    private static Branch? BranchOf(RecipeGraph graph, Structure structure) => graph.Branches.FirstOrDefault(branch => branch.Dimensions.Contains(structure.Dimension));

    private static IEnumerable<IGrouping<(GraphNode, Stored), StoredAxis>> Weights(RecipeGraph graph, GraphSections section) =>
        graph.Coupling.StoredAxes.Where(axis => axis.Section == section).GroupBy(axis => (axis.Node, axis.Stored));

    private static string Index(RecipeGraph graph, StoredAxis axis) =>
        !graph.IsCut(axis.Factors[0].Dimension) ? "null"
        : axis.Factors.Count == 1 ? Units(graph, axis.Factors[0].Dimension)
        : Channels(axis.Factors);

    // The local or parameter with the kept units of a dimension.
    private static string Units(RecipeGraph graph, string dimension) =>
        graph.Coupling.Structures.FirstOrDefault(structure => structure.Dimension == dimension && structure.Within is null) is { } own ? Parameter(own) : CSharpNames.Camel(dimension);

    private static string Channels(IReadOnlyList<AxisFactor> factors) => $"{CSharpNames.Camel(factors[0].Dimension)}Channels";

    private static IEnumerable<Structure> WholeModel(RecipeGraph graph) => graph.Coupling.Structures.Where(structure => structure.IsWholeModel);

    private static string Parameters(IEnumerable<Structure> structures) => string.Join(", ", structures.Select(structure => $"Tensor? {Parameter(structure)}"));

    private static string Means(Structure structure) => $"{CSharpNames.Camel(structure.Unit).TrimStart('@')}Means";

    private static string Parameter(Structure structure) => $"{CSharpNames.Camel(structure.Unit).TrimStart('@')}Kept";
}
