using System.Globalization;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>Makes what is shown of an architecture, as its file says it or as a recipe has resolved it.</summary>
internal sealed class GraphReader
{
    private const string Times = " * ";

    private readonly ArchitectureModel _architecture;
    private readonly IReadOnlyDictionary<string, int> _sizes;
    private readonly AxisLetters _letters;

    private GraphReader(ArchitectureModel architecture, IReadOnlyDictionary<string, int> sizes) =>
        (_architecture, _sizes, _letters) = (architecture, sizes, new AxisLetters(architecture));

    /// <summary>The graph of an architecture, conditional nodes and all.</summary>
    public static LayerGraph Of(ArchitectureModel architecture) => new GraphReader(architecture, new Dictionary<string, int>()).Read(architecture.Name);

    /// <summary>The graph of a recipe's model, with its sizes.</summary>
    public static LayerGraph Of(RecipeModel recipe) =>
        new GraphReader(WithBiasesSaid(recipe.Architecture), recipe.Dimensions.ToDictionary(dimension => dimension.Name, dimension => dimension.Size)).Read(recipe.Name);

    // In a recipe what is not said to be there is not there.
    private static ArchitectureModel WithBiasesSaid(ArchitectureModel architecture)
    {
        static EquatableArray<GraphNode> Said(EquatableArray<GraphNode> nodes) => new(nodes.Select(node =>
            node.Op == "layer_norm" && !node.HasBias ? node with { Attributes = new(node.Attributes.Append(new NodeAttribute("bias", "false"))) } : node));
        return architecture with { Embedding = Said(architecture.Embedding), Layer = Said(architecture.Layer), Head = Said(architecture.Head) };
    }

    private LayerGraph Read(string name) => new(
        name,
        _architecture.Name,
        _architecture.HuggingFace.Class,
        _architecture.HuggingFace.ModelTypes,
        [
            Part(GraphSections.Embedding, "", _architecture.Embedding),
            Part(GraphSections.Layer, LayerCaption(), _architecture.Layer),
            Part(GraphSections.Head, "", _architecture.Head),
        ],
        _letters.Structures);

    private string LayerCaption() => _sizes.TryGetValue(DimensionNames.Layers, out var count)
        ? $"\u00d7 {count}, {_architecture.LayerPrefix}.0 to {_architecture.LayerPrefix}.{count - 1}"
        : $"\u00d7 {_architecture.Dimensions.First(dimension => dimension.Name == DimensionNames.Layers).Key}, {_architecture.LayerPrefix}.N";

    private GraphPart Part(GraphSections section, string caption, EquatableArray<GraphNode> nodes)
    {
        var names = nodes.Select(node => node.Name).ToHashSet();
        var inputs = nodes.SelectMany(node => node.Inputs).Select(input => input.Node).Where(name => !names.Contains(name)).Distinct();
        return new(
            Name(section),
            caption,
            [.. inputs.Select(input => new ShownInput(input, _letters.OfOutput(section, input)))],
            [.. nodes.Select(node => Node(section, node))]);
    }

    private static string Name(GraphSections section) => section.ToString().ToLowerInvariant();

    private ShownNode Node(GraphSections section, GraphNode node) => new(
        node.Name,
        node.Op,
        [.. node.Inputs.Select(input => input.Node)],
        Label(_letters.Axis(section, node.Name)),
        _letters.OfOutput(section, node.Name),
        Weight(node),
        [.. Axes(section, node)],
        [.. Remarks(node)],
        node.When);

    private static string? Weight(GraphNode node)
    {
        if (node.Weight is null)
        {
            return null;
        }

        var part = node.Pack is null ? "" : $"[{node.Name}]";
        return $"{node.Weight}{part}{NodeBias.Of(node) switch { "true" => " + bias", "false" => "", var flag => $" + bias if {flag}" }}";
    }

    private IEnumerable<ShownAxis> Axes(GraphSections section, GraphNode node) =>
        _letters.AxesOf(section, node).Select(axis => new ShownAxis(axis.Name, Label(axis.Dimensions), axis.Letters));

    // What is not said elsewhere of a node, group by group: rope theta, dims rotary_dims.
    private static IEnumerable<string> Remarks(GraphNode node)
    {
        if (node.Pack is { Interleaved: { } unit })
        {
            yield return $"rows interleaved by {unit}";
        }

        foreach (var attribute in node.Attributes.Where(attribute => attribute.Key is not ("bias" or "rows") && !attribute.Key.Contains('.')))
        {
            yield return attribute is { Key: "layout", Value: "in_out" } ? "stored [in, out]" : Remark(attribute.Key, attribute.Value);
        }

        foreach (var group in node.Attributes.Where(attribute => attribute.Key.Contains('.')).GroupBy(attribute => attribute.Key.Split('.')[0]))
        {
            yield return $"{group.Key} {string.Join(", ", group.Select(attribute => Remark(attribute.Key.Split('.')[1], attribute.Value)))}";
        }
    }

    // A constant that is called as the key is said once.
    private static string Remark(string key, string value) => key == value ? key : $"{key} {Readable(value)}";

    // 1E-05 is 1e-5.
    private static string Readable(string value) =>
        value.Contains('E', StringComparison.Ordinal) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("0.######e-0", CultureInfo.InvariantCulture)
            : value;

    private string Label(IReadOnlyList<string> dimensions)
    {
        var names = string.Join(Times, dimensions);
        return dimensions.Count > 0 && dimensions.All(_sizes.ContainsKey)
            ? string.Create(CultureInfo.InvariantCulture, $"{names} = {dimensions.Aggregate(1L, (product, dimension) => product * _sizes[dimension]):N0}")
            : names;
    }
}
