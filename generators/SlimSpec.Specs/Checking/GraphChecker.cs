using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads the nodes of an architecture's sections and checks them against <see cref="GraphOps"/>.</summary>
internal sealed class GraphChecker
{
    private static readonly ListType<string> NameList = new(new TextType("a name"), "a name or a list of names", mayBeScalar: true);
    private static readonly TextType Name = new("a name");
    private static readonly EquatableArray<string> Hidden = new([DimensionNames.Hidden]);

    private readonly Dictionary<string, GraphNode> _embeddingWeights = [];
    private readonly HashSet<string> _weights = [];
    private readonly HashSet<string> _layerWeights = [];
    private readonly AttributeReader _attributes;
    private readonly Reporter _report;
    private Dictionary<string, EquatableArray<string>> _axes = [];
    private HashSet<string> _nodes = [];
    private GraphSections _section;

    public GraphChecker(IReadOnlyList<DimensionDefinition> dimensions, IReadOnlyList<ConstantDefinition> constants, Reporter report)
    {
        _report = report;
        _attributes = new(dimensions, constants, _embeddingWeights, report);
    }

    /// <summary>Reads the embedding: one node, which puts out the residual stream.</summary>
    public List<GraphNode> ReadEmbedding(Field<IReadOnlyList<NamedItem<NodeSource>>> section) =>
        Read(GraphSections.Embedding, section, "embedding", GraphAxes.Ids, default, DimensionNames.Hidden, "embedding");

    /// <summary>Reads a layer: the residual stream to itself, with one attention.</summary>
    public List<GraphNode> ReadLayer(Field<IReadOnlyList<NamedItem<NodeSource>>> section) =>
        Read(GraphSections.Layer, section, "layer.nodes", GraphAxes.Stream, Hidden, DimensionNames.Hidden, "attention");

    /// <summary>Reads the head: the residual stream to logits, with one linear.</summary>
    public List<GraphNode> ReadHead(Field<IReadOnlyList<NamedItem<NodeSource>>> section) =>
        Read(GraphSections.Head, section, "head", GraphAxes.Stream, Hidden, DimensionNames.Vocabulary, "linear");

    private List<GraphNode> Read(GraphSections section, Field<IReadOnlyList<NamedItem<NodeSource>>> field, string path, string input, EquatableArray<string> inputAxis, string output, string only)
    {
        var before = _report.Count;
        _section = section;
        _axes = new() { [input] = inputAxis };
        _nodes = [input];
        var nodes = new List<GraphNode>();
        var later = new HashSet<string>((field.Value ?? []).Select(item => item.Name));
        var namesInCode = new Dictionary<string, string>();
        foreach (var item in field.Value ?? [])
        {
            CheckName(item, namesInCode, input);
            if (item.Value.Mapping is { } mapping && ReadNode(item, mapping, $"{path}.{item.Name}", later) is { } node)
            {
                nodes.Add(node);
            }

            _nodes.Add(item.Name);
            later.Remove(item.Name);
        }

        if (field.Value is { Count: > 0 } all && all[all.Count - 1] is var last && _axes.TryGetValue(last.Name, out var axis) && axis != new EquatableArray<string>([output]))
        {
            _report.Add(Rules.SectionOutput, last.NamePlace, $"'{path}' must end in the axis [{output}], but its last node '{last.Name}' has {Text(axis)}");
        }

        // Of a section that is wrong already, more would be said than is so.
        if (_report.Count == before && nodes.Count == field.Value?.Count)
        {
            CheckUse(nodes, field, path, only);
        }

        return nodes;
    }

    /// <summary>Every node but the last is read, and the one operation that a section turns on stands in it once.</summary>
    private void CheckUse(List<GraphNode> nodes, Field<IReadOnlyList<NamedItem<NodeSource>>> section, string path, string only)
    {
        var read = new HashSet<string>(nodes.SelectMany(node => node.Inputs).Select(input => input.Node));
        foreach (var item in section.Value.Take(nodes.Count - 1).Where(item => !read.Contains(item.Name)))
        {
            _report.Add(Rules.UnreadNode, item.NamePlace, $"nothing reads the node '{item.Name}'");
        }

        var count = nodes.Count(node => node.Op == only);
        if (count != 1)
        {
            _report.Add(Rules.Placement, section.Place, $"'{path}' must have one {only}, and has {count}");
        }
        else if (_section == GraphSections.Head && nodes[nodes.Count - 1].Op != only)
        {
            _report.Add(Rules.Placement, section.Value[nodes.Count - 1].NamePlace, $"'{path}' must end in its {only}");
        }
    }

