using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes the scores of a pruner: one typed method per coupled structure, of a block or of the whole model.</summary>
internal static class ScoreEmitter
{
    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        var (inLayer, whole) = (graph.Coupling.Structures.Where(s => !s.IsWholeModel).ToList(), graph.Coupling.Structures.Where(s => s.IsWholeModel).ToList());
        PrunerEmitter.EmitSwitch(writer, "public override Tensor Score(DecoderLayer layer, string unit, LayerScores scores)", inLayer.Select(s => (s, $"{Name(s)}((Block)layer, scores)")));
        if (whole.Count > 0)
        {
            PrunerEmitter.EmitSwitch(writer, "public override Tensor Score(CausalLM model, string unit, LayerScores scores)", whole.Select(s => (s, $"{Name(s)}((Model)model, scores)")));
        }

        foreach (var structure in inLayer)
        {
            EmitLayerScore(writer, graph, structure);
        }

        foreach (var structure in whole)
        {
            EmitModelScore(writer, graph, structure);
        }
    }

    private static void EmitLayerScore(CodeWriter writer, RecipeGraph graph, Structure structure)
    {
        var members = structure.Members.Where(member => member.IsScored).ToList();
        Summarise(writer, structure, members);
        using (writer.Open($"public static Tensor {Name(structure)}(Block block, LayerScores scores)"))
        {
            EmitUnitSizes(writer, structure, members);
            writer.Write("return scores.Reduce(");
            writer.Statements([.. members.Select((member, i) => (
                $"    {LayerMember(graph, structure, member)}{(i < members.Count - 1 ? "," : ");")}",
                (string?)(member.Grouped is null
                    ? $"[{structure.Dimension}{(member.Inner.Count > 0 ? ", " + Shapes.Product(member.Inner) : string.Empty)}]"
                    : $"{member.Grouped} of one group count together")))]);
        }

        writer.Blank();
    }

    private static void EmitModelScore(CodeWriter writer, RecipeGraph graph, Structure structure)
    {
        var members = structure.Members.Where(member => member.IsScored).ToList();
        Summarise(writer, structure, members);
        writer.Write($"public static Tensor {Name(structure)}(Model model, LayerScores scores) => scores.Reduce(");
        using (writer.Indent("[", "]);"))
        {
            foreach (var section in new[] { GraphSections.Embedding, GraphSections.Layer, GraphSections.Head })
            {
                var here = members.Where(member => member.Of.Section == section).ToList();
                if (section == GraphSections.Layer && here.Count > 0)
                {
                    EmitBlocks(writer, graph, here);
                }

                foreach (var member in here.Where(_ => section != GraphSections.Layer))
                {
                    writer.Write($"{MemberScore(member, $"model.{graph.OuterWeights.Property(member.Node)}")},");
                }
            }
        }

        writer.Blank();
    }

    private static void EmitBlocks(CodeWriter writer, RecipeGraph graph, IReadOnlyList<Member> members)
    {
        string Scores(IEnumerable<Member> some) => $"new[] {{ {string.Join(", ", some.Select(member => MemberScore(member, $"block.{graph.LayerWeights.Property(member.Node)}")))} }}";
        if (graph.Branches.Count == 0)
        {
            writer.Write($".. model.Blocks.SelectMany(block => {Scores(members)}),");
            return;
        }

        writer.Write(".. model.Blocks.SelectMany(block => (Tensor[])");
        using (writer.Indent("[", "]),"))
        {
            foreach (var branch in graph.Branches.Prepend(null))
            {
                if (members.Where(member => graph.BranchOf(member.Node) == branch).ToList() is { Count: > 0 } own)
                {
                    writer.Write(branch is null ? $".. {Scores(own)}," : $".. block.Shape.{branch.Has} ? {Scores(own)} : [],");
                }
            }
        }
    }

    private static void Summarise(CodeWriter writer, Structure structure, IEnumerable<Member> members) => writer.Summary(
        $"Importance of each unit of <c>{structure.Unit}</c>, <c>[{structure.Dimension}]</c>: {string.Join(", ", members.Select(m => $"{m.Node.Name} {Axis(m)}"))}.");

    private static string Axis(Member member) => member.Node.Op is "linear" or "embedding" ? (member.Of.Axis == 0 ? "rows" : "columns") : "scale";

    private static void EmitUnitSizes(CodeWriter writer, Structure structure, IReadOnlyList<Member> members)
    {
        if (members.All(member => member.Inner.Count == 0))
        {
            return;
        }

        writer.Write($"var {CSharpNames.Camel(structure.Dimension)} = block.Shape.{CSharpNames.Pascal(structure.Dimension)};");
        foreach (var dimension in PrunerEmitter.Grouped(structure))
        {
            writer.Write($"var {PerGroup(dimension)} = block.Shape.{CSharpNames.Pascal(dimension)} / {CSharpNames.Camel(structure.Dimension)};");
        }
    }

    private static string LayerMember(RecipeGraph graph, Structure structure, Member member)
    {
        var score = MemberScore(member, $"block.{graph.LayerWeights.Property(member.Node)}");
        var inner = graph.Width(member.Inner);
        var units = CSharpNames.Camel(structure.Dimension);
        return (member.Grouped, member.Inner.Count) switch
        {
            (null, 0) => score,
            (null, _) => $"{score}.view({units}, {inner})",
            _ => $"{score}.view({units}, {PerGroup(member.Grouped!)}, {inner}).sum(1)",
        };
    }

    private static string MemberScore(Member member, string weight) => $"scores.{Axis(member) switch { "rows" => "Rows", "columns" => "Columns", _ => "Vector" }}({weight})";

    private static string Name(Structure structure) => $"Score{CSharpNames.Pascal(structure.Unit)}";

    private static string PerGroup(string dimension) => $"{CSharpNames.Camel(dimension)}PerGroup";
}
