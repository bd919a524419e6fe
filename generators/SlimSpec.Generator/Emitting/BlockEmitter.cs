using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>Block</c>: one decoder layer with its weights, forward and decode.</summary>
internal static class BlockEmitter
{
    /// <summary>Field of a block that holds its ALiBi slopes.</summary>
    public const string SlopesField = "_slopes";

    public static void Emit(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary($"One decoder layer. Linears that read the same input are stored, and multiplied, as one matrix.");
        using (writer.Open("public sealed class Block : DecoderLayer"))
        {
            EmitFields(writer, graph);
            writer.Blank();
            EmitConstructor(writer, graph);
            EmitProperties(writer, graph);
            EmitForward(writer, graph);
            writer.Blank();
            EmitDecode(writer, graph);
            EmitSkip(writer, graph);
        }

        writer.Blank();
    }

    /// <summary>The name that slopes are stored under, or null for a model without.</summary>
    public static string? Slopes(RecipeGraph graph) => graph.AttentionNode.Attribute("alibi.slopes");

    /// <summary>Property that gives where an adapter of a linear is attached; the parts of a packed linear share one.</summary>
    public static string Lora(RecipeGraph graph, GraphNode node) =>
        $"{(node.Pack is { } pack ? CSharpNames.Pascal(pack.Name) : graph.LayerWeights.Property(node))}Lora";

    /// <summary>The linears that some recovery adapts, each with where it is stored.</summary>
    public static IEnumerable<(StoredWeight Stored, GraphNode Node)> LoraNodes(RecipeGraph graph) =>
        graph.LayerWeights.Stored.SelectMany(stored => (stored.First.Pack is null ? stored.Nodes : [stored.First]).Select(node => (stored, node)))
            .Where(target => graph.IsLoraTarget(target.node));

