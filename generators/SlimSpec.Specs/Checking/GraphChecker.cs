using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads the nodes of an architecture's sections and checks them against <see cref="GraphOps"/>.</summary>
internal sealed class GraphChecker(IReadOnlyList<DimensionDefinition> dimensions, IReadOnlyList<ConstantDefinition> constants, Reporter report)
{
    private static readonly ListType<string> NameList = new(new TextType("a name"), "a name or a list of names", mayBeScalar: true);
    private static readonly TextType Name = new("a name");

    private readonly Dictionary<string, GraphNode> _embeddingWeights = [];
    private readonly HashSet<string> _weights = [];
    private readonly HashSet<string> _layerWeights = [];
    private Dictionary<string, EquatableArray<string>> _axes = [];
    private HashSet<string> _nodes = [];
    private bool _isLayer;
    private bool _isHead;

    /// <summary>From here on, nodes belong to the layer.</summary>
    public void EndEmbedding() => _isLayer = true;

    /// <summary>From here on, nodes belong to the head.</summary>
    public void EndLayer() => (_isLayer, _isHead) = (false, true);

    /// <summary>Reads one section, whose last node must put out <paramref name="output"/>.</summary>
    public List<GraphNode> Read(Field<IReadOnlyList<NamedItem<NodeSource>>> section, string path, string input, EquatableArray<string> inputAxis, string output)
    {
        _axes = new() { [input] = inputAxis };
        _nodes = [input];
        var nodes = new List<GraphNode>();
        var later = new HashSet<string>((section.Value ?? []).Select(item => item.Name));
        var namesInCode = new Dictionary<string, string>();
        foreach (var item in section.Value ?? [])
        {
            CheckName(item, namesInCode, input);
            if (item.Value.Mapping is { } mapping && ReadNode(item, mapping, $"{path}.{item.Name}", later) is { } node)
            {
                nodes.Add(node);
            }

            _nodes.Add(item.Name);
            later.Remove(item.Name);
        }

        if (section.Value is { Count: > 0 } all && all[all.Count - 1] is var last && _axes.TryGetValue(last.Name, out var axis) && axis != new EquatableArray<string>([output]))
        {
            report.Add(Rules.SectionOutput, last.NamePlace, $"'{path}' must end in the axis [{output}], but its last node '{last.Name}' has {Text(axis)}");
        }

        return nodes;
    }

    private void CheckName(NamedItem<NodeSource> item, Dictionary<string, string> namesInCode, string input)
    {
        if (SpecNames.WhyNotNode(item.Name) is { } reason)
        {
            report.Add(Rules.BadName, item.NamePlace, $"the node {Words.Quote(item.Name)} {reason}");
        }
        else if (item.Name is GraphAxes.Ids || (item.Name == GraphAxes.Stream && input == GraphAxes.Stream))
        {
            report.Add(Rules.BadName, item.NamePlace, $"the node cannot be called '{item.Name}', which is the section's input");
        }
        else if (namesInCode.TryGetValue(SpecNames.InCode(item.Name), out var other))
        {
            report.Add(Rules.BadName, item.NamePlace, $"the nodes '{item.Name}' and '{other}' would have one name in generated code");
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
            report.Add(Rules.MissingKey, item.Place, $"'{path}' needs the key 'op': {string.Join(", ", GraphOps.All.Select(known => known.Name))}");
            return null;
        }

        if (!Name.TryRead(opNode, $"{path}.op", report, out var opName))
        {
            return null;
        }

        if (GraphOps.Find(opName) is not { } op)
        {
            report.Add(Rules.UnknownOp, opNode.Place, $"'{path}' has the unknown operation {Words.Quote(opName)}{Words.Hint(opName, GraphOps.All.Select(known => known.Name))}");
            return null;
        }

        CheckKeys(op, mapping, path);
        var node = new GraphNode(
            item.Name,
            op.Name,
            new(op.Inputs.SelectMany(input => ReadInputs(input, mapping, path, later))),
            new(op.OutputOf is null ? ReadOut(mapping, path) : []),
            op.HasWeight ? ReadWeight(mapping, path, item.NamePlace) : null,
            new(ReadAttributes(op, mapping, path)));
        if (GraphAxes.OutputOf(op, node, _axes) is { } axis)
        {
            _axes[node.Name] = axis;
        }

        new AxisChecker(_axes, report).Check(op, node, mapping, path, item.NamePlace);
        CheckTie(node, mapping);
        if (!_isLayer && !_isHead && node.Weight is { } weight)
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
            SectionDefinition.ReportUnknown(entry, path, known, report);
        }

