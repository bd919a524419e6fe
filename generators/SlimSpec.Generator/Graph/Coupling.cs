using System.Collections.Generic;
using System.Linq;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>One factor of an axis: an axis <c>[kv_heads, head_dim]</c> has two. Factors that must keep equal indices are unified.</summary>
internal sealed class AxisFactor(string dimension)
{
    private AxisFactor? _unifiedWith;
    private AxisFactor? _group;

    public string Dimension => Root == this ? dimension : Root.Dimension;

    public AxisFactor Root => _unifiedWith is null ? this : _unifiedWith.Root;

    /// <summary>The factor whose units this one's are grouped under (query heads under KV heads), if any.</summary>
    public AxisFactor? Group => Root._group?.Root;

    public void Unify(AxisFactor other)
    {
        var (mine, theirs) = (Root, other.Root);
        if (mine != theirs)
        {
            mine._unifiedWith = theirs;
            theirs._group ??= mine._group;
        }
    }

    public void GroupUnder(AxisFactor parent)
    {
        if (Root != parent.Root)
        {
            Root._group = parent.Root;
        }
    }
}

/// <summary>A weight's axis that belongs to a coupled structure.</summary>
/// <param name="Node">The node that owns the weight.</param>
/// <param name="Axis">0: rows, the output side; 1: columns, the input side.</param>
/// <param name="Grouped">Dimension whose units are grouped under the structure's (<c>heads</c> under <c>kv_heads</c>), or null.</param>
/// <param name="Inner">Dimensions that follow inside a unit, for example <c>head_dim</c>.</param>
internal sealed record Member(GraphNode Node, int Axis, string? Grouped, IReadOnlyList<string> Inner);

/// <summary>Axes of weights that can only be cut together.</summary>
internal sealed record Structure(string Unit, string Dimension, IReadOnlyList<Member> Members);

/// <summary>
/// Unifies the axes of a layer through its operations and collects the weights' axes that end up in one class: LLM-Pruner's
/// dependency rule (section 3.1) at the granularity of axes, run at build. An elementwise product ties its inputs' last
/// axes, a residual add ties the hidden axis of the whole model, attention ties a KV head to its group of query heads.
/// </summary>
internal sealed class Coupling
{
    private readonly Dictionary<string, AxisFactor[]> _axes = [];
    private readonly List<(GraphNode Node, int Axis, AxisFactor[] Factors)> _weightAxes = [];

    public Coupling(ArchitectureModel architecture)
    {
        var hidden = new[] { new AxisFactor(architecture.Embedding[architecture.Embedding.Count - 1].Out[0]) };
        _axes["x"] = hidden;
        foreach (var node in architecture.Layer)
        {
            Visit(node);
        }

        // The layer's output is the next layer's input.
        Unify(_axes[architecture.Layer[architecture.Layer.Count - 1].Name], hidden);
        Structures = [.. architecture.Units.Select(unit => Collect(unit.Name, unit.Dimension))];
        LayerDimensions = [.. architecture.Dimensions.Select(d => d.Name).Where(IsCut)];
    }

    /// <summary>The coupled structures, one per unit of the architecture.</summary>
    public IReadOnlyList<Structure> Structures { get; }

    /// <summary>Dimensions that a cut can change, in the architecture's order: these each layer has of its own.</summary>
    public IReadOnlyList<string> LayerDimensions { get; }

    /// <summary>Dimensions of a node's last axis.</summary>
    public IReadOnlyList<string> Axis(string node) => [.. _axes[node].Select(factor => factor.Dimension)];

    /// <summary>The dimension that <paramref name="dimension"/> is grouped under by some attention, or null.</summary>
    public string? GroupOf(string dimension) =>
        _axes.Values.SelectMany(factors => factors).FirstOrDefault(factor => factor.Dimension == dimension && factor.Group is not null)?.Group!.Dimension;

    private bool IsCut(string dimension) =>
        Structures.Any(structure => structure.Dimension == dimension || structure.Members.Any(member => member.Grouped == dimension));

    private void Visit(GraphNode node)
    {
        switch (node.Op)
        {
            case "linear":
                var input = _axes[node.Input()];
                var output = node.Out.Select(dimension => new AxisFactor(dimension)).ToArray();
                _weightAxes.Add((node, 0, output));
                _weightAxes.Add((node, 1, input));
                _axes[node.Name] = output;
                break;
            case "attention":
                var (q, k, v) = (_axes[node.Input("q")], _axes[node.Input("k")], _axes[node.Input("v")]);
                Unify(k, v);
                q[0].GroupUnder(k[0]);
                q[1].Unify(k[1]);
                _axes[node.Name] = q;
                break;
            default:
                var first = _axes[node.Input()];
                foreach (var other in node.Inputs.Skip(1))
                {
                    Unify(first, _axes[other.Node]);
                }

                if (node.Weight is not null)
                {
                    _weightAxes.Add((node, 0, first));
                }

                _axes[node.Name] = first;
                break;
        }
    }

    private static void Unify(AxisFactor[] left, AxisFactor[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            left[i].Unify(right[i]);
        }
    }

    private Structure Collect(string unit, string dimension)
    {
        var root = _weightAxes.SelectMany(weight => weight.Factors).First(factor => factor.Dimension == dimension).Root;
        var members = new List<Member>();
        foreach (var (node, axis, factors) in _weightAxes)
        {
            for (var i = 0; i < factors.Length; i++)
            {
                var grouped = factors[i].Group == root;
                if (factors[i].Root == root || grouped)
                {
                    members.Add(new(node, axis, grouped ? factors[i].Dimension : null, [.. factors.Skip(i + 1).Select(f => f.Dimension)]));
                }
            }
        }

        return new(unit, dimension, members);
    }
}
