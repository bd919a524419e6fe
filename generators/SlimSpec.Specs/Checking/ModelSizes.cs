using System;
using System.Collections.Generic;
using System.Linq;

namespace SlimSpec.Specs;

/// <summary>
/// A model's sizes while its cuts are followed: those of the whole model, and per layer what has been cut. Where only scores tell what
/// goes, a size is scattered (how many layers have it is known, not which) or unknown.
/// </summary>
internal sealed class ModelSizes
{
    private readonly Dictionary<string, int[]> _ofLayers = [];
    private readonly Dictionary<string, string> _groups = [];
    private readonly HashSet<string> _scattered = [];
    private readonly Dictionary<string, string> _unknown = [];
    private int _hidden;

    public ModelSizes(ArchitectureModel architecture, IReadOnlyDictionary<string, Located<int>> dimensions)
    {
        Architecture = architecture;
        Dimensions = dimensions;
        LayerCount = dimensions[DimensionNames.Layers].Value;
        _hidden = dimensions[DimensionNames.Hidden].Value;
        CutInLayer = [.. Enumerable.Range(0, LayerCount).Select(_ => new HashSet<UnitDefinition>())];
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

    /// <summary>The sizes before any cut.</summary>
    public IReadOnlyDictionary<string, Located<int>> Dimensions { get; }

    /// <summary>Layers after the cuts so far.</summary>
    public int LayerCount { get; private set; }

    public int Positions => Dimensions[DimensionNames.Positions].Value;

    /// <summary>How the last cut that removed layers is called, for messages: <c>prune[0]</c>; null if none did.</summary>
    public string? DepthCut { get; private set; }

    /// <summary>Units that earlier cuts took from each layer.</summary>
    public List<HashSet<UnitDefinition>> CutInLayer { get; private set; }

    /// <summary>Whether every size of every layer is known.</summary>
    public bool AreKnown => _unknown.Count == 0 && _scattered.Count == 0;

    /// <summary>Whether a unit is cut over the whole model, and not layer by layer.</summary>
    public static bool IsOfModel(UnitDefinition unit) => unit.Dimension == DimensionNames.Hidden;

    /// <summary>The sizes before any cut.</summary>
    public ModelSizes Uncut() => new(Architecture, Dimensions);

    /// <summary>Whether a unit is a query head within its KV group: each group keeps the same number.</summary>
    public bool IsGrouped(UnitDefinition unit) => _groups.ContainsKey(unit.Dimension);

    /// <summary>Whether one unit is a query head and the other the KV groups that query heads are in.</summary>
    public bool AreNested(UnitDefinition one, UnitDefinition other) =>
        (_groups.TryGetValue(one.Dimension, out var groups) && groups == other.Dimension) || (_groups.TryGetValue(other.Dimension, out groups) && groups == one.Dimension);

    /// <summary>The cut after which a dimension's sizes cannot be told without scores, or null.</summary>
    public string? UnknownSince(string dimension) => _unknown.TryGetValue(dimension, out var cut) ? cut : null;

    /// <summary>Whether it is known in how many layers a dimension has which size, but not in which layers.</summary>
    public bool IsScattered(string dimension) => _scattered.Contains(dimension);

    /// <summary>Size of a dimension in one layer, after the cuts so far; of a scattered one, in one way that is possible.</summary>
    public int InLayer(string dimension, int layer) =>
        _ofLayers.TryGetValue(dimension, out var sizes) ? sizes[layer]
        : dimension == DimensionNames.Hidden ? _hidden
        : Dimensions[dimension].Value;

    /// <summary>Elements of an axis in one layer, after the cuts so far.</summary>
    public long InLayer(EquatableArray<string> axis, int layer) => axis.Aggregate(1L, (product, dimension) => product * InLayer(dimension, layer));

    /// <summary>Units that a cut chooses among in one layer, or in the model: query heads are counted within one group. None in a layer whose branch is gone.</summary>
    public int Count(UnitDefinition unit, int layer) =>
        InLayer(unit.Dimension, layer) / (_groups.TryGetValue(unit.Dimension, out var groups) ? Math.Max(1, InLayer(groups, layer)) : 1);

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

        foreach (var queries in QueriesOf(unit.Dimension))
        {
            queries[layer] = sizes[layer] == 0 ? 0 : queries[layer] / sizes[layer] * kept;
        }

        sizes[layer] = kept;
    }

    /// <summary>Notes that only scores tell how many of a unit which layer keeps.</summary>
    public void Forget(UnitDefinition unit, string cut)
    {
        foreach (var dimension in DimensionsOf(unit).Where(dimension => !_unknown.ContainsKey(dimension)))
        {
            _unknown.Add(dimension, cut);
        }
    }

