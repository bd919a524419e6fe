using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What a run leaves of one coupled structure.</summary>
/// <param name="Unit">The structure; <see cref="DepthCut.Block"/> for whole layers.</param>
/// <param name="Layers">What stays, by layer of the dense model; one entry where the structure is of the whole model.</param>
internal sealed record KeptUnits(string Unit, IReadOnlyList<KeptLayer> Layers)
{
    /// <summary>Whether it is one structure through all layers.</summary>
    public bool IsWholeModel { get; init; }

    /// <summary>What a plan leaves, by structure: of those that were cut.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="depth">Layers of the dense model.</param>
    public static IReadOnlyList<KeptUnits> Of(PruningPlan plan, int depth)
    {
        var gone = plan.Layers.ToDictionary(layers => layers.Unit, layers => Enumerable.Range(0, depth).Except(layers.Kept).ToHashSet());
        var whole = gone.GetValueOrDefault(DepthCut.Block) ?? [];
        var units = plan.Groups.Select(group => group.Unit).Concat(gone.Keys.Where(unit => unit != DepthCut.Block)).Distinct().Order(StringComparer.Ordinal);
        List<KeptUnits> kept = [.. units.Select(unit => Of(plan, unit, depth, layer => whole.Contains(layer) || (gone.GetValueOrDefault(unit)?.Contains(layer) ?? false)))];
        return kept.Count > 0 || whole.Count == 0 ? kept : [new(DepthCut.Block, [.. Enumerable.Range(0, depth).Select(layer => new KeptLayer(null, 0, whole.Contains(layer)))])];
    }

    private static KeptUnits Of(PruningPlan plan, string unit, int depth, Func<int, bool> isGone)
    {
        var groups = plan.Groups.Where(group => group.Unit == unit).ToDictionary(group => group.Layer);
        return groups.TryGetValue(StructuredPruner.WholeModel, out var model)
            ? new(unit, [Of(model)]) { IsWholeModel = true }
            : new(unit, [.. Enumerable.Range(0, depth).Select(layer => isGone(layer) ? new(null, 0, IsGone: true) : groups.TryGetValue(layer, out var group) ? Of(group) : new KeptLayer(null, 0))]);
    }

    private static KeptLayer Of(PlanGroup group) => new(group.Kept, group.Scores.Count);
}

/// <summary>What stays of a structure in a layer.</summary>
/// <param name="Kept">Numbers of the units that stay, ascending; null: all, no cut went there.</param>
/// <param name="Of">Units of the dense model; 0 where no cut went.</param>
/// <param name="IsGone">Whether the layer, or its branch, went as a whole.</param>
internal sealed record KeptLayer(IReadOnlyList<int>? Kept, int Of, bool IsGone = false)
{
    /// <summary>The share that stays.</summary>
    public double Share => IsGone ? 0 : Kept is null ? 1 : (double)Kept.Count / Of;

    /// <summary>In words: <c>409 of 512</c>.</summary>
    public string Words => IsGone ? "gone" : Kept is null ? "all" : string.Create(CultureInfo.InvariantCulture, $"{Kept.Count:N0} of {Of:N0}");
}