        foreach (var key in known.Where(key => mapping.Find(key) is null && op.Attributes.All(attribute => attribute.Group != key)))
        {
            report.Add(Rules.MissingKey, mapping.Place, $"'{path}' needs the key '{key}', as every {op.Name}");
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
                report.Add(Rules.NodeInput, name.Place, $"'{path}' reads '{name.Value}', which is not computed before it: nodes run in the order of the file");
            }
            else
            {
                report.Add(Rules.NodeInput, name.Place, $"'{path}' reads the unknown node {Words.Quote(name.Value)}{Words.Hint(name.Value, _nodes)}");
            }
        }

        return result;
    }

    private bool ReadList(SpecNode value, string path, OpInput input, out IReadOnlyList<Located<string>> names)
    {
        if (input.Maximum == 1)
        {
            var isName = Name.TryRead(value, path, report, out var name);
            names = isName ? [new(name, value.Place)] : [];
            return isName;
        }

        // A node may be added to itself, so the list is not one of distinct names.
        var items = (value as SequenceNode)?.Items ?? [];
        names = items.Select((item, i) => Name.TryRead(item, $"{path}[{i}]", report, out var name) ? new Located<string>(name, item.Place) : null).OfType<Located<string>>().ToList();
        if (value is BadNode || (items.Count >= input.Minimum && items.Count <= input.Maximum))
        {
            return true;
        }

        report.Add(Rules.WrongType, value.Place, $"'{path}' must be a list of {input.Minimum} to {input.Maximum} nodes, found {(value is SequenceNode ? $"{items.Count}" : value.Found)}");
        return false;
    }

    private List<string> ReadOut(MappingNode mapping, string path)
    {
        var result = new List<string>();
        if (mapping.Find("out") is { } value && NameList.TryRead(value, $"{path}.out", report, out var names))
        {
            result.AddRange(names.Where(name => IsDimension(name.Value, name.Place, $"{path}.out")).Select(name => name.Value));
            return result.Count == names.Count ? result : [];
        }

        return result;
    }

    private bool IsDimension(string name, Place at, string path)
    {
        if (dimensions.Any(dimension => dimension.Name == name))
        {
            return true;
        }

        report.Add(Rules.UnknownName, at, $"'{path}' names the unknown dimension {Words.Quote(name)}{Words.Hint(name, dimensions.Select(dimension => dimension.Name))}");
        return false;
    }

    private string? ReadWeight(MappingNode mapping, string path, Place at)
    {
        if (mapping.Find("weight") is not { } value || !Name.TryRead(value, $"{path}.weight", report, out var name))
        {
            return null;
        }

        if (!SpecNames.IsWeight(name))
        {
            report.Add(Rules.BadName, value.Place, $"'{path}.weight' must be names joined by dots, without .weight, found {Words.Quote(name)}");
        }
        else if (!(_isLayer ? _layerWeights : _weights).Add(name))
        {
            report.Add(Rules.DuplicateWeight, value.Place, $"'{path}.weight' is '{name}', which another node has already");
        }

        return name;
    }

    private List<NodeAttribute> ReadAttributes(OpDefinition op, MappingNode mapping, string path)
    {
        var result = new List<NodeAttribute>();
        foreach (var group in op.Attributes.GroupBy(attribute => attribute.Group))
        {
            var source = mapping;
            var inner = path;
            if (group.Key is { } outer)
            {
                if (mapping.Find(outer) is not { } value)
                {
                    continue;
                }

                inner = $"{path}.{outer}";
                if (value is not MappingNode nested)
                {
                    report.Add(Rules.WrongType, value.Place, $"'{inner}' must be a mapping with the keys {string.Join(", ", group.Select(Last))}, found {value.Found}");
                    continue;
                }

                source = nested;
                CheckGroup(group.Select(Last).ToList(), nested, inner);
            }

            result.AddRange(group.Select(attribute => ReadAttribute(attribute, source, inner)).OfType<NodeAttribute>());
        }

        return result;
    }

    private void CheckGroup(List<string> known, MappingNode nested, string path)
    {
        foreach (var entry in nested.Entries.Where(entry => !known.Contains(entry.Key)))
        {
            SectionDefinition.ReportUnknown(entry, path, known, report);
        }

        foreach (var key in known.Where(key => nested.Find(key) is null))
        {
            report.Add(Rules.MissingKey, nested.Place, $"'{path}' needs the key '{key}'");
        }
    }

    private NodeAttribute? ReadAttribute(OpAttribute attribute, MappingNode source, string path)
    {
        var key = Last(attribute);
        if (source.Find(key) is not { } value || !Name.TryRead(value, $"{path}.{key}", report, out var name))
        {
            return null;
        }

        var isGood = attribute.Kind switch
        {
            AttributeKind.Dimension => IsDimension(name, value.Place, $"{path}.{key}"),
            AttributeKind.EmbeddingWeight => IsEmbeddingWeight(name, value.Place, $"{path}.{key}"),
            _ => IsConstant(attribute, name, value.Place, $"{path}.{key}"),
        };
        return isGood ? new(attribute.Key, name) : null;
    }

    private bool IsEmbeddingWeight(string name, Place at, string path)
    {
        if (_isHead && _embeddingWeights.ContainsKey(name))
        {
            return true;
        }

        report.Add(Rules.UnknownName, at, _isHead
            ? $"'{path}' names {Words.Quote(name)}, which is no weight of the embedding{Words.Hint(name, _embeddingWeights.Keys)}"
            : $"'{path}' can be in the head only");
        return false;
    }

    private bool IsConstant(OpAttribute attribute, string name, Place at, string path)
    {
        if (constants.FirstOrDefault(constant => constant.Name == name) is not { } found)
        {
            report.Add(Rules.UnknownName, at, $"'{path}' names the unknown constant {Words.Quote(name)}{Words.Hint(name, constants.Select(constant => constant.Name))}");
            return false;
        }

        var wantsFlag = attribute.Kind == AttributeKind.Flag;
        if (found.Default is not { } standard || standard is { Number: null, Flag: null })
        {
            return true;
        }

        if (wantsFlag ? standard.Flag is null : standard.Number is null)
        {
            report.Add(Rules.WrongType, at, $"'{path}' must name a constant that is {(wantsFlag ? "a flag" : "a number")}, but the default of '{name}' is not");
        }
        else if (attribute.Range is { } range && !range.IsInside(standard.Number!.Value))
        {
            report.Add(Rules.OutOfRange, at, $"'{path}' must be {range.Expected}, but the default of '{name}' is not");
        }

        return true;
    }

    /// <summary>A tied head uses the embedding's table, so both must have the same rows and columns.</summary>
    private void CheckTie(GraphNode node, MappingNode mapping)
    {
        if (node.Attribute("tied.to") is { } weight && _embeddingWeights.TryGetValue(weight, out var table)
            && node.Inputs.Count == 1 && _axes.TryGetValue(node.Input(), out var columns) && node.Out.Count > 0 && table.Out.Count > 0 && table.Attribute("rows") is { } rows
            && (node.Out != new EquatableArray<string>([rows]) || columns != table.Out))
        {
            report.Add(Rules.Axes, mapping.Find("tied")!.Place, $"'{node.Name}' maps {Text(columns)} to {Text(node.Out)} and cannot be tied to '{weight}', which has rows [{rows}] of {Text(table.Out)}");
        }
    }

    private static string Last(OpAttribute attribute) => attribute.Group is { } group ? attribute.Key.Substring(group.Length + 1) : attribute.Key;

    private static string Text(EquatableArray<string> axis) => $"[{string.Join(", ", axis)}]";
}