    /// <summary>Notes that some layers, known by their numbers, lose the branch of a unit.</summary>
    public void CutBranch(UnitDefinition unit, IEnumerable<int> layers)
    {
        foreach (var layer in layers)
        {
            Cut(unit, layer, 0);
        }
    }

    /// <summary>Notes that some layers of the candidates lose the branch of a unit: which, scores tell.</summary>
    public void ScatterBranch(UnitDefinition unit, int removed, IReadOnlyList<int> candidates, string cut)
    {
        var having = candidates.Where(layer => Count(unit, layer) > 0).ToList();
        if (DimensionsOf(unit).Any(dimension => _unknown.ContainsKey(dimension) || having.Select(layer => InLayer(dimension, layer)).Distinct().Count() > 1))
        {
            Forget(unit, cut);
            return;
        }

        CutBranch(unit, having.Skip(having.Count - removed));
        _scattered.UnionWith(DimensionsOf(unit));
    }

    /// <summary>Notes that only some layers stay, which are renumbered.</summary>
    public void KeepLayers(IReadOnlyList<int> kept, string cut)
    {
        foreach (var dimension in _ofLayers.Keys.ToList())
        {
            Rearrange(dimension, kept, isKnown: !_scattered.Contains(dimension), cut);
        }

        Renumber([.. kept.Select(layer => CutInLayer[layer])], cut);
    }

    /// <summary>Notes that some layers of the candidates go, which are next to each other: which, scores tell.</summary>
    public void KeepSomeLayers(int keep, IReadOnlyList<int> candidates, string cut)
    {
        // Alike layers are as good as each other: the last ones go.
        var gone = candidates.Skip(candidates.Count - (LayerCount - keep)).ToList();
        var kept = Enumerable.Range(0, LayerCount).Except(gone).ToList();
        foreach (var dimension in _ofLayers.Keys.ToList())
        {
            var isKnown = !_scattered.Contains(dimension) && candidates.Select(layer => InLayer(dimension, layer)).Distinct().Count() <= 1;
            Rearrange(dimension, kept, isKnown, cut);
        }

        var ofAny = new HashSet<UnitDefinition>(candidates.SelectMany(layer => CutInLayer[layer]));
        Renumber([.. kept.Select(layer => candidates.Contains(layer) ? [.. ofAny] : CutInLayer[layer])], cut);
    }

    /// <summary>The sizes of each layer that a cut can change, in the order of the architecture; null where only scores tell.</summary>
    public EquatableArray<LayerSizes>? OfLayers()
    {
        if (!AreKnown)
        {
            return null;
        }

        var dimensions = CutDimensions(Architecture);
        return new(Enumerable.Range(0, LayerCount).Select(layer => new LayerSizes(new(dimensions.Select(dimension => new DimensionValue(dimension, InLayer(dimension, layer)))))));
    }

    /// <summary>The dimensions that a cut can change.</summary>
    public static IReadOnlyList<string> CutDimensions(ArchitectureModel architecture)
    {
        var units = new HashSet<string>(architecture.Units.Select(unit => unit.Dimension));
        return [.. architecture.Dimensions.Select(dimension => dimension.Name).Where(name => units.Contains(name) || (LayerBranches.Groups(architecture, name) is { } groups && units.Contains(groups)))];
    }

    private IEnumerable<string> DimensionsOf(UnitDefinition unit) =>
        _groups.Where(group => group.Value == unit.Dimension).Select(group => group.Key).Prepend(unit.Dimension);

    private IEnumerable<int[]> QueriesOf(string groups) => _groups.Where(group => group.Value == groups).Select(group => _ofLayers[group.Key]);

    private void Rearrange(string dimension, IReadOnlyList<int> kept, bool isKnown, string cut)
    {
        if (!isKnown && !_unknown.ContainsKey(dimension))
        {
            _unknown.Add(dimension, cut);
        }

        _ofLayers[dimension] = [.. kept.Select(layer => _ofLayers[dimension][layer])];
    }

    private void Renumber(List<HashSet<UnitDefinition>> cutInLayer, string cut)
    {
        (CutInLayer, LayerCount, DepthCut) = (cutInLayer, cutInLayer.Count, cut);
    }

    private void Follow(string dimension)
    {
        if (!_ofLayers.ContainsKey(dimension))
        {
            _ofLayers.Add(dimension, [.. Enumerable.Repeat(Dimensions[dimension].Value, LayerCount)]);
        }
    }
}