    private void CheckName(NamedItem<NodeSource> item, Dictionary<string, string> namesInCode, string input)
    {
        if (SpecNames.WhyNotNode(item.Name) is { } reason)
        {
            _report.Add(Rules.BadName, item.NamePlace, $"the node {Words.Quote(item.Name)} {reason}");
        }
        else if (item.Name is GraphAxes.Ids || (item.Name == GraphAxes.Stream && input == GraphAxes.Stream))
        {
            _report.Add(Rules.BadName, item.NamePlace, $"the node cannot be called '{item.Name}', which is the section's input");
        }
        else if (namesInCode.TryGetValue(SpecNames.InCode(item.Name), out var other))
        {
            _report.Add(Rules.BadName, item.NamePlace, $"the nodes '{item.Name}' and '{other}' would have one name in generated code");
        }
        else
        {
            namesInCode.Add(SpecNames.InCode(item.Name), item.Name);
        }
    }

    private GraphNode? ReadNode(NamedItem<NodeSource> item, MappingNode mapping, string path, HashSet<string> later)
    {
        if (mapping.Find("op") is not { } opNode)
        {
            _report.Add(Rules.MissingKey, item.Place, $"'{path}' needs the key 'op': {string.Join(", ", GraphOps.All.Select(known => known.Name))}");
            return null;
        }

        if (!Name.TryRead(opNode, $"{path}.op", _report, out var opName))
        {
            return null;
        }

        if (GraphOps.Find(opName) is not { } op)
        {
            _report.Add(Rules.UnknownOp, opNode.Place, $"'{path}' has the unknown operation {Words.Quote(opName)}{Words.Hint(opName, GraphOps.All.Select(known => known.Name))}");
            return null;
        }

        if ((op.Sections & _section) == 0)
        {
            var allowed = GraphOps.All.Where(other => (other.Sections & _section) != 0).Select(other => other.Name);
            _report.Add(Rules.Placement, opNode.Place, $"'{path}' cannot be {op.Name} here, only {string.Join(", ", allowed)}");
            return null;
        }

        CheckKeys(op, mapping, path);
        var node = new GraphNode(
            item.Name,
            op.Name,
            new(op.Inputs.SelectMany(input => ReadInputs(input, mapping, path, later))),
            new(op.OutputOf is null ? ReadOut(mapping, path) : []),
            op.HasWeight ? ReadWeight(mapping, path, item.NamePlace) : null,
            new(_attributes.Read(op, mapping, path, allowsTies: _section == GraphSections.Head)));
        if (GraphAxes.OutputOf(op, node, _axes) is { } axis)
        {
            _axes[node.Name] = axis;
        }

        new AxisChecker(_axes, _report).Check(op, node, mapping, path, item.NamePlace);
        CheckTie(node, mapping);
        if (_section == GraphSections.Embedding && node.Weight is { } weight)
        {
            _embeddingWeights[weight] = node;
        }

        return node;
    }

    private void CheckKeys(OpDefinition op, MappingNode mapping, string path)
    {
        var known = new List<string> { "op" };
        known.AddRange(op.Inputs.Select(input => input.Role));
        known.AddRange(op.OutputOf is null ? ["out"] : []);
        known.AddRange(op.HasWeight ? ["weight"] : []);
        known.AddRange(op.Attributes.Select(attribute => attribute.Group ?? attribute.Key).Distinct());
        foreach (var entry in mapping.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            SectionDefinition.ReportUnknown(entry, path, known, _report);
        }

        foreach (var key in known.Where(key => mapping.Find(key) is null && op.Attributes.All(attribute => attribute.Group != key)))
        {
            _report.Add(Rules.MissingKey, mapping.Place, $"'{path}' needs the key '{key}', as every {op.Name}");
        }
    }

