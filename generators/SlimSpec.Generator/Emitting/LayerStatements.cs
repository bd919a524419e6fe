using System;
using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Emitting;

/// <summary>
/// The statements of a layer's forward, one node after another in the order of the graph: over whole sequences
/// <c>[batch, tokens, width]</c>, or over one row <c>[width]</c> where every product is <c>mv</c>.
/// </summary>
internal sealed class LayerStatements
{
    private readonly RecipeGraph _graph;
    private readonly bool _oneRow;
    private readonly List<(string Code, string? Remark)> _lines = [];
    private readonly HashSet<StoredWeight> _multiplied = [];

    public LayerStatements(RecipeGraph graph, bool oneRow)
    {
        _graph = graph;
        _oneRow = oneRow;
        foreach (var axis in SplitAxes())
        {
            Line($"var {Width(axis)} = {graph.Width(axis)};");
        }

        Line(string.Empty);
        foreach (var node in graph.Architecture.Layer)
        {
            Emit(node);
        }

        var last = graph.Architecture.Layer[graph.Architecture.Layer.Count - 1];
        Line($"return {Local(last.Name)}.MoveToOuterDisposeScope();");
    }

    public IReadOnlyList<(string Code, string? Remark)> Lines => _lines;

    // Axes of several dimensions that linears of this layer make, each once.
    private IEnumerable<IReadOnlyList<string>> SplitAxes() => _graph.Architecture.Layer
        .Where(node => node.Out.Count > 1)
        .GroupBy(node => node.Out[0])
        .Select(group => (IReadOnlyList<string>)group.First().Out);

    private void Emit(GraphNode node)
    {
        switch (node.Op)
        {
            case "rms_norm":
                Assign(node, $"Kernels.rms_norm({Local(node.Input())}, {_graph.LayerWeights.Of(node).Field}.Leaf, {_graph.Number(node.Attribute("eps")!)})");
                break;
            case "linear":
                EmitLinear(node);
                break;
            case "attention":
                EmitAttention(node);
                break;
            case "add":
            case "mul":
                var sign = node.Op == "add" ? " + " : " * ";
                Assign(node, string.Join(sign, node.Inputs.Select(input => Local(input.Node))));
                if (node.Op == "add")
                {
                    Line(string.Empty);
                }

                break;
            case "silu":
            case "gelu":
            case "relu":
                Assign(node, $"functional.{node.Op}({Local(node.Input())})");
                break;
            default:
                throw new NotSupportedException($"No statement for operation '{node.Op}'.");
        }
    }

    private void EmitLinear(GraphNode node)
    {
        var stored = _graph.LayerWeights.Of(node);
        var input = Local(node.Input());
        var product = _oneRow ? $"{stored.Field}.Leaf.mv({input})" : $"functional.linear({input}, {stored.Field}.Leaf)";
        if (!stored.IsFused)
        {
            Assign(node, Adapted(node, product, input));
            return;
        }

        // Over sequences the parts are cut out at once: their gradients then go back into one tensor, not three.
        var widths = stored.Nodes.Select(sibling => Width(sibling.Out)).ToList();
        if (_multiplied.Add(stored))
        {
            var split = _oneRow ? string.Empty : $".split([{string.Join(", ", widths)}], -1)";
            Line($"var {stored.Local} = {product}{split};", Shapes.Activation(Shapes.Siblings(stored.Nodes), _oneRow));
        }

        var index = stored.Nodes.TakeWhile(sibling => sibling != node).Count();
        var offset = index == 0 ? "0" : string.Join(" + ", widths.Take(index));
        var part = _oneRow ? $"{stored.Local}.narrow(0, {offset}, {widths[index]})" : $"{stored.Local}[{index}]";
        Assign(node, Adapted(node, part, input));
    }

    // Adapters are merged before decoding, so the one-row path has none.
    private string Adapted(GraphNode node, string output, string input) =>
        !_oneRow && _graph.IsLoraTarget(node) ? $"{BlockEmitter.Lora(_graph, node)}.Apply({output}, {input})" : output;

    private void EmitAttention(GraphNode node)
    {
        Line(string.Empty);
        var (q, k, v) = (node.Input("q"), node.Input("k"), node.Input("v"));
        var rotated = node.Attribute("rope.theta") is not null;
        Line($"var {Heads(q)} = {Rotated(Split(q), rotated)};", HeadsShape(q));
        Line($"var {Heads(k)} = {Rotated(Split(k), rotated)};", HeadsShape(k));
        Line($"var {Heads(v)} = {Split(v)};", HeadsShape(v));
        if (_oneRow)
        {
            Line($"({Heads(k)}, {Heads(v)}) = cache.Append(Index, {Heads(k)}, {Heads(v)});", "all positions so far");
        }
        else
        {
            Line("if (cache is not null)");
            Line("{");
            Line($"    ({Heads(k)}, {Heads(v)}) = cache.Append(Index, {Heads(k)}, {Heads(v)});", "all positions so far");
            Line("}");
            Line(string.Empty);
        }

        var width = Width(_graph.Coupling.Axis(node.Name));
        var attention = $"Kernels.attention({Heads(q)}, {Heads(k)}, {Heads(v)})";
        Assign(node, _oneRow ? $"{attention}.view({width})" : $"{attention}.transpose(1, 2).reshape(batch, tokens, {width})");
    }

    // An axis of several dimensions has a local for its width.
    private string Width(IReadOnlyList<string> axis) => axis.Count == 1 ? _graph.Local(axis[0]) : CSharpNames.Camel(axis[0]) + "Width";

    private static string Heads(string node) => CSharpNames.Camel(node) + "Heads";

    private string Split(string node)
    {
        var axis = _graph.Coupling.Axis(node);
        var (heads, headDim) = (_graph.Local(axis[0]), _graph.Local(axis[1]));
        return _oneRow ? $"{Local(node)}.view(1, {heads}, 1, {headDim})" : $"{Local(node)}.view(batch, tokens, {heads}, {headDim}).transpose(1, 2)";
    }

    private static string Rotated(string heads, bool rotated) => rotated ? $"Kernels.rotate({heads}, cos, sin)" : heads;

    private string HeadsShape(string node)
    {
        var axis = _graph.Coupling.Axis(node);
        return _oneRow ? $"[1, {axis[0]}, 1, {axis[1]}]" : $"[batch, {axis[0]}, tokens, {axis[1]}]";
    }

    private void Assign(GraphNode node, string value) =>
        Line($"var {Local(node.Name)} = {value};", Shapes.Activation(Shapes.Product(_graph.Coupling.Axis(node.Name)), _oneRow));

    private static string Local(string node) => node == "x" ? "x" : CSharpNames.Local(node);

    private void Line(string code, string? remark = null) => _lines.Add((code, remark));
}
