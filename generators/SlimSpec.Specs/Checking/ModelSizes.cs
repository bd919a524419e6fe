using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>A model's sizes while its cuts are followed: those shared by all layers, and per layer what has been cut.</summary>
internal sealed class ModelSizes
{
    private readonly Dictionary<string, int[]> _units = [];
    private readonly Dictionary<string, string> _followers = [];

    public ModelSizes(ArchitectureModel architecture, IReadOnlyDictionary<string, Located<int>> dimensions)
    {
        Architecture = architecture;
        Dimensions = dimensions;
        foreach (var unit in architecture.Units)
        {
            _units[unit.Dimension] = [.. Enumerable.Repeat(dimensions[unit.Dimension].Value, LayerCount)];
        }

        // Query heads go with the KV heads that they share.
        foreach (var attention in architecture.Layer.Where(node => node.Op == "attention"))
        {
            var axes = GraphAxes.OfLayer(architecture);
            var (queries, keys) = (axes[attention.Input("q")][0], axes[attention.Input("k")][0]);
            if (queries != keys)
            {
                _followers[queries] = keys;
            }
        }
    }

    public ArchitectureModel Architecture { get; }

    public IReadOnlyDictionary<string, Located<int>> Dimensions { get; }

    public int LayerCount => Dimensions[DimensionNames.Layers].Value;

    public int Positions => Dimensions[DimensionNames.Positions].Value;

    /// <summary>Size of a dimension in one layer, after the cuts so far.</summary>
    public int InLayer(string dimension, int layer) =>
        _units.TryGetValue(dimension, out var sizes) ? sizes[layer]
        : _followers.TryGetValue(dimension, out var leader) && _units.TryGetValue(leader, out var leaders)
            ? Dimensions[dimension].Value / Dimensions[leader].Value * leaders[layer]
        : Dimensions[dimension].Value;

    /// <summary>Elements of an axis in one layer, after the cuts so far.</summary>
    public long InLayer(EquatableArray<string> axis, int layer) => axis.Aggregate(1L, (product, dimension) => product * InLayer(dimension, layer));

    /// <summary>Channels that one unit has in the weight it is counted in: 1 for the MLP, head_dim for attention.</summary>
    public int ChannelsPerUnit(UnitDefinition unit) =>
        Architecture.Layer.First(node => node.Op == "linear" && node.Out.Count > 0 && node.Out[0] == unit.Dimension).Out
            .Skip(1).Aggregate(1, (product, dimension) => product * Dimensions[dimension].Value);

    /// <summary>Notes a cut.</summary>
    public void Cut(UnitDefinition unit, int layer, int kept) => _units[unit.Dimension][layer] = kept;
}