    private List<NodeInput> ReadInputs(OpInput input, MappingNode mapping, string path, HashSet<string> later)
    {
        var result = new List<NodeInput>();
        if (mapping.Find(input.Role) is not { } value || !ReadList(value, $"{path}.{input.Role}", input, out var names))
        {
            return result;
        }

        foreach (var name in names)
        {
            if (_nodes.Contains(name.Value))
            {
                result.Add(new(input.Role, name.Value));
            }
            else if (later.Contains(name.Value))
            {
                _report.Add(Rules.NodeInput, name.Place, $"'{path}' reads '{name.Value}', which is not computed before it: nodes run in the order of the file");
            }
            else
            {
                _report.Add(Rules.NodeInput, name.Place, $"'{path}' reads the unknown node {Words.Quote(name.Value)}{Words.Hint(name.Value, _nodes)}");
            }
        }

        return result;
    }

    private bool ReadList(SpecNode value, string path, OpInput input, out IReadOnlyList<Located<string>> names)
    {
        if (input.Maximum == 1)
        {
            var isName = Name.TryRead(value, path, _report, out var name);
            names = isName ? [new(name, value.Place)] : [];
            return isName;
        }

        // A node may be added to itself, so the list is not one of distinct names.
        var items = (value as SequenceNode)?.Items ?? [];
        names = items.Select((item, i) => Name.TryRead(item, $"{path}[{i}]", _report, out var name) ? new Located<string>(name, item.Place) : null).OfType<Located<string>>().ToList();
        if (value is BadNode || (items.Count >= input.Minimum && items.Count <= input.Maximum))
        {
            return true;
        }

        _report.Add(Rules.WrongType, value.Place, $"'{path}' must be a list of {input.Minimum} to {input.Maximum} nodes, found {(value is SequenceNode ? $"{items.Count}" : value.Found)}");
        return false;
    }

    private List<string> ReadOut(MappingNode mapping, string path)
    {
        var result = new List<string>();
        if (mapping.Find("out") is { } value && NameList.TryRead(value, $"{path}.out", _report, out var names))
        {
            result.AddRange(names.Where(name => _attributes.IsDimension(name.Value, name.Place, $"{path}.out")).Select(name => name.Value));
            return result.Count == names.Count ? result : [];
        }

        return result;
    }

    private string? ReadWeight(MappingNode mapping, string path, Place at)
    {
        if (mapping.Find("weight") is not { } value || !Name.TryRead(value, $"{path}.weight", _report, out var name))
        {
            return null;
        }

        if (!SpecNames.IsWeight(name))
        {
            _report.Add(Rules.BadName, value.Place, $"'{path}.weight' must be names joined by dots, without .weight, found {Words.Quote(name)}");
        }
        else if (!(_section == GraphSections.Layer ? _layerWeights : _weights).Add(name))
        {
            _report.Add(Rules.DuplicateWeight, value.Place, $"'{path}.weight' is '{name}', which another node has already");
        }

        return name;
    }

    /// <summary>A tied head uses the embedding's table, so both must have the same rows and columns.</summary>
    private void CheckTie(GraphNode node, MappingNode mapping)
    {
        if (node.Attribute("tied.to") is { } weight && _embeddingWeights.TryGetValue(weight, out var table)
            && node.Inputs.Count == 1 && _axes.TryGetValue(node.Input(), out var columns) && node.Out.Count > 0 && table.Out.Count > 0 && table.Attribute("rows") is { } rows
            && (node.Out != new EquatableArray<string>([rows]) || columns != table.Out))
        {
            _report.Add(Rules.Axes, mapping.Find("tied")!.Place, $"'{node.Name}' maps {Text(columns)} to {Text(node.Out)} and cannot be tied to '{weight}', which has rows [{rows}] of {Text(table.Out)}");
        }
    }

    private static string Text(EquatableArray<string> axis) => $"[{string.Join(", ", axis)}]";
}
