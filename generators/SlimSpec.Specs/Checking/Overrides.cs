using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace SlimSpec.Specs;

/// <summary>Changes a tree by <c>--set path=value</c> before it is checked. Trees never change in place: what is on the path is copied.</summary>
internal sealed class Overrides
{
    private static readonly Regex Step = new(@"\G(?:\.?(?<key>[^.\[\]=\s]+)|\[(?<index>[0-9]{1,6})\])", RegexOptions.CultureInvariant);

    private readonly Place _place;
    private readonly Reporter _report;
    private readonly IReadOnlyList<string> _steps;

    private Overrides(Place place, IReadOnlyList<string> steps, Reporter report) => (_place, _steps, _report) = (place, steps, report);

    /// <summary>The tree with one change, or the same tree if the change is wrong.</summary>
    public static MappingNode Apply(MappingNode root, string path, string value, Reporter report)
    {
        var file = $"--set {path}={value}";
        var place = new Place(file, 0, 0, 0, 0, 0, 0);
        if (Parse(path.Trim()) is not { } steps)
        {
            report.Add(Rules.Override, place, $"{Words.Quote(path)} is not a path of keys such as prune[0].sparsity");
            return root;
        }

        var inner = new Reporter();
        var parsed = YamlReader.Read(new(file, value.Trim().Length == 0 ? "''" : value), inner);
        report.AddAll(inner.Sorted().Select(problem => problem with { At = place }));
        return parsed is null ? root : (MappingNode)new Overrides(place, steps, report).Change(root, 0, Moved(parsed, place));
    }

    /// <summary>The tree with a value in another place, or the same tree if there is no such place, which is reported at the value.</summary>
    public static MappingNode Apply(MappingNode root, IReadOnlyList<string> steps, SpecNode value, Reporter report) =>
        (MappingNode)new Overrides(value.Place, steps, report).Change(root, 0, value);

    /// <summary>The steps of a path such as <c>prune[0].sparsity</c>, or null if it is none.</summary>
    public static IReadOnlyList<string>? Parse(string path)
    {
        var steps = new List<string>();
        for (var at = 0; at < path.Length;)
        {
            var match = Step.Match(path, at);
            if (!match.Success || (at == 0 && match.Value[0] is '.' or '['))
            {
                return null;
            }

            steps.Add(match.Groups["key"].Success ? match.Groups["key"].Value : $"[{match.Groups["index"].Value}]");
            at += match.Length;
        }

        return steps.Count > 0 ? steps : null;
    }

    private SpecNode Change(SpecNode? node, int depth, SpecNode value)
    {
        if (depth == _steps.Count)
        {
            return value;
        }

        var step = _steps[depth];
        return step[0] == '[' ? ChangeItem(node, depth, value) : ChangeKey(node, step, depth, value);
    }

    private SpecNode ChangeItem(SpecNode? node, int depth, SpecNode value)
    {
        var path = Path(depth);
        var index = int.Parse(_steps[depth].Trim('[', ']'), CultureInfo.InvariantCulture);
        if (node is not SequenceNode list)
        {
            return Refuse(node, $"'{path}' is {node?.Found ?? "not in the spec"}, not a list");
        }

        if (index >= list.Items.Count)
        {
            return Refuse(node, list.Items.Count == 0 ? $"'{path}' is empty" : $"'{path}' ends at '{path}[{list.Items.Count - 1}]'");
        }

        return new SequenceNode(list.Place, [.. list.Items.Select((item, i) => i == index ? Change(item, depth + 1, value) : item)]);
    }

    private SpecNode ChangeKey(SpecNode? node, string key, int depth, SpecNode value)
    {
        // A section that the spec does not have is begun by the first of its keys that is set.
        if (node is null or ScalarNode { Kind: ScalarKind.Null })
        {
            return new MappingNode(_place, [new(key, _place, Change(null, depth + 1, value))]);
        }

        if (node is not MappingNode mapping)
        {
            return Refuse(node, $"'{Path(depth)}' is {node.Found} and has no key {Words.Quote(key)}");
        }

        var entries = mapping.Entries.Select(entry => entry.Key == key ? entry with { Value = Change(entry.Value, depth + 1, value) } : entry).ToList();
        if (mapping.Find(key) is null)
        {
            entries.Add(new(key, _place, Change(null, depth + 1, value)));
        }

        return new MappingNode(mapping.Place, entries);
    }

    private SpecNode Refuse(SpecNode? node, string message)
    {
        _report.Add(Rules.Override, _place, message);
        return node ?? new BadNode(_place);
    }

    private string Path(int depth) => string.Concat(_steps.Take(depth).Select((step, i) => i > 0 && step[0] != '[' ? $".{step}" : step));

    /// <summary>The same tree with everything at one place.</summary>
    public static SpecNode Moved(SpecNode node, Place place) => node switch
    {
        MappingNode mapping => new MappingNode(place, [.. mapping.Entries.Select(entry => new MappingEntry(entry.Key, place, Moved(entry.Value, place)))]),
        SequenceNode list => new SequenceNode(place, [.. list.Items.Select(item => Moved(item, place))]),
        ScalarNode scalar => scalar.MovedTo(place),
        _ => new BadNode(place),
    };
}