    private static void EmitFields(CodeWriter writer, RecipeGraph graph)
    {
        foreach (var stored in graph.LayerWeights.Stored)
        {
            foreach (var field in stored.Fields)
            {
                writer.Write($"private readonly WeightLeaf {field}{(graph.BranchOf(stored.First) is { } branch ? $" = null!; // absent without {branch.Unit}" : ";")}");
            }
        }

        if (Slopes(graph) is not null)
        {
            writer.Write($"private readonly AlibiSlopes {SlopesField}{(graph.BranchOf(graph.AttentionNode) is { } branch ? $" = null!; // absent without {branch.Unit}" : ";")}");
        }

        foreach (var branch in graph.Branches)
        {
            writer.Write($"private bool {branch.RunsField};");
        }
    }

    private static void EmitConstructor(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Makes a layer with uninitialised weights.");
        using (writer.Open($"public Block(int index, LayerShape shape, ScalarType dtype, Device device{(Slopes(graph) is null ? string.Empty : ", Device slopesOn")})"))
        {
            writer.Write("(Index, Shape) = (index, shape);");
            writer.Write(Deconstruct(graph));
            writer.Write($"var prefix = $\"{graph.Architecture.LayerPrefix}.{{index}}\";");
            EmitWeights(writer, graph, null);
            writer.Blank();
            foreach (var branch in graph.Branches)
            {
                writer.Write($"{branch.RunsField} = shape.{branch.Has};");
                using (writer.Open($"if ({branch.RunsField})"))
                {
                    EmitWeights(writer, graph, branch);
                }

                writer.Blank();
            }

            writer.Write($"Leaves = {Present(graph, "WeightLeaf", graph.LayerWeights.Fields)};");
            writer.Write("Weights = [.. Leaves.SelectMany(leaf => leaf.Parts)];");
            EmitTargets(writer, graph, null);
            writer.Write($"LoraTargets = {Present(graph, "LoraTarget", LoraNodes(graph).Select(target => Lora(graph, target.Node)))};");
        }

        writer.Blank();
    }

    /// <summary>C# for a list of what a block has, where it lacks what goes with a branch that is gone.</summary>
    public static string Present(RecipeGraph graph, string type, IEnumerable<string> members)
    {
        var all = string.Join(", ", members);
        return graph.Branches.Count == 0 || all.Length == 0 ? $"[{all}]" : $"[.. new[] {{ {all} }}.OfType<{type}>()]";
    }

    // Of one branch, or of what every layer has.
    private static void EmitWeights(CodeWriter writer, RecipeGraph graph, Branch? branch)
    {
        StorageEmitter.EmitFields(writer, graph, graph.LayerWeights.Stored.Where(stored => graph.BranchOf(stored.First) == branch), "{prefix}.", "device");
        if (Slopes(graph) is { } slopes && graph.BranchOf(graph.AttentionNode) == branch)
        {
            var heads = graph.Local(graph.Axis(GraphSections.Layer, graph.AttentionNode.Name)[0]);
            writer.Write($"{SlopesField} = new($\"{{prefix}}.{slopes}\", {heads}, dtype, slopesOn);");
            writer.Write($"Slopes = [{SlopesField}];");
        }

        if (branch is not null)
        {
            EmitTargets(writer, graph, branch);
        }
    }

    private static void EmitTargets(CodeWriter writer, RecipeGraph graph, Branch? branch)
    {
        foreach (var (stored, node) in LoraNodes(graph).Where(target => graph.BranchOf(target.Node) == branch))
        {
            var weight = node.Pack is null ? graph.LayerWeights.Property(node) : $"{stored.Field}.Whole";
            writer.Write($"{Lora(graph, node)} = new({Literals.String(CSharpNames.LastPart(node.Weight!))}, {weight});");
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
        EmitWeightProperties(writer, graph, graph.LayerWeights);
        foreach (var (stored, node) in LoraNodes(graph))
        {
            writer.Summary($"Where an adapter of <c>{node.Weight}</c> is attached.");
            writer.Write($"public LoraTarget {Lora(graph, node)} {{ get; }}{(graph.BranchOf(node) is null ? string.Empty : " = null!;")}");
            writer.Blank();
        }

        writer.Write("""
            public override IReadOnlyList<NamedWeight> Weights { get; }

            public override IReadOnlyList<WeightLeaf> Leaves { get; }

            public override IReadOnlyList<LoraTarget> LoraTargets { get; }

            """);
        if (graph.Branches.Count > 0)
        {
            writer.Write($"public override IReadOnlyList<string> Branches => [{string.Join(", ", graph.Branches.Select(branch => Literals.String(branch.Unit)))}];");
            writer.Blank();
        }

        if (Slopes(graph) is not null)
        {
            writer.Write($"public override IReadOnlyList<AlibiSlopes> Slopes {{ get; }}{(graph.BranchOf(graph.AttentionNode) is null ? string.Empty : " = [];")}");
            writer.Blank();
        }
    }

    /// <summary>Writes one property per weight and bias of some sections.</summary>
    public static void EmitWeightProperties(CodeWriter writer, RecipeGraph graph, SectionWeights weights)
    {
        foreach (var stored in weights.Stored)
        {
            for (var i = 0; i < stored.Nodes.Count; i++)
            {
                var node = stored.Nodes[i];
                if (!stored.IsTied)
                {
                    writer.Summary($"<c>{SectionWeights.Label(node, Stored.Weight)}</c> {Shapes.Weight(graph, stored.Section, node)}.");
                    writer.Write($"public NamedWeight {weights.Property(node)} => {stored.Field}.Parts[{i}];");
                    writer.Blank();
                }

                if (stored.HasBias)
                {
                    writer.Summary($"<c>{SectionWeights.Label(node, Stored.Bias)}</c> {Shapes.Bias(graph, stored.Section, node)}.");
                    writer.Write($"public NamedWeight {weights.Property(node, Stored.Bias)} => {stored.BiasField}.Parts[{i}];");
                    writer.Blank();
                }
            }
        }
    }

    private static void EmitForward(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary(
            "The layer over whole sequences, <c>[batch, tokens, hidden]</c> to the same. With a cache, they go on where it ends."
            + (graph.IsObserved ? " An observer sees what the linears read." : string.Empty));
        using (writer.Open($"public Tensor Forward(Tensor x, SequencePass pass, KeyValueCache? cache = null{(graph.IsObserved ? ", ActivationObserver? observer = null" : string.Empty)})"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("var (batch, tokens) = (x.size(0), x.size(1));");
            writer.Statements(new SectionStatements(graph, GraphSections.Layer, rows: false).Lines);
        }
    }

    private static void EmitDecode(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("The layer over the next few tokens of one sequence, <c>[tokens, hidden]</c> to the same.");
        using (writer.Open($"public Tensor Decode(Tensor x, SequencePass pass, KeyValueCache cache{(graph.WatchedBranches.Count > 0 ? ", BranchStates? branches = null" : string.Empty)})"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("var tokens = x.size(0);");
            writer.Statements(new SectionStatements(graph, GraphSections.Layer, rows: true).Lines);
        }

        if (graph.Recipe.Exits?.Cache.Policy == "propagate")
        {
            writer.Blank();
            EmitPropagate(writer, graph);
        }
    }

    private static void EmitPropagate(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Keys and values of tokens that skip the layer, <c>[tokens, hidden]</c>.");
        using (writer.Open("public void Propagate(Tensor x, SequencePass pass, KeyValueCache cache)"))
        {
            if (graph.BranchOf(graph.AttentionNode) is { } branch)
            {
                using (writer.Open($"if (!{branch.RunsField})"))
                {
                    writer.Write("return;");
                }

                writer.Blank();
            }

            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("var tokens = x.size(0);");
            writer.Statements(SectionStatements.Propagation(graph));
        }
    }

    private static void EmitSkip(CodeWriter writer, RecipeGraph graph)
    {
        if (graph.Branches.Count == 0)
        {
            return;
        }

        writer.Blank();
        using (writer.Open("public override void Skip(string unit, bool skip)"))
        using (writer.Open("switch (unit)"))
        {
            foreach (var branch in graph.Branches)
            {
                writer.Write($"case {Literals.String(branch.Unit)}:");
                writer.Write($"    {branch.RunsField} = Shape.{branch.Has} && !skip;");
                writer.Write("    break;");
            }

            writer.Write("default:");
            writer.Write("    throw new ArgumentException($\"There is no branch '{unit}'.\", nameof(unit));");
        }
    }

    // One dimension alone cannot be deconstructed.
    private static string Deconstruct(RecipeGraph graph)
    {
        var dimensions = graph.CutDimensions.ToList();
        return dimensions.Count == 1
            ? $"var {CSharpNames.Camel(dimensions[0])} = shape.{CSharpNames.Pascal(dimensions[0])};"
            : $"var ({string.Join(", ", dimensions.Select(CSharpNames.Camel))}) = shape;";
    }
}
