using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>Reads the nodes of one section, one after another, and checks each against <see cref="GraphOps"/>.</summary>
internal sealed class NodeReader(SectionState state, GraphNames names, WeightNames weights, bool hasPrefix, Reporter report)
{
    private static readonly TextType Name = new("a name");
    private readonly AttributeReader _attributes = new(names, weights, report);
    private readonly OutputReader _outputs = new(names, report);

    /// <summary>The nodes that an item gives: itself, or the outputs of a linear that has several.</summary>
    public static IEnumerable<string> Names(NamedItem<NodeSource> item) =>
        item.Value.Mapping?.Find("out") is MappingNode parts ? parts.Entries.Select(part => part.Key) : [item.Name];

    /// <summary>Reads one item.</summary>
    public IReadOnlyList<GraphNode> Read(NamedItem<NodeSource> item)
    {
        CheckName(item.Name, item.NamePlace);
        var nodes = item.Value.Mapping is { } mapping ? ReadNodes(item, mapping, $"{state.Path}.{item.Name}") : [];
        state.Known.UnionWith(Names(item));
        state.Later.ExceptWith(Names(item));
        return nodes;
    }

    private void CheckName(string name, Place at)
    {
        if (SpecNames.WhyNotNode(name) is { } reason)
        {
            report.Add(Rules.BadName, at, $"the node {Words.Quote(name)} {reason}");
        }
        else if (name is GraphAxes.Ids || state.Inputs.Contains(name))
        {
            report.Add(Rules.BadName, at, $"the node cannot be called '{name}', which is the section's input");
        }
        else if (names.DimensionInCode(name) is { } dimension)
        {
            report.Add(Rules.BadName, at, $"the node '{name}' cannot have the name that the dimension '{dimension}' has in generated code");
        }
        else if (state.NamesInCode.TryGetValue(SpecNames.InCode(name), out var other))
        {
            report.Add(Rules.BadName, at, name == other ? $"there is a node '{name}' already" : $"the nodes '{name}' and '{other}' would have one name in generated code");
        }
        else
        {
            state.NamesInCode.Add(SpecNames.InCode(name), name);
        }

        state.Places[name] = at;
    }

    private IReadOnlyList<GraphNode> ReadNodes(NamedItem<NodeSource> item, MappingNode mapping, string path)
    {
        if (FindOp(item, mapping, path) is not { } op)
        {
            return [];
        }

        CheckKeys(op, mapping, path);
        var when = ReadCondition(mapping, path);
        var node = new GraphNode(
            item.Name,
            op.Name,
            new(op.Inputs.SelectMany(input => ReadInputs(input, mapping, path))),
            [],
            op.HasWeight ? ReadWeight(mapping, path, when is not null) : null,
            new(_attributes.Read(op, mapping, path, state.Section, when is not null)),
            When: when);
        var nodes = op.OutputOf is null ? _outputs.Read(node, mapping, path) : [node];
        foreach (var part in nodes.Where(part => part.Pack is not null))
        {
            CheckName(part.Name, OutputReader.PlaceOf(mapping, part.Name));
            state.Packs[item.Name] = part.Pack!.Parts;
        }

        foreach (var output in nodes.Where(output => !state.Inputs.Contains(output.Name)))
        {
            if (GraphAxes.OutputOf(op, output, state.Axes) is { } axis)
            {
                state.Axes[output.Name] = axis;
            }
        }

        if (nodes.Count > 0)
        {
            new AxisChecker(state.Axes, report).Check(op, nodes[0], mapping, path, item.NamePlace);
            new AttributeChecker(state, weights, hasPrefix, report).Check(nodes[0], mapping, path);
        }

        if (op.Name == "embedding" && nodes.Count == 1 && node.Weight is { } weight)
        {
            weights.AddTable(weight, nodes[0]);
        }

        return nodes;
    }

    private OpDefinition? FindOp(NamedItem<NodeSource> item, MappingNode mapping, string path)
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

        if ((op.Sections & state.Section) == 0)
        {
            var allowed = GraphOps.All.Where(other => (other.Sections & state.Section) != 0).Select(other => other.Name);
            report.Add(Rules.Placement, opNode.Place, $"'{path}' cannot be {op.Name} here, only {string.Join(", ", allowed)}");
            return null;
        }

        return op;
    }

    private void CheckKeys(OpDefinition op, MappingNode mapping, string path)
    {
        foreach (var entry in mapping.Entries.Where(entry => !op.Keys.Contains(entry.Key)))
        {
            SectionDefinition.ReportUnknown(entry, path, op.Keys, report);
        }

        foreach (var key in op.RequiredKeys.Where(key => mapping.Find(key) is null))
        {
            report.Add(Rules.MissingKey, mapping.Place, $"'{path}' needs the key '{key}', as every {op.Name}");
        }
    }

    private string? ReadCondition(MappingNode mapping, string path) =>
        mapping.Find("when") is { } value && Name.TryRead(value, $"{path}.when", report, out var text)
            ? names.CheckCondition(text, value.Place, $"{path}.when") ? text : null
            : null;

    private string? ReadWeight(MappingNode mapping, string path, bool isConditional)
    {
        if (mapping.Find("weight") is not { } value || !Name.TryRead(value, $"{path}.weight", report, out var name))
        {
            return null;
        }

        weights.Add(name, value.Place, $"{path}.weight", state.Section, isConditional);
        return name;
    }

    private List<NodeInput> ReadInputs(OpInput input, MappingNode mapping, string path)
    {
        var result = new List<NodeInput>();
        if (mapping.Find(input.Role) is not { } value || !ReadList(value, $"{path}.{input.Role}", input, out var read))
        {
            return result;
        }

        foreach (var name in read)
        {
            if (state.Known.Contains(name.Value))
            {
                result.Add(new(input.Role, name.Value));
            }
            else if (state.Packs.TryGetValue(name.Value, out var parts))
            {
                report.Add(Rules.NodeInput, name.Place, $"'{path}' reads '{name.Value}', which has several outputs: read one of {string.Join(", ", parts)}");
            }
            else if (state.Later.Contains(name.Value))
            {
                report.Add(Rules.NodeInput, name.Place, $"'{path}' reads '{name.Value}', which is not computed before it: nodes run in the order of the file");
            }
            else
            {
                report.Add(Rules.NodeInput, name.Place, $"'{path}' reads the unknown node {Words.Quote(name.Value)}{Words.Hint(name.Value, state.Known)}");
            }
        }

        return result;
    }

    private bool ReadList(SpecNode value, string path, OpInput input, out IReadOnlyList<Located<string>> read)
    {
        if (input.Maximum == 1)
        {
            var isName = Name.TryRead(value, path, report, out var name);
            read = isName ? [new(name, value.Place)] : [];
            return isName;
        }

        // A node may be added to itself, so the list is not one of distinct names.
        var items = (value as SequenceNode)?.Items ?? [];
        read = items.Select((item, i) => Name.TryRead(item, $"{path}[{i}]", report, out var name) ? new Located<string>(name, item.Place) : null).OfType<Located<string>>().ToList();
        if (value is BadNode || (items.Count >= input.Minimum && items.Count <= input.Maximum))
        {
            return true;
        }

        var count = input.Minimum == input.Maximum ? $"{input.Minimum}" : $"{input.Minimum} to {input.Maximum}";
        report.Add(Rules.WrongType, value.Place, $"'{path}' must be a list of {count} nodes, found {(value is SequenceNode ? $"{items.Count}" : value.Found)}");
        return false;
    }
}
