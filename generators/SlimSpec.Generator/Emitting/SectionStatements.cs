using System;
using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>
/// The statements of one section's forward, one node after another in the order of the graph: over whole sequences
/// <c>[batch, tokens, width]</c>, or over a few rows <c>[tokens, width]</c> of one.
/// </summary>
internal sealed class SectionStatements
{
    private readonly RecipeGraph _graph;
    private readonly GraphSections _section;
    private readonly SectionWeights _weights;
    private readonly bool _rows;
    private readonly string _input;
    private readonly bool _unfused;
    private readonly Dictionary<string, string> _instead = [];
    private readonly List<(string Code, string? Remark)> _lines = [];
    private readonly HashSet<StoredWeight> _multiplied = [];
    private readonly List<string> _sizes = [];
    private string _indent = string.Empty;

    /// <summary>Writes the statements.</summary>
    /// <param name="graph">The recipe.</param>
    /// <param name="section">The section.</param>
    /// <param name="rows">Whether for a few rows of one sequence.</param>
    /// <param name="input">Local that holds the section's input: <c>x</c>, <c>hidden</c> or <c>inputIds</c>.</param>
    public SectionStatements(RecipeGraph graph, GraphSections section, bool rows, string input = "x")
        : this(graph, section, rows, input, unfused: false)
    {
        var nodes = graph.Nodes(section);
        foreach (var node in nodes)
        {
            if (BranchOf(node) is not { } branch)
            {
                Emit(node);
            }
            else if (node.Name == branch.Input)
            {
                // Nothing outside a branch reads it before it enters the stream.
                EmitBranch(branch, [.. nodes.Where(branch.Contains)]);
            }

            ShowBranch(node);
        }

        Return(nodes[nodes.Count - 1].Name);
    }

    private SectionStatements(RecipeGraph graph, GraphSections section, bool rows, string input, bool unfused) =>
        (_graph, _section, _weights, _rows, _input, _unfused) = (graph, section, graph.WeightsOf(section), rows, input, unfused);

    public IReadOnlyList<(string Code, string? Remark)> Lines => _lines;

    /// <summary>The head up to what its last linear reads, with or without its norms.</summary>
    public static IReadOnlyList<(string Code, string? Remark)> HeadInput(RecipeGraph graph, bool norms, bool rows, string input)
    {
        var statements = new SectionStatements(graph, GraphSections.Head, rows, input, unfused: false);
        var nodes = graph.Nodes(GraphSections.Head);
        foreach (var node in nodes.Take(nodes.Count - 1))
        {
            if (norms || !node.Op.EndsWith("_norm", StringComparison.Ordinal))
            {
                statements.Emit(node);
            }
            else
            {
                statements._instead[node.Name] = statements.Local(node.Input());
            }
        }

        statements.Return(nodes[nodes.Count - 1].Input());
        return statements.Lines;
    }

    /// <summary>Keys and values of a few rows of a layer, stored and nothing else.</summary>
    public static IReadOnlyList<(string Code, string? Remark)> Propagation(RecipeGraph graph)
    {
        var statements = new SectionStatements(graph, GraphSections.Layer, rows: true, "x", unfused: true);
        var (k, v) = (graph.AttentionNode.Input("k"), graph.AttentionNode.Input("v"));
        var needed = new HashSet<string> { k, v };
        foreach (var node in graph.Architecture.Layer.Reverse().Where(node => needed.Contains(node.Name)))
        {
            needed.UnionWith(node.Inputs.Select(input => input.Node));
        }

        foreach (var node in graph.Architecture.Layer.Where(node => needed.Contains(node.Name)))
        {
            statements.Emit(node);
        }

        statements.EmitKeysAndValues(k, v);
        statements._lines.InsertRange(0, statements.Sizes());
        return statements.Lines;
    }

    // A section that does nothing gives its input on.
    private void Return(string node)
    {
        Line($"return {Local(node)}{(_lines.Count == 0 ? ".alias()" : string.Empty)}.MoveToOuterDisposeScope();");
        _lines.InsertRange(0, Sizes());
    }

    // The widths that the statements use, and the sizes that these are made of.
    private IEnumerable<(string, string?)> Sizes()
    {
        var widths = WideAxes().Where(axis => _sizes.Contains(Width(axis))).ToList();
        var used = _graph.CutDimensions.Where(dimension =>
            _sizes.Contains(_graph.Local(dimension)) || widths.Any(axis => axis.Contains(dimension))).ToList();
        var shape = _section == GraphSections.Layer ? "Shape" : "((Shape)Shape)";
        if (used.Count == 1)
        {
            yield return ($"var {CSharpNames.Camel(used[0])} = {shape}.{CSharpNames.Pascal(used[0])};", null);
        }
        else if (used.Count > 1)
        {
            yield return ($"var ({string.Join(", ", used.Select(CSharpNames.Camel))}) = ({string.Join(", ", used.Select(dimension => $"{shape}.{CSharpNames.Pascal(dimension)}"))});", null);
        }

        foreach (var axis in widths)
        {
            yield return ($"var {Width(axis)} = {_graph.Width(axis)};", null);
        }

        if (used.Count + widths.Count > 0)
        {
            yield return (string.Empty, null);
        }
    }

