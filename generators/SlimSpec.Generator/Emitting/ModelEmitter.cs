using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>Writes <c>Model</c>: embedding, blocks and head, with the full, the cached forward.</summary>
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
        foreach (var field in graph.OuterWeights.Fields)
        {
            writer.Write($"private readonly WeightLeaf {field};");
        }

        if (graph.Rotary is not null)
        {
            writer.Write("private readonly RotaryTable _rotary;");
        }

        writer.Blank();
    }

    private static void EmitConstructors(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("Makes a model with uninitialised weights.");
        writer.Write("public Model(Shape shape, ScalarType dtype, Device device)");
        writer.Write("    : this(shape, dtype, device, weightsOn: device)");
        writer.Write("{");
        writer.Write("}");
        writer.Blank();
        writer.Write("// Without storage, weights are on META, and the model's other tensors where it will run.");
        using (writer.Open($"internal Model(Shape shape, ScalarType dtype, Device device, Device weightsOn)\n    : base({Literals.String(graph.Recipe.Name)}, shape, dtype, device)"))
        {
            foreach (var dimension in graph.Coupling.ModelDimensions)
            {
                writer.Write($"var {CSharpNames.Camel(dimension)} = shape.{CSharpNames.Pascal(dimension)};");
            }

            StorageEmitter.EmitFields(writer, graph, graph.OuterWeights.Stored, string.Empty, "weightsOn");
            if (graph.Rotary is { } rotary)
            {
                writer.Write($"_rotary = new({rotary.Arguments}, dtype, device){rotary.Options};");
            }

            writer.Blank();
            writer.Write($"OuterLeaves = [{string.Join(", ", graph.OuterWeights.Fields)}];");
            writer.Write($"Blocks = [.. shape.Layers.Select((layer, index) => new Block(index, layer, dtype, weightsOn{(BlockEmitter.Slopes(graph) is null ? string.Empty : ", device")}))];");
        }

        writer.Blank();
    }

    private static void EmitProperties(CodeWriter writer, RecipeGraph graph)
    {
        writer.Summary("The decoder layers, first to last.");
        writer.Write("public IReadOnlyList<Block> Blocks { get; }");
        writer.Blank();
        BlockEmitter.EmitWeightProperties(writer, graph, graph.OuterWeights);
        var before = graph.OuterWeights.Stored.Where(stored => stored.Section == GraphSections.Embedding).Sum(stored => stored.Fields.Count());
        var kv = graph.Axis(GraphSections.Layer, graph.AttentionNode.Input("k"));
        writer.Write($$"""
            public override IReadOnlyList<DecoderLayer> Layers => Blocks;

            public override IReadOnlyList<WeightLeaf> OuterLeaves { get; }

            public override IEnumerable<NamedWeight> Weights =>
            [
                .. OuterLeaves.Take({{before}}).SelectMany(leaf => leaf.Parts), // embedding
                .. Blocks.SelectMany(block => block.Weights),
                .. OuterLeaves.Skip({{before}}).SelectMany(leaf => leaf.Parts), // head
            ];

            public override ArchitectureInfo Architecture => Instance.Architecture;

            public override bool TiedHead => {{(graph.Architecture.Head.Any(RecipeGraph.IsTied) ? "true" : "false")}};

            public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) =>
                new([.. Blocks.Select(block => ({{graph.Dimension(kv[0], name => $"block.Shape.{CSharpNames.Pascal(name)}")}}, {{graph.Local(kv[1])}}))], Dtype, Device, batch, capacity);

            """);
    }

    private static void EmitPieces(CodeWriter writer, RecipeGraph graph)
    {
        var prefix = graph.Architecture.Prefix is { } found
            ? $".FindPrefix({graph.Integer(found.Start)}, {string.Join(", ", found.Marks.Select(graph.Integer))})"
            : string.Empty;
        writer.Write("public override SequencePass Begin(Tensor inputIds, KeyValueCache? cache = null) =>");
        writer.Write($"    new SequencePass(inputIds, cache){prefix}{(graph.Rotary is null ? string.Empty : ".Rotate(_rotary)")};");
        writer.Blank();
        writer.Write("public override SequencePass Begin(Tensor inputIds, TokenTrees trees) =>");
        writer.Write($"    new SequencePass(inputIds, cache: null, trees){(graph.Rotary is null ? string.Empty : ".Rotate(_rotary)")};");
        writer.Blank();
        writer.Write("public override SequencePass Resume(long start, long tokens, KeyValueCache cache) =>");
        writer.Write($"    new SequencePass(start, tokens, cache, Device){prefix}{(graph.Rotary is null ? string.Empty : ".Rotate(_rotary)")};");
        writer.Blank();
        using (writer.Open("public override Tensor Embed(Tensor inputIds, SequencePass pass)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Statements(new SectionStatements(graph, GraphSections.Embedding, rows: false, "inputIds").Lines);
        }

        writer.Blank();
        writer.Write($"public override DecoderLayer CreateLayer(ModelShape shape, int layer) => new Block(layer, ((Shape)shape).Layers[layer], Dtype, Device{(BlockEmitter.Slopes(graph) is null ? string.Empty : ", Device")});");
        writer.Blank();
        writer.Write("public override Tensor Run(DecoderLayer layer, Tensor hidden, SequencePass pass) => ((Block)layer).Forward(hidden, pass);");
        if (graph.IsObserved)
        {
            writer.Blank();
            writer.Write("public override Tensor Observe(DecoderLayer layer, Tensor hidden, SequencePass pass, ActivationObserver observer) =>");
            writer.Write("    ((Block)layer).Forward(hidden, pass, observer: observer);");
        }

        writer.Blank();
        EmitHead(writer, graph, "public override Tensor Head(Tensor hidden)", rows: false, "hidden");
        writer.Write("public override Tensor DecodeLayer(int layer, Tensor rows, SequencePass pass, KeyValueCache cache) => Blocks[layer].Decode(rows, pass, cache);");
        writer.Blank();
        EmitHead(writer, graph, "public override Tensor HeadRows(Tensor rows)", rows: true, "rows");
        if (graph.Recipe.Recover.Any(step => step.HasClassifier))
        {
            using (writer.Open("public override Tensor HeadFeatures(Tensor hidden)"))
            {
                writer.Write("using var scope = NewDisposeScope();");
                writer.Statements(SectionStatements.HeadInput(graph, norms: true, rows: false, "hidden"));
            }

            writer.Blank();
        }

        if (graph.Recipe.Exits is { } exits)
        {
            EmitExits(writer, graph, exits);
        }
    }

    // What checks and skipped layers need.
    private static void EmitExits(CodeWriter writer, RecipeGraph graph, ExitsModel exits)
    {
        using (writer.Open("public override Tensor HeadInput(Tensor rows)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Statements(SectionStatements.HeadInput(graph, exits.FinalNorm, rows: true, "rows"));
        }

        writer.Blank();
        var logits = graph.Architecture.Head[graph.Architecture.Head.Count - 1];
        var weight = RecipeGraph.IsTied(logits) ? graph.OuterWeights.Of(graph.TableOf(logits)).Field : graph.OuterWeights.Of(logits).Field;
        writer.Write($"public override (Tensor Weight, Tensor? Bias) HeadWeight => ({weight}.Leaf, {(logits.HasBias ? graph.OuterWeights.Of(logits).BiasField + ".Leaf" : "null")});");
        writer.Blank();
        if (exits.Cache.Policy == "propagate")
        {
            writer.Write("public override void Propagate(int layer, Tensor rows, SequencePass pass, KeyValueCache cache) => Blocks[layer].Propagate(rows, pass, cache);");
            writer.Blank();
        }
    }

    private static void EmitForwards(CodeWriter writer, RecipeGraph graph)
    {
        using (writer.Open("public override Tensor forward(Tensor inputIds)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("using var pass = Begin(inputIds);");
            writer.Write("var x = Embed(inputIds, pass); // [batch, tokens, hidden]");
            EmitLoop(writer, "block.Forward(x, pass)");
            writer.Write("return Head(x).MoveToOuterDisposeScope();");
        }

        writer.Blank();
        using (writer.Open("public override Tensor Prefill(Tensor inputIds, KeyValueCache cache)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("using var pass = Begin(inputIds, cache);");
            writer.Write("var x = Embed(inputIds, pass); // [batch, tokens, hidden]");
            EmitLoop(writer, "block.Forward(x, pass, cache)");
            writer.Write("cache.Advance(pass.Tokens);");
            writer.Write("return Head(x.narrow(1, pass.Tokens - 1, 1)).squeeze(1).MoveToOuterDisposeScope();");
        }

        writer.Blank();
        using (writer.Open("public override Tensor Decode(Tensor inputId, KeyValueCache cache)"))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Write("using var pass = Begin(inputId, cache);");
            writer.Write("var x = Embed(inputId, pass); // [1, hidden]");
            EmitLoop(writer, "block.Decode(x, pass, cache)");
            writer.Write("cache.Advance(1);");
            writer.Write("return HeadRows(x).squeeze(0).MoveToOuterDisposeScope();");
        }
    }

    private static void EmitHead(CodeWriter writer, RecipeGraph graph, string signature, bool rows, string input)
    {
        using (writer.Open(signature))
        {
            writer.Write("using var scope = NewDisposeScope();");
            writer.Statements(new SectionStatements(graph, GraphSections.Head, rows, input).Lines);
        }

        writer.Blank();
    }

    private static void EmitLoop(CodeWriter writer, string call)
    {
        using (writer.Open("foreach (var block in Blocks)"))
        {
            writer.Write($"x = Replace(x, {call});");
        }

        writer.Blank();
    }

    private static void EmitDispose(CodeWriter writer, RecipeGraph graph)
    {
        if (graph.Rotary is null)
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
