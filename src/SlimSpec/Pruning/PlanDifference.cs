namespace SlimSpec;

/// <summary>How two plans of one dense model differ: what each keeps that the other does not.</summary>
/// <param name="Layers">The layers that stay, by unit: whole ones, and those that keep a branch.</param>
/// <param name="Groups">The structures of layers that stay in both, by layer and unit.</param>
public sealed record PlanDifference(IReadOnlyList<LayerOverlap> Layers, IReadOnlyList<UnitOverlap> Groups)
{
    /// <summary>Compares two plans. What a plan does not speak of is whole in it.</summary>
    /// <exception cref="SlimException">They are of models of different shapes; the message names the place.</exception>
    public static PlanDifference Of(PruningPlan a, PruningPlan b)
    {
        CheckDepth(a, b);
        var units = a.Layers.Concat(b.Layers).Select(layers => layers.Unit).Distinct().Order(StringComparer.Ordinal);
        var places = a.Groups.Concat(b.Groups).Select(group => (group.Layer, group.Unit)).Distinct()
            .OrderBy(place => place.Layer).ThenBy(place => place.Unit, StringComparer.Ordinal);
        return new(
            [.. units.Select(unit => new LayerOverlap(unit, Overlap.Of(Kept(a, b, unit), Kept(b, a, unit))))],
            [.. places.Where(place => Stays(a, place) && Stays(b, place)).Select(place => Compare(place, Find(a, place), Find(b, place)))]);
    }

    /// <summary>Jaccard's index of each unit over all of its groups.</summary>
    public IEnumerable<(string Unit, double Share)> Totals =>
        Groups.GroupBy(group => group.Unit).Select(unit => (unit.Key, (double)unit.Sum(group => group.Overlap.Both) / unit.Sum(group => group.Overlap.Either)));

    private static void CheckDepth(PruningPlan a, PruningPlan b)
    {
        if (a.Layers.Count > 0 && b.Layers.Count > 0 && a.Layers[0].Scores.Count != b.Layers[0].Scores.Count)
        {
            throw new SlimException($"the plans are of different shapes: one is of a model with {a.Layers[0].Scores.Count} layers, the other of one with {b.Layers[0].Scores.Count}");
        }

        foreach (var (cut, other) in new[] { (a, b), (b, a) }.Where(pair => pair.Item1.Layers.Count > 0))
        {
            if (other.Groups.FirstOrDefault(group => group.Layer >= cut.Layers[0].Scores.Count) is { } beyond)
            {
                throw new SlimException($"the plans are of different shapes: one is of a model with {cut.Layers[0].Scores.Count} layers, the other cuts its layer {beyond.Layer}");
            }
        }
    }

    // The layers that keep a unit; a plan without an entry keeps all of those that it keeps at all.
    private static IReadOnlyList<int> Kept(PruningPlan plan, PruningPlan other, string unit)
    {
        var all = Enumerable.Range(0, plan.Layers.Concat(other.Layers).First().Scores.Count);
        return plan.Layers.FirstOrDefault(layers => layers.Unit == unit)?.Kept ?? plan.KeptLayers ?? [.. all];
    }

    private static bool Stays(PruningPlan plan, (int Layer, string Unit) place) =>
        place.Layer == StructuredPruner.WholeModel
        || plan.Layers.Where(layers => layers.Unit == DepthCut.Block || layers.Unit == place.Unit).All(layers => layers.Kept.Contains(place.Layer));

    private static PlanGroup? Find(PruningPlan plan, (int Layer, string Unit) place) => plan.Groups.SingleOrDefault(group => (group.Layer, group.Unit) == place);

    private static UnitOverlap Compare((int Layer, string Unit) place, PlanGroup? a, PlanGroup? b)
    {
        var (ours, theirs) = (a?.Scores.Count, b?.Scores.Count);
        if (ours is { } one && theirs is { } two && one != two)
        {
            var name = place.Layer == StructuredPruner.WholeModel ? "the whole model" : $"layer {place.Layer}";
            throw new SlimException($"the plans are of different shapes: {place.Unit} of {name} has {one} units in one and {two} in the other");
        }

        var units = (ours ?? theirs)!.Value;
        int[] all = [.. Enumerable.Range(0, units)];
        return new(place.Layer, place.Unit, units, Overlap.Of(a?.Kept ?? all, b?.Kept ?? all));
    }
}

/// <summary>Layers that two plans keep.</summary>
/// <param name="Unit"><see cref="DepthCut.Block"/>, or the unit of a branch.</param>
/// <param name="Overlap">What they keep.</param>
public sealed record LayerOverlap(string Unit, Overlap Overlap);

/// <summary>Units of one structure that two plans keep.</summary>
/// <param name="Layer">The layer, or <see cref="StructuredPruner.WholeModel"/>.</param>
/// <param name="Unit">The structure.</param>
/// <param name="Units">Units of the dense model.</param>
/// <param name="Overlap">What they keep.</param>
public sealed record UnitOverlap(int Layer, string Unit, int Units, Overlap Overlap);

/// <summary>Two sets of numbers, A and B.</summary>
/// <param name="KeptA">Size of A.</param>
/// <param name="KeptB">Size of B.</param>
/// <param name="OnlyA">What B does not have, ascending.</param>
/// <param name="OnlyB">What A does not have, ascending.</param>
public sealed record Overlap(int KeptA, int KeptB, IReadOnlyList<int> OnlyA, IReadOnlyList<int> OnlyB)
{
    /// <summary>|A and B|.</summary>
    public int Both => KeptA - OnlyA.Count;

    /// <summary>|A or B|.</summary>
    public int Either => KeptA + OnlyB.Count;

    /// <summary>Jaccard's index: |A and B| / |A or B|.</summary>
    public double Share => (double)Both / Either;

    /// <summary>Compares two sets.</summary>
    public static Overlap Of(IReadOnlyList<int> a, IReadOnlyList<int> b) => new(a.Count, b.Count, [.. a.Except(b)], [.. b.Except(a)]);
}
