using System.Globalization;
using System.Text;

namespace SlimSpec;

/// <summary>What has been scored and cut so far. The model at hand counts its layers and units anew after each cut; the plan counts those of the dense model.</summary>
internal sealed class PlanBuilder(StructuredPruner pruner, ModelShape dense)
{
    private readonly Dictionary<(int Layer, string Unit), Group> _groups = [];
    private readonly SortedDictionary<string, Depth> _depths = new(StringComparer.Ordinal);
    private int[] _layers = [.. Enumerable.Range(0, dense.LayerCount)];

    /// <summary>The dense model's number of a layer of the model at hand.</summary>
    public int DenseLayer(int layer) => layer == StructuredPruner.WholeModel ? layer : _layers[layer];

    /// <summary>The dense model's numbers of the units that a structure of the model at hand still has.</summary>
    public IReadOnlyList<int> Numbers((int Layer, string Unit) place) => Find(place).Kept;

    /// <summary>Takes down scores of units, and means of channels, as the model at hand counts them.</summary>
    public void Note(ScoredUnits scoring)
    {
        foreach (var (place, scores) in scoring.Scores)
        {
            Find(place).Note(scores, scoring.Means.GetValueOrDefault(place));
        }
    }

    /// <summary>Takes down scores of layers, NaN where there is none.</summary>
    public void Note(string unit, IReadOnlyList<float> scores)
    {
        var depth = Find(unit);
        for (var layer = 0; layer < scores.Count; layer++)
        {
            depth.Scores[_layers[layer]] = float.IsNaN(scores[layer]) ? depth.Scores[_layers[layer]] : scores[layer];
        }
    }

    /// <summary>Takes down that a cut is about a unit of layers, also where it takes none away.</summary>
    public void NoteCut(string unit) => Find(unit);

    /// <summary>Takes down what surgery leaves of the model at hand.</summary>
    public void Cut(Selection selection)
    {
        foreach (var ((layer, unit), kept) in selection.Units)
        {
            if (kept.Length == 0)
            {
                LoseBranch(_layers[layer], unit);
            }
            else
            {
                Find((layer, unit)).Keep(kept);
            }
        }

        if (selection.Layers is { } layers)
        {
            _layers = [.. layers.Select(layer => _layers[layer])];
            foreach (var gone in _groups.Keys.Where(place => place.Layer != StructuredPruner.WholeModel && !_layers.Contains(place.Layer)).ToList())
            {
                _groups.Remove(gone);
            }
        }
    }

    /// <summary>The plan.</summary>
    public PruningPlan Finish(PlanOrigin origin) => new()
    {
        Origin = origin,
        Versions = PruningPlan.CurrentVersions,
        Layers = [.. _depths.Select(depth => new PlanLayers(depth.Key, [.. _layers.Except(depth.Value.Lost)], depth.Value.Scores))],
        Groups = [.. _groups
            .OrderBy(group => group.Key.Layer).ThenBy(group => group.Key.Unit, StringComparer.Ordinal)
            .Select(group => new PlanGroup(group.Key.Layer, group.Key.Unit, group.Value.Kept, group.Value.Scores) { Means = group.Value.Means })],
    };

    /// <summary>What is left of the dense model, in words that are the same for the same remains.</summary>
    public string Remains()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"layers {string.Join(',', _layers)}");
        foreach (var (unit, depth) in _depths)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {unit} not in {string.Join(',', depth.Lost.Order())}");
        }

        foreach (var (place, group) in _groups.Where(group => group.Value.IsCut).OrderBy(group => group.Key.Layer).ThenBy(group => group.Key.Unit, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"; {place.Layer} {place.Unit} {string.Join(',', group.Kept)}");
            text.Append(group.Means is null ? "" : $" means {PlanFile.List(group.Means)}");
        }

        return text.ToString();
    }

    private Group Find((int Layer, string Unit) place)
    {
        var key = (DenseLayer(place.Layer), place.Unit);
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = new(pruner.Units(dense, key.Unit, key.Item1));
        }

        return group;
    }

    private Depth Find(string unit)
    {
        if (!_depths.TryGetValue(unit, out var depth))
        {
            _depths[unit] = depth = new(dense.LayerCount);
        }

        return depth;
    }

    // Whatever else counted units of that branch goes with it: query heads with attention.
    private void LoseBranch(int denseLayer, string unit)
    {
        Find(unit).Lost.Add(denseLayer);
        var without = pruner.Shrink(dense, new Selection { Units = new Dictionary<(int, string), int[]> { [(denseLayer, unit)] = [] } });
        foreach (var gone in _groups.Keys.Where(place => place.Layer == denseLayer && pruner.Units(without, place.Unit, denseLayer) == 0).ToList())
        {
            _groups.Remove(gone);
        }
    }

    // One structure in numbers of the dense model.
    private sealed class Group(int units)
    {
        public int[] Kept { get; private set; } = [.. Enumerable.Range(0, units)];

        public float[] Scores { get; } = new float[units];

        public float[]? Means { get; private set; }

        public bool IsCut => Kept.Length < units;

        public void Note(float[] scores, float[]? means)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                Scores[Kept[i]] = scores[i];
            }

            if (means is not null)
            {
                var channels = means.Length / Kept.Length;
                Means ??= new float[units * channels];
                for (var i = 0; i < means.Length; i++)
                {
                    Means[(Kept[i / channels] * channels) + (i % channels)] = means[i];
                }
            }
        }

        public void Keep(int[] units) => Kept = [.. units.Select(unit => Kept[unit])];
    }

    // The layers that a depth cut took a unit from, in numbers of the dense model.
    private sealed class Depth(int layers)
    {
        public HashSet<int> Lost { get; } = [];

        public float?[] Scores { get; } = new float?[layers];
    }
}
