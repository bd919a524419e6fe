using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>WidthPruner</c>: what is cut together, one typed score per coupled structure, and the sizes after a cut.</summary>
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
            ScoreEmitter.Emit(writer, graph);
            SliceEmitter.Emit(writer, graph);
        }
    }

    /// <summary>Writes a switch over the units of some structures.</summary>
    public static void EmitSwitch(CodeWriter writer, string signature, IEnumerable<(Structure Structure, string Value)> cases)
    {
        using (writer.Open($"{signature} => unit switch", "};"))
        {
            foreach (var (structure, value) in cases)
            {
                writer.Write($"{Literals.String(structure.Unit)} => {value},");
            }

            writer.Write(UnknownUnit);
        }

        writer.Blank();
    }

    /// <summary>C# for how many units of a grouped dimension one unit of the structure has: <c>shape.Heads / shape.KvHeads</c>.</summary>
    public static string PerGroup(Structure structure, string grouped, string shape) =>
        $"{shape}.{CSharpNames.Pascal(grouped)} / {shape}.{CSharpNames.Pascal(structure.Dimension)}";

    /// <summary>The dimensions grouped under a structure's.</summary>
    public static IEnumerable<string> Grouped(Structure structure) => structure.Members.Select(member => member.Grouped).OfType<string>().Distinct();

    private static void EmitStructures(CodeWriter writer, RecipeGraph graph)
    {
        writer.Write("public override IReadOnlyList<CoupledStructure> Structures { get; } =");
        using (writer.Indent("[", "];"))
        {
            foreach (var structure in graph.Coupling.Structures)
            {
                writer.Write($"new({Literals.String(structure.Unit)}, {Literals.String(structure.Dimension)},");
                using (writer.Indent("[", $"]){Options(graph, structure)},"))
                {
                    foreach (var member in structure.Members)
                    {
                        var place = member.Of.Section == Specs.GraphSections.Layer ? string.Empty : ", InLayer: false";
                        writer.Write($"new({Literals.String(SectionWeights.Label(member.Node, member.Of.Stored))}, {member.Of.Axis}, {Literals.String(Describe(structure, member))}{place}),");
                    }
                }
            }
        }

        writer.Blank();
    }

    private static string Options(RecipeGraph graph, Structure structure)
    {
        var options = new List<string>();
        if (ChannelsPerUnit(graph, structure) is var channels and not 1)
        {
            options.Add($"ChannelsPerUnit = {channels}");
        }

        if (structure.Within is { } within)
        {
            options.Add($"Within = {Literals.String(within)}");
        }

        if (structure.IsWholeModel)
        {
            options.Add("IsWholeModel = true");
        }

        return options.Count == 0 ? string.Empty : $" {{ {string.Join(", ", options)} }}";
    }

    // Channels of a unit: head_dim for heads and KV groups, 1 for channels.
    private static int ChannelsPerUnit(RecipeGraph graph, Structure structure) =>
        structure.Members.First(member => member.IsScored && member.Grouped is null).Inner.Aggregate(1, (product, dimension) => product * graph.Size(dimension));

    private static void EmitSizes(CodeWriter writer, RecipeGraph graph)
    {
        EmitSwitch(writer, "public override int Units(ModelShape shape, string unit, int layer)", graph.Coupling.Structures.Select(structure =>
            (structure, structure.IsWholeModel ? $"((Shape)shape).{CSharpNames.Pascal(structure.Dimension)}" : $"((Shape)shape).Layers[layer].{CSharpNames.Pascal(structure.Dimension)}")));
        EmitSwitch(writer, "public override ModelShape Shrink(ModelShape shape, string unit, int layer, int kept)", graph.Coupling.Structures.Select(structure =>
        {
            var where = structure.IsWholeModel ? string.Empty : ", layer";
            var grouped = Grouped(structure).Select(dimension => $".With({Literals.String(dimension)}, layer, {PerGroup(structure, dimension, "((Shape)shape).Layers[layer]")} * kept)");
            return (structure, $"shape.With({Literals.String(structure.Dimension)}{where}, kept){string.Concat(grouped)}");
        }));
    }

    private static string Describe(Structure structure, Member member)
    {
        var group = member.Grouped is null ? [] : new[] { $"{member.Grouped} / {structure.Dimension}" };
        var parts = group.Concat(member.Inner).ToList();
        return parts.Count == 0 ? "1" : string.Join(" * ", parts);
    }
}
