using System.Collections.Generic;
using System.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>
/// Unifies the axes of the whole model through its operations and collects the weights' axes that end up in one class:
/// LLM-Pruner's dependency rule (section 3.1) at the granularity of axes, run at build. An elementwise product ties its
/// inputs' last axes, a residual add ties the hidden axis of all layers, embedding and head, attention ties a KV head to its
/// group of query heads, a norm and a bias go with the axis they scale or shift.
/// </summary>
internal sealed class Coupling
{
    private readonly Dictionary<(GraphSections Section, string Node), IReadOnlyList<AxisFactor>> _axes = [];
    private readonly List<StoredAxis> _stored = [];
    private readonly AxisFactor _stream = new(DimensionNames.Hidden);

    public Coupling(ArchitectureModel architecture)
    {
        Visit(GraphSections.Embedding, architecture.Embedding);
        Unify(Output(GraphSections.Embedding, architecture.Embedding), [_stream]);
        Visit(GraphSections.Layer, architecture.Layer);
        // The layer's output is the next layer's input.
        Unify(Output(GraphSections.Layer, architecture.Layer), [_stream]);
        Visit(GraphSections.Head, architecture.Head);
        Structures = [.. architecture.Units.Select(unit => Collect(unit.Name, unit.Dimension))];
        LayerDimensions = [.. architecture.Dimensions.Select(d => d.Name).Where(d => IsCut(d, wholeModel: false))];
        ModelDimensions = [.. architecture.Dimensions.Select(d => d.Name).Where(d => IsCut(d, wholeModel: true))];
    }

    /// <summary>The coupled structures, one per unit of the architecture.</summary>
    public IReadOnlyList<Structure> Structures { get; }

    /// <summary>Everything stored, axis by axis, in the order of the graph.</summary>
    public IReadOnlyList<StoredAxis> StoredAxes => _stored;

    /// <summary>Dimensions that a cut can change layer by layer, in the architecture's order.</summary>
    public IReadOnlyList<string> LayerDimensions { get; }

    /// <summary>Dimensions that a cut can change, but in all layers at once.</summary>
    public IReadOnlyList<string> ModelDimensions { get; }

    /// <summary>Dimensions of a node's last axis.</summary>
    public IReadOnlyList<string> Axis(GraphSections section, string node) => [.. _axes[(section, node)].Select(factor => factor.Dimension)];

    private bool IsCut(string dimension, bool wholeModel) =>
        Structures.Any(structure => structure.IsWholeModel == wholeModel
            && (structure.Dimension == dimension || structure.Members.Any(member => member.Grouped == dimension)));

    private IReadOnlyList<AxisFactor> Output(GraphSections section, EquatableArray<GraphNode> nodes) => _axes[(section, nodes[nodes.Count - 1].Name)];

    private void Visit(GraphSections section, EquatableArray<GraphNode> nodes)
    {
        _axes[(section, GraphAxes.Stream)] = [_stream];
        foreach (var node in nodes)
        {
            _axes[(section, node.Name)] = node.Op switch
            {
                "embedding" => Embedding(section, node),
                "linear" => Linear(section, node),
                "attention" => Attention(section, node),
                _ => Elementwise(section, node),
            };
        }
    }

    private IReadOnlyList<AxisFactor> Embedding(GraphSections section, GraphNode node)
    {
        var output = Declared(node);
        _stored.Add(new(section, node, Stored.Weight, 0, [new(node.Attribute("rows")!)]));
        _stored.Add(new(section, node, Stored.Weight, 1, output));
        return output;
    }

    private IReadOnlyList<AxisFactor> Linear(GraphSections section, GraphNode node)
    {
        var output = Declared(node);
        var input = _axes[(section, node.Input())];
        if (node.Attribute("tied.to") is { } table)
        {
            // The table's columns are the input's channels; it is stored, and cut, once.
            Unify(input, _stored.First(axis => axis.Section == GraphSections.Embedding && axis.Node.Weight == table && axis.Axis == 1).Factors);
        }
        else
        {
            _stored.Add(new(section, node, Stored.Weight, 0, output));
            _stored.Add(new(section, node, Stored.Weight, 1, input));
        }

        AddBias(section, node, output);
        return output;
    }

    private IReadOnlyList<AxisFactor> Attention(GraphSections section, GraphNode node)
    {
        var (q, k, v) = (_axes[(section, node.Input("q"))], _axes[(section, node.Input("k"))], _axes[(section, node.Input("v"))]);
        Unify(k, v);
        q[1].Unify(k[1]);
        if (q[0].Dimension == k[0].Dimension)
        {
            q[0].Unify(k[0]);
        }
        else
        {
            q[0].GroupUnder(k[0]);
        }

        if (node.Attribute("alibi.slopes") is not null)
        {
            _stored.Add(new(section, node, Stored.Slopes, 0, [q[0]]));
        }

        return q;
    }

    // Norms, activations, sums and products: what goes in comes out, channel by channel.
    private IReadOnlyList<AxisFactor> Elementwise(GraphSections section, GraphNode node)
    {
        var first = _axes[(section, node.Input())];
        foreach (var other in node.Inputs.Skip(1))
        {
            Unify(first, _axes[(section, other.Node)]);
        }

        if (node.Weight is not null)
        {
            _stored.Add(new(section, node, Stored.Weight, 0, first));
            AddBias(section, node, first);
        }

        return first;
    }

    private void AddBias(GraphSections section, GraphNode node, IReadOnlyList<AxisFactor> axis)
    {
        if (node.HasBias)
        {
            _stored.Add(new(section, node, Stored.Bias, 0, axis));
        }
    }

    private static AxisFactor[] Declared(GraphNode node) => [.. node.Out.Select(dimension => new AxisFactor(dimension))];

    private static void Unify(IReadOnlyList<AxisFactor> left, IReadOnlyList<AxisFactor> right)
    {
        for (var i = 0; i < left.Count; i++)
        {
            left[i].Unify(right[i]);
        }
    }

    private Structure Collect(string unit, string dimension)
    {
        var root = _stored.Where(axis => axis.Section == GraphSections.Layer).SelectMany(axis => axis.Factors).First(factor => factor.Dimension == dimension).Root;
        var members = new List<Member>();
        foreach (var axis in _stored)
        {
            for (var i = 0; i < axis.Factors.Count; i++)
            {
                var grouped = axis.Factors[i].Group == root;
                if (axis.Factors[i].Root == root || grouped)
                {
                    members.Add(new(axis, grouped ? axis.Factors[i].Dimension : null, [.. axis.Factors.Skip(i + 1).Select(factor => factor.Dimension)]));
                }
            }
        }

        return new(unit, dimension, root.Group?.Dimension, root == _stream.Root, members);
    }
}
