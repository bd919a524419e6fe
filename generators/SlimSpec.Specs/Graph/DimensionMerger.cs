using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// Dimensions that a configuration makes one: a linear from <c>[a]</c> to <c>[b]</c> under <c>when: a != b</c> vanishes where they are
/// equal, and <c>a</c> is then <c>b</c>. What every architecture has keeps its name.
/// </summary>
internal sealed class DimensionMerger
{
    private readonly Dictionary<string, string> _names = [];

    public DimensionMerger(ArchitectureModel architecture, GraphValues values)
    {
        foreach (var node in architecture.Embedding.Concat(architecture.Layer).Concat(architecture.Head).Where(node => node.Op == "linear"))
        {
            if (node.When is { } condition && Condition.Parse(condition)!.Difference is var (left, right) && !values.Holds(condition))
            {
                Merge(node.Out[0] == left ? right : left, node.Out[0]);
            }
        }
    }

    /// <summary>The name under which a dimension goes on.</summary>
    public string Of(string dimension)
    {
        while (_names.TryGetValue(dimension, out var name))
        {
            dimension = name;
        }

        return dimension;
    }

    private void Merge(string input, string output)
    {
        var (from, to) = (Of(input), Of(output));
        if (DimensionNames.Required.Contains(from))
        {
            (from, to) = (to, from);
        }

        if (from != to)
        {
            _names[from] = to;
        }
    }
}
