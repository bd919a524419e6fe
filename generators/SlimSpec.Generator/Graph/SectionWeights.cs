using System;
using System.Collections.Generic;
using System.Linq;
using SlimSpec.Generator.Emitting;
using SlimSpec.Specs;

namespace SlimSpec.Generator.Graph;

/// <summary>
/// Weights stored as one tensor: sibling linears that read one input, the parts of a packed linear, or a single weight. A
/// bias is stored the same way, beside it.
/// </summary>
/// <param name="Name">Name of the local that holds the product of all; fields are called after it.</param>
/// <param name="Section">The section of the nodes.</param>
/// <param name="Nodes">The nodes, in the order of their rows.</param>
internal sealed record StoredWeight(string Name, GraphSections Section, IReadOnlyList<GraphNode> Nodes)
{
    public GraphNode First => Nodes[0];

    /// <summary>Field that holds the weight.</summary>
    public string Field => "_" + Name.TrimStart('@');

    /// <summary>Field that holds the bias.</summary>
    public string BiasField => Field + "Bias";

    public bool HasBias => First.HasBias;

    /// <summary>Whether the bias is there for what a cut adds to it: checkpoints may lack it.</summary>
    public bool IsBiasAdded => First.Attribute("bias.added") == "true";

    /// <summary>Whether the weight is the embedding's table, so that only the bias is stored here.</summary>
    public bool IsTied => RecipeGraph.IsTied(First);

    /// <summary>The fields: the weight's, then the bias's.</summary>
    public IEnumerable<string> Fields => (IsTied ? [] : new[] { Field }).Concat(HasBias ? [BiasField] : []);

    /// <summary>Whether several nodes take their part of one product.</summary>
    public bool IsFused => Nodes.Count > 1;

    /// <summary>Whether the checkpoint has it as one tensor, or in another layout than rows of output channels.</summary>
    public bool IsPacked => First.Pack is not null || IsTransposed;

    /// <summary>Whether the checkpoint has it as <c>[in, out]</c>.</summary>
    public bool IsTransposed => First.Attribute("layout") == "in_out";
}

/// <summary>How the weights of some sections are stored and named.</summary>
internal sealed class SectionWeights
{
    // Members that generated classes have beside those of their weights, and what their code calls by a simple name. The
    // names of weights come from checkpoints, so it is the property that gives way.
    private static readonly HashSet<string> Reserved = new((
        "Index Shape Weights Leaves LoraTargets Slopes Forward Decode Propagate Skip Branches Dispose " +
        "Layers Blocks OuterLeaves TiedHead Embed Head HeadRows HeadFeatures HeadInput HeadWeight Begin Resume Run RunLayer DecodeLayer Observe CreateLayer Prefill CreateCache Dtype Device Tensors Replace RequireGradients Stream Use UseEmbedding UseHead " +
        "Model Block Dims Constants LayerShape WidthPruner Recovery Exits Instance Settings Architecture Dense Pruned Pruner Register " +
        "Kernels Surgery CausalLM DecoderLayer ModelShape SequencePass KeyValueCache BranchStates ExitStack RotaryTable RotaryScaling AlibiSlopes WeightLeaf NamedWeight LoraTarget " +
        "ActivationObserver ArchitectureInfo StructuredPruner Selection LayerScores CoupledStructure Tensor ScalarType Enumerable Math Array " +
        "Equals GetHashCode GetType ToString MemberwiseClone ReferenceEquals Finalize Name Training").Split(' '));

    // Fields and locals that emitted methods have of their own.
    private static readonly string[] ReservedFields = ["rotary", "slopes", "prefix", "x", "hidden", "pass", "cache", "scope", "batch", "tokens", "observer", "rows", "branches"];

    private readonly Dictionary<GraphNode, string> _properties = [];
    private readonly Func<GraphNode, Branch?> _branchOf;

