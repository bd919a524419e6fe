using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads the sections of an architecture and checks what they are as wholes; <see cref="NodeReader"/> reads their nodes.</summary>
internal sealed class GraphChecker(GraphNames names, bool hasPrefix, Reporter report)
{
    private static readonly EquatableArray<string> Hidden = new([DimensionNames.Hidden]);
    private readonly WeightNames _weights = new(report);

    /// <summary>Whether nothing is wrong with the nodes of the sections read so far.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>Reads the embedding: ids and positions to the residual stream, with one table of tokens.</summary>
    public List<GraphNode> ReadEmbedding(Field<IReadOnlyList<NamedItem<NodeSource>>> section) =>
        Read(new(GraphSections.Embedding, "embedding", [GraphAxes.Ids, GraphAxes.Positions], default), section, DimensionNames.Hidden, CheckTables);

    /// <summary>Reads a layer: the residual stream to itself, with one attention.</summary>
    public List<GraphNode> ReadLayer(Field<IReadOnlyList<NamedItem<NodeSource>>> section) =>
        Read(new(GraphSections.Layer, "layer.nodes", [GraphAxes.Stream], Hidden), section, DimensionNames.Hidden, CheckAttention);

    /// <summary>Reads the head: the residual stream to logits, which a linear puts out.</summary>
    public List<GraphNode> ReadHead(Field<IReadOnlyList<NamedItem<NodeSource>>> section) =>
        Read(new(GraphSections.Head, "head", [GraphAxes.Stream], Hidden), section, DimensionNames.Vocabulary, CheckLogits);

    private List<GraphNode> Read(
        SectionState state,
        Field<IReadOnlyList<NamedItem<NodeSource>>> field,
        string output,
        System.Action<SectionState, List<GraphNode>, Field<IReadOnlyList<NamedItem<NodeSource>>>> check)
    {
        var before = report.Count;
        var items = field.Value ?? [];
        state.Later.UnionWith(items.SelectMany(NodeReader.Names));
        var reader = new NodeReader(state, names, _weights, hasPrefix, report);
        var read = items.Select(reader.Read).ToList();
        var nodes = read.SelectMany(item => item).ToList();
        if (items.Count > 0 && state.Axes.TryGetValue(items[items.Count - 1].Name, out var axis) && axis != new EquatableArray<string>([output]))
        {
            var last = items[items.Count - 1];
            report.Add(Rules.SectionOutput, last.NamePlace, $"'{state.Path}' must end in the axis [{output}], but its last node '{last.Name}' has {AxisChecker.Text(axis)}");
        }

        // Of a section that is wrong already, more would be said than is so.
        if (report.Count > before || nodes.Count == 0 || read.Any(item => item.Count == 0))
        {
            IsSound = false;
            return nodes;
        }

        CheckUse(state, nodes);
        check(state, nodes, field);
        return nodes;
    }

    /// <summary>Every node but the last is read.</summary>
    private void CheckUse(SectionState state, List<GraphNode> nodes)
    {
        var read = new HashSet<string>(nodes.SelectMany(node => node.Inputs).Select(input => input.Node));
        foreach (var node in nodes.Where(node => !read.Contains(node.Name) && (node.Name != nodes[nodes.Count - 1].Name || node.Pack is not null)))
        {
            report.Add(Rules.UnreadNode, state.Places[node.Name], $"nothing reads the node '{node.Name}'");
        }
    }

    private void CheckTables(SectionState state, List<GraphNode> nodes, Field<IReadOnlyList<NamedItem<NodeSource>>> section)
    {
        var count = nodes.Count(node => node.Op == "embedding" && node.Input() == GraphAxes.Ids);
        if (count != 1)
        {
            report.Add(Rules.Placement, section.Place, $"'{state.Path}' must have one embedding that reads '{GraphAxes.Ids}', and has {count}");
        }
    }

    private void CheckAttention(SectionState state, List<GraphNode> nodes, Field<IReadOnlyList<NamedItem<NodeSource>>> section)
    {
        var attentions = nodes.Where(node => node.Op == "attention").ToList();
        foreach (var heads in attentions.SelectMany(node => node.Inputs).Select(input => $"{input.Node}_heads").Distinct())
        {
            if (state.NamesInCode.TryGetValue(SpecNames.InCode(heads), out var node))
            {
                report.Add(Rules.BadName, state.Places[node], $"the node '{node}' cannot have the name that the heads of an attention's input have in generated code");
            }
        }

        if (attentions.Count == 0 || (attentions.Count > 1 && attentions.Any(node => node.When is null)))
        {
            report.Add(Rules.Placement, section.Place, $"'{state.Path}' must have one attention{(attentions.Count > 1 ? ", or several of which each has 'when'" : "")}, and has {attentions.Count}");
        }
    }

    private void CheckLogits(SectionState state, List<GraphNode> nodes, Field<IReadOnlyList<NamedItem<NodeSource>>> section)
    {
        var last = nodes[nodes.Count - 1];
        if (last.Op != "linear" || last.When is not null || last.Pack is not null)
        {
            report.Add(Rules.Placement, state.Places[last.Name], $"'{state.Path}' must end in a linear to [{DimensionNames.Vocabulary}], without 'when'");
        }

        foreach (var node in nodes.Take(nodes.Count - 1).Where(node => node.Attribute("tied.to") is not null))
        {
            report.Add(Rules.Placement, state.Places[node.Name], $"only the last node of '{state.Path}' can be tied");
        }
    }
}