    // Axes of several dimensions that linears make, each once.
    private IEnumerable<IReadOnlyList<string>> WideAxes() => _graph.Nodes(_section)
        .Where(node => node.Out.Count > 1)
        .GroupBy(node => node.Out[0])
        .Select(group => (IReadOnlyList<string>)group.First().Out);

    private Branch? BranchOf(GraphNode node) => _section == GraphSections.Layer ? _graph.BranchOf(node) : null;

    private void EmitBranch(Branch branch, IReadOnlyList<GraphNode> nodes)
    {
        Line($"Tensor? {Local(branch.Input)} = null;");
        Line($"if ({branch.RunsField})");
        Line("{");
        _indent = "    ";
        foreach (var node in nodes)
        {
            Emit(node);
        }

        _indent = string.Empty;
        Line("}");
        Line(string.Empty);
    }

    private void Emit(GraphNode node)
    {
        switch (node.Op)
        {
            case "embedding":
                EmitEmbedding(node);
                break;
            case "rms_norm":
                var offset = node.Attribute("offset") is { } shift && _graph.Value(shift) != 0 ? $", {_graph.Number(shift)}" : string.Empty;
                Assign(node, $"Kernels.rms_norm({Local(node.Input())}, {_weights.Of(node).Field}.Leaf, {_graph.Number(node.Attribute("eps")!)}{offset})");
                break;
            case "layer_norm":
                var stored = _weights.Of(node);
                Assign(node, $"Kernels.layer_norm({Local(node.Input())}, {stored.Field}.Leaf, {(stored.HasBias ? stored.BiasField + ".Leaf" : "null")}, {_graph.Number(node.Attribute("eps")!)})");
                break;
            case "linear":
                EmitLinear(node);
                break;
            case "attention":
                EmitAttention(node);
                break;
            case "scale":
                Assign(node, $"{Local(node.Input())} * {_graph.Number(node.Attribute("by")!)}");
                break;
            case "add":
                var terms = node.Inputs.Select(input => Local(input.Node));
                Assign(node, BranchesInto(node) ? $"Kernels.sum({string.Join(", ", terms)})" : string.Join(" + ", terms));
                Line(string.Empty);
                break;
            case "mul":
                Assign(node, string.Join(" * ", node.Inputs.Select(input => Local(input.Node))));
                break;
            case "silu" or "gelu" when _rows:
                Assign(node, $"Kernels.{node.Op}({Local(node.Input())})");
                break;
            case "silu" or "gelu" or "relu":
                Assign(node, $"functional.{node.Op}({Local(node.Input())})");
                break;
            case "gelu_tanh":
                Assign(node, $"Kernels.gelu_tanh({Local(node.Input())})");
                break;
            default:
                throw new NotSupportedException($"No statement for operation '{node.Op}'.");
        }
    }

    private bool BranchesInto(GraphNode add) => _section == GraphSections.Layer && _graph.Branches.Any(branch => branch.Enters(add));

    private void EmitEmbedding(GraphNode node)
    {
        var offset = node.Attribute("offset") is { } shift && shift != "0" ? $" + {shift}" : string.Empty;
        var rows = node.Input() == GraphAxes.Positions ? $"pass.PositionsBelow({_graph.Local(node.Attribute("rows")!)}){offset}" : _input;
        Assign(node, $"Kernels.embedding({rows}, {_weights.Of(node).Field}.Leaf)");
    }

    private void EmitLinear(GraphNode node)
    {
        var input = Local(node.Input());
        if (RecipeGraph.IsTied(node))
        {
            Assign(node, Product(_graph.OuterWeights.Of(_graph.TableOf(node)).Field, node.HasBias ? _weights.Of(node).BiasField : null, input));
            return;
        }

        ShowInput(node, input);
        var stored = _weights.Of(node);
        if (_unfused && stored.IsFused && stored.First.Pack is null)
        {
            Assign(node, $"Kernels.linear({input}, {_weights.Property(node)}.Value{(stored.HasBias ? $", {_weights.Property(node, Stored.Bias)}.Value" : string.Empty)})");
            return;
        }

        if (!stored.IsFused)
        {
            Assign(node, Adapted(node, Product(stored, input), input));
            return;
        }

        // Over sequences the parts are cut out at once: their gradients then go back into one tensor, not three.
        var widths = stored.Nodes.Select(sibling => Width(sibling.Out)).ToList();
        if (_multiplied.Add(stored))
        {
            var product = stored.First.Pack is null ? Product(stored, input) : Adapted(node, Product(stored, input), input);
            var split = $".split([{string.Join(", ", widths.Select(Used))}], -1)";
            Line($"var {stored.Name} = {product}{split};", Shapes.Activation(Shapes.Siblings(stored.Nodes), _rows));
        }

        var index = stored.Nodes.TakeWhile(sibling => sibling != node).Count();
        var part = $"{stored.Name}[{index}]";
        Assign(node, stored.First.Pack is null ? Adapted(node, part, input) : part);
    }

