using SlimSpec.Generator.Graph;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>
/// Which coupled structures each axis of a graph belongs to, by letters. An architecture that is not resolved is taken with
/// everything that it may have: conditional nodes and biases there, the head a matrix of its own.
/// </summary>
internal sealed class AxisLetters
{
    private readonly Dictionary<(GraphSections Section, string Node), IReadOnlyList<string>> _outputs = [];
    private readonly Dictionary<StoredAxis, List<string>> _members = [];
    private readonly Coupling _coupling;

    public AxisLetters(ArchitectureModel architecture)
    {
        var whole = WithEverything(architecture);
        _coupling = new(whole);
        var letters = Letters(_coupling.Structures.Select(structure => structure.Unit));
        Structures = [.. _coupling.Structures.Select(structure => new ShownStructure(letters[structure.Unit], structure.Unit, structure.Dimension, Describe(structure)))];
        foreach (var axis in _coupling.StoredAxes)
        {
            _members[axis] = [.. _coupling.Structures.Where(structure => structure.Members.Any(member => member.Of == axis)).Select(structure => letters[structure.Unit])];
        }

        Follow(GraphSections.Embedding, whole.Embedding);
        Follow(GraphSections.Layer, whole.Layer);
        Follow(GraphSections.Head, whole.Head);
    }

    /// <summary>The structures, with their letters.</summary>
    public IReadOnlyList<ShownStructure> Structures { get; }

    /// <summary>Dimensions of a node's last axis.</summary>
    public IReadOnlyList<string> Axis(GraphSections section, string node) => _coupling.Axis(section, node);

    /// <summary>Letters of the structures that a node's last axis belongs to.</summary>
    public IReadOnlyList<string> OfOutput(GraphSections section, string node) => _outputs.GetValueOrDefault((section, node), []);

    /// <summary>The axes of what a node stores, or of the embedding's table where it is tied to that; a bias goes with the rows.</summary>
    public IEnumerable<(string Name, IReadOnlyList<string> Dimensions, IReadOnlyList<string> Letters)> AxesOf(GraphSections section, GraphNode node) =>
        _coupling.StoredAxes
            .Where(axis => axis.Stored != Stored.Bias && (IsTied(node)
                ? axis.Section == GraphSections.Embedding && axis.Node.Weight == node.Attribute("tied.to")
                : axis.Section == section && axis.Node.Name == node.Name))
            .Select(axis => (NameOf(axis), (IReadOnlyList<string>)[.. axis.Factors.Select(factor => factor.Dimension)], (IReadOnlyList<string>)_members[axis]));

    // Not where a condition decides it.
    private static bool IsTied(GraphNode node) => node.Attribute("tied.to") is not null && node.Attribute("tied.when") is null;

    private static string NameOf(StoredAxis axis) => axis.Stored == Stored.Slopes ? "slopes" : axis.Axis == 0 ? "rows" : "columns";

    // The letters go with the channels from node to node.
    private void Follow(GraphSections section, EquatableArray<GraphNode> nodes)
    {
        _outputs[(section, GraphAxes.Stream)] = [.. _coupling.Structures.Zip(Structures).Where(pair => pair.First.IsWholeModel).Select(pair => pair.Second.Letter)];
        foreach (var node in nodes)
        {
            _outputs[(section, node.Name)] = node.Op switch
            {
                "linear" => Members(section, node, 0),
                "embedding" => Members(section, node, 1),
                "attention" => OfOutput(section, node.Input("q")),
                _ => OfOutput(section, node.Input()),
            };
        }
    }

    private IReadOnlyList<string> Members(GraphSections section, GraphNode node, int axis) =>
        _members.FirstOrDefault(member => member.Key.Section == section && member.Key.Node == node && member.Key.Stored == Stored.Weight && member.Key.Axis == axis).Value ?? [];

    private static ArchitectureModel WithEverything(ArchitectureModel architecture) => architecture with
    {
        Embedding = new(architecture.Embedding.Select(WithEverything)),
        Layer = new(architecture.Layer.Select(WithEverything)),
        Head = new(architecture.Head.Select(WithEverything)),
    };

    private static GraphNode WithEverything(GraphNode node)
    {
        var bias = NodeBias.Of(node) == "false" ? "false" : "true";
        var attributes = node.Attributes.Where(attribute => attribute.Key != "bias" && (IsTied(node) || !attribute.Key.StartsWith("tied.", StringComparison.Ordinal)));
        return node with { When = null, Attributes = new(attributes.Append(new NodeAttribute("bias", bias))) };
    }

    private static string Describe(Structure structure)
    {
        var channels = structure.Members.Select(member => string.Join(" * ", member.Inner)).FirstOrDefault(inner => inner.Length > 0);
        var unit = channels is null ? $"a channel of {structure.Dimension}" : $"one of {structure.Dimension}, {channels} channels each";
        return structure switch
        {
            { IsWholeModel: true } => $"{unit}, through embedding, all layers and head",
            { Within: { } group } => $"{unit}; equally many stay in each of {group}",
            _ when structure.Members.Select(member => member.Grouped).FirstOrDefault(grouped => grouped is not null) is { } grouped => $"{unit}, with the {grouped} that read it",
            _ => unit,
        };
    }

    // The first letter of the unit that no other has taken.
    private static Dictionary<string, string> Letters(IEnumerable<string> units)
    {
        var letters = new Dictionary<string, string>();
        foreach (var unit in units)
        {
            letters[unit] = unit.ToUpperInvariant().Concat("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
                .Where(char.IsAsciiLetter).Select(letter => letter.ToString()).First(letter => !letters.ContainsValue(letter));
        }

        return letters;
    }
}

/// <summary>Whether a node adds a bias: <c>true</c>, <c>false</c>, or the flag that says it.</summary>
internal static class NodeBias
{
    /// <summary>As the file says it; a layer norm has one unless it says otherwise.</summary>
    public static string Of(GraphNode node) => node.Attribute("bias") ?? (node.Op == "layer_norm" ? "true" : "false");
}
