using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>A model's sizes while its cuts are followed: those of the whole model, and per layer what has been cut.</summary>
internal sealed class ModelSizes
{
    private readonly Dictionary<string, int[]> _ofLayers = [];
    private readonly Dictionary<string, string> _groups = [];
    private int _hidden;

    public ModelSizes(ArchitectureModel architecture, IReadOnlyDictionary<string, Located<int>> dimensions)
    {
        Architecture = architecture;
        Dimensions = dimensions;
        _hidden = dimensions[DimensionNames.Hidden].Value;
        foreach (var unit in architecture.Units.Where(unit => !IsOfModel(unit)))
        {
            Follow(unit.Dimension);
        }

        // Query heads go with the KV heads that they share.
        var axes = GraphAxes.OfLayer(architecture);
        foreach (var attention in architecture.Layer.Where(node => node.Op == "attention"))
        {
            var (queries, keys) = (axes[attention.Input("q")][0], axes[attention.Input("k")][0]);
            if (queries != keys)
            {
                _groups[queries] = keys;
                Follow(queries);
                Follow(keys);
            }
        }
    }

    public ArchitectureModel Architecture { get; }

    public IReadOnlyDictionary<string, Located<int>> Dimensions { get; }

    public int LayerCount => Dimensions[DimensionNames.Layers].Value;

    public int Positions => Dimensions[DimensionNames.Positions].Value;

    /// <summary>Whether a unit is cut over the whole model, and not layer by layer.</summary>
    public static bool IsOfModel(UnitDefinition unit) => unit.Dimension == DimensionNames.Hidden;

    /// <summary>Whether a unit is a query head within its KV group: each group keeps the same number.</summary>
    public bool IsGrouped(UnitDefinition unit) => _groups.ContainsKey(unit.Dimension);

    /// <summary>Whether one unit is a query head and the other the KV groups that query heads are in.</summary>
    public bool AreNested(UnitDefinition one, UnitDefinition other) =>
        (_groups.TryGetValue(one.Dimension, out var groups) && groups == other.Dimension) || (_groups.TryGetValue(other.Dimension, out groups) && groups == one.Dimension);

    /// <summary>Size of a dimension in one layer, after the cuts so far.</summary>
    public int InLayer(string dimension, int layer) =>
        _ofLayers.TryGetValue(dimension, out var sizes) ? sizes[layer]
        : dimension == DimensionNames.Hidden ? _hidden
        : Dimensions[dimension].Value;

    /// <summary>Elements of an axis in one layer, after the cuts so far.</summary>
    public long InLayer(EquatableArray<string> axis, int layer) => axis.Aggregate(1L, (product, dimension) => product * InLayer(dimension, layer));

    /// <summary>Units that a cut chooses among in one layer, or in the model: query heads are counted within one group.</summary>
    public int Count(UnitDefinition unit, int layer) =>
        InLayer(unit.Dimension, layer) / (_groups.TryGetValue(unit.Dimension, out var groups) ? InLayer(groups, layer) : 1);

    /// <summary>Channels that one unit has in the weight it is counted in: 1 for the MLP, head_dim for attention.</summary>
    public int ChannelsPerUnit(UnitDefinition unit) => IsOfModel(unit) ? 1 :
        Architecture.Layer.First(node => node.Op == "linear" && node.Out.Count > 0 && node.Out[0] == unit.Dimension).Out
            .Skip(1).Aggregate(1, (product, dimension) => product * Dimensions[dimension].Value);

    /// <summary>Notes a cut in one layer; of a unit of the whole model, in all.</summary>
    public void Cut(UnitDefinition unit, int layer, int kept)
    {
        if (IsOfModel(unit))
        {
            _hidden = kept;
            return;
        }

        var sizes = _ofLayers[unit.Dimension];
        if (_groups.TryGetValue(unit.Dimension, out var groups))
        {
            sizes[layer] = kept * InLayer(groups, layer);
            return;
        }

        foreach (var queries in _groups.Where(group => group.Value == unit.Dimension).Select(group => _ofLayers[group.Key]))
        {
            queries[layer] = queries[layer] / sizes[layer] * kept;
        }

        sizes[layer] = kept;
    }

    private void Follow(string dimension)
    {
        if (!_ofLayers.ContainsKey(dimension))
        {
            _ofLayers.Add(dimension, [.. Enumerable.Repeat(Dimensions[dimension].Value, LayerCount)]);
        }
    }
}