    // Where exits compare what branches give.
    private void ShowBranch(GraphNode node)
    {
        if (_rows && _section == GraphSections.Layer && _graph.WatchedBranches.FirstOrDefault(watched => watched.Node == node.Name) is { Show: { } show })
        {
            Line($"branches?.{show}({Local(node.Name)});");
        }
    }

    // Once for all linears that read it.
    private void ShowInput(GraphNode node, string input)
    {
        var readers = _graph.Nodes(_section).Where(other => other.Op == "linear" && other.Input() == node.Input() && BranchOf(other) == BranchOf(node)).ToList();
        if (_graph.IsObserved && _section == GraphSections.Layer && !_rows && node == readers[0])
        {
            Line($"observer?.Input({input}, {string.Join(", ", readers.Select(_weights.Property))});");
        }
    }

    private string Product(StoredWeight stored, string input) => Product(stored.Field, stored.HasBias ? stored.BiasField : null, input);

    private string Product(string weight, string? bias, string input) =>
        $"{(_rows ? "Kernels" : "functional")}.linear({input}, {weight}.Leaf{(bias is null ? string.Empty : $", {bias}.Leaf")})";

    // Adapters are merged before decoding, so the path of few rows has none.
    private string Adapted(GraphNode node, string output, string input) =>
        !_rows && _section == GraphSections.Layer && _graph.IsLoraTarget(node) ? $"{BlockEmitter.Lora(_graph, node)}.Apply({output}, {input})" : output;

    private void EmitAttention(GraphNode node)
    {
        Line(string.Empty);
        var (q, k, v) = (node.Input("q"), node.Input("k"), node.Input("v"));
        Line($"var {Heads(q)} = {Rotated(Split(q))};", HeadsShape(q));
        EmitKeysAndValues(k, v);

        var arguments = $"{Heads(q)}, {Heads(k)}, {Heads(v)}{AttentionOptions(node)}";
        Assign(node, _rows
            ? $"Kernels.attention_rows({arguments})"
            : $"Kernels.attention({arguments}, trees: pass.Trees).transpose(1, 2).reshape(batch, tokens, {Used(Width(_graph.Axis(_section, node.Name)))})");
    }

    private void EmitKeysAndValues(string k, string v)
    {
        Line($"var {Heads(k)} = {Rotated(Split(k))};", HeadsShape(k));
        Line($"var {Heads(v)} = {Split(v)};", HeadsShape(v));
        var append = $"cache.Append(Index, pass.Start, {Heads(k)}, {Heads(v)});";
        if (_unfused)
        {
            Line(append);
        }
        else if (_rows)
        {
            Line($"({Heads(k)}, {Heads(v)}) = {append}", "all positions so far");
        }
        else
        {
            Line("if (cache is not null)");
            Line("{");
            Line($"    ({Heads(k)}, {Heads(v)}) = {append}", "all positions so far");
            Line("}");
            Line(string.Empty);
        }
    }

    private string AttentionOptions(GraphNode node) =>
        (node.Attribute("window") is { } window ? $", window: {_graph.Integer(window)}" : string.Empty)
        + (node.Attribute("alibi.slopes") is not null ? $", slopes: {BlockEmitter.SlopesField}.Values" : string.Empty)
        + (_graph.Architecture.Prefix is not null ? ", prefix: pass.Prefix" : string.Empty);

    // An axis of several dimensions has a local for its width.
    private string Width(IReadOnlyList<string> axis) => axis.Count == 1 ? _graph.Local(axis[0]) : CSharpNames.Camel(axis[0]) + "Width";

    private string Used(string size)
    {
        _sizes.Add(size);
        return size;
    }

    private static string Heads(string node) => CSharpNames.Camel(node) + "Heads";

    private string Split(string node)
    {
        var axis = _graph.Axis(_section, node);
        var (heads, headDim) = (Used(_graph.Local(axis[0])), _graph.Local(axis[1]));
        return $"{Local(node)}.view({(_rows ? "1" : "batch")}, tokens, {heads}, {headDim}).transpose(1, 2)";
    }

    private string Rotated(string heads) =>
        _graph.Rotary is { } rotary ? $"Kernels.rotate({heads}, pass.Cos, pass.SignedSin{rotary.BlockArgument})" : heads;

    private string HeadsShape(string node)
    {
        var axis = _graph.Axis(_section, node);
        return $"[{(_rows ? "1" : "batch")}, {axis[0]}, tokens, {axis[1]}]";
    }

    // What leaves a branch is declared in front of it.
    private void Assign(GraphNode node, string value) =>
        Line($"{(BranchOf(node)?.Input == node.Name ? string.Empty : "var ")}{Local(node.Name)} = {value};", Shapes.Activation(Shapes.Product(_graph.Axis(_section, node.Name)), _rows));

    // The input has the name that the method gives it, and a node of that name another.
    private string Local(string node) => _instead.TryGetValue(node, out var other) ? other
        : node == GraphAxes.Stream && _section != GraphSections.Embedding ? _input : CSharpNames.Local(node);

    private void Line(string code, string? remark = null) => _lines.Add((code.Length == 0 ? code : _indent + code, remark));
}