    /// <summary>Groups and names the weights.</summary>
    /// <param name="branchOf">The branch that a node goes with, if layers may lack it: siblings are stored together within one.</param>
    /// <param name="sections">The sections with their nodes.</param>
    public SectionWeights(Func<GraphNode, Branch?> branchOf, params IReadOnlyList<(GraphSections Section, IReadOnlyList<GraphNode> Nodes)> sections)
    {
        _branchOf = branchOf;
        NameProperties([.. sections.SelectMany(section => section.Nodes).Where(node => node.Weight is not null)]);
        var names = new HashSet<string>(ReservedFields);
        Stored = [.. sections.SelectMany(section => Group(section.Section, section.Nodes, names))];
    }

    /// <summary>The stored tensors, in the order of their first node.</summary>
    public IReadOnlyList<StoredWeight> Stored { get; }

    /// <summary>All nodes with weights, in the order they are stored.</summary>
    public IEnumerable<GraphNode> Nodes => Stored.SelectMany(stored => stored.Nodes);

    /// <summary>The fields in the order of storage, biases behind their weights.</summary>
    public IEnumerable<string> Fields => Stored.SelectMany(stored => stored.Fields);

    /// <summary>Property that gives a node's weight, for example <c>QProj</c>.</summary>
    public string Property(GraphNode node) => _properties[node];

    /// <summary>Property that gives a node's weight or bias.</summary>
    public string Property(GraphNode node, Stored stored) => stored == Graph.Stored.Bias ? _properties[node] + "Bias" : _properties[node];

    /// <summary>Where a node's weight is stored.</summary>
    public StoredWeight Of(GraphNode node) => Stored.First(stored => stored.Nodes.Contains(node));

    /// <summary>What a node's weight is called behind the prefix: <c>self_attn.q_proj.weight</c>, <c>attn.c_attn.weight[q]</c>.</summary>
    public static string Label(GraphNode node, Stored stored) => stored switch
    {
        Graph.Stored.Slopes => node.Attribute("alibi.slopes")!,
        _ => $"{node.Weight}.{(stored == Graph.Stored.Bias ? "bias" : "weight")}{(node.Pack is null ? string.Empty : $"[{node.Name}]")}",
    };

    private void NameProperties(IReadOnlyList<GraphNode> weighted)
    {
        // A part of a packed weight is called after its node.
        var paths = weighted.ToDictionary(node => node, node => node.Pack is null ? node.Weight! : $"{node.Weight}.{node.Name}");
        var names = CSharpNames.Properties([.. paths.Values]);
        var taken = new HashSet<string>(Reserved);
        foreach (var node in weighted)
        {
            var name = names[paths[node]];
            while (taken.Contains(name) || taken.Contains(name + "Bias") || taken.Contains(name + "Lora"))
            {
                name += "Weight";
            }

            taken.UnionWith([name, name + "Bias", name + "Lora"]);
            _properties[node] = name;
        }
    }

    private IEnumerable<StoredWeight> Group(GraphSections section, IReadOnlyList<GraphNode> nodes, HashSet<string> names)
    {
        foreach (var siblings in nodes.Where(node => node.Weight is not null).GroupBy(Key))
        {
            var together = siblings.ToList();
            var name = together[0].Pack is { } pack ? CSharpNames.Camel(pack.Name)
                : together.Count == 1 ? CSharpNames.Camel(_properties[together[0]])
                : Joined(together);
            while (names.Contains(name) || names.Contains(name + "Bias"))
            {
                name += "Weight";
            }

            names.UnionWith([name, name + "Bias"]);

            yield return new(name, section, together);
        }
    }

    // Siblings read one input, and are in the checkpoint as they are in memory.
    private string Key(GraphNode node) =>
        node.Op != "linear" || RecipeGraph.IsTied(node) || (node.Attribute("layout") is not null && node.Pack is null) ? node.Name
        : node.Pack is { } pack ? $"pack {pack.Name}"
        : $"linear {node.Input()} {node.HasBias} {node.Attribute("bias.added")} {_branchOf(node)?.Unit}";

    // q, k, v to qkv; gate, up to gateUp.
    private static string Joined(IReadOnlyList<GraphNode> nodes) =>
        nodes.All(node => node.Name.Length == 1)
            ? string.Concat(nodes.Select(node => node.Name))
            : CSharpNames.Camel(string.Join("_", nodes.Select(node => node.Name)));
}
