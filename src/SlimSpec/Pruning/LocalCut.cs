using SlimSpec.Specs;

namespace SlimSpec;

/// <summary>A width cut with <c>scope: layer</c>: each structure of each layer by itself, to a number that needs no scores.</summary>
/// <param name="pruner">The recipe's pruner.</param>
/// <param name="cut">The cut.</param>
/// <param name="start">The model's sizes before its first step.</param>
internal sealed class LocalCut(StructuredPruner pruner, WidthCut cut, ModelShape start)
{
    /// <summary>The units that stay after a step, from 1.</summary>
    /// <param name="shape">The model at hand.</param>
    /// <param name="scores">Its scores.</param>
    /// <param name="step">The step.</param>
    public Dictionary<(int Layer, string Unit), int[]> Select(ModelShape shape, IReadOnlyDictionary<(int Layer, string Unit), float[]> scores, int step) =>
        scores.ToDictionary(place => place.Key, place => UnitRanking.HighestOfEach(place.Value, Groups(shape, place.Key), Count(shape, place.Key, step)));

    /// <summary>The sizes after all steps.</summary>
    public ModelShape Finish()
    {
        var shape = start;
        for (var step = 1; step <= cut.Steps; step++)
        {
            shape = CutPlaces.Of(pruner, start, cut).Aggregate(shape, (sizes, place) => pruner.Shrink(sizes, place.Unit, place.Layer, Groups(sizes, place) * Count(sizes, place, step)));
        }

        return shape;
    }

    private int Groups(ModelShape shape, (int Layer, string Unit) place) => UnitScores.Groups(UnitScores.Structure(pruner, place.Unit), shape, place.Layer);

    // Units that stay of each group.
    private int Count(ModelShape shape, (int Layer, string Unit) place, int step)
    {
        var groups = Groups(shape, place);
        var (now, before) = (pruner.Units(shape, place.Unit, place.Layer) / groups, pruner.Units(start, place.Unit, place.Layer) / groups);
        var sparsity = CutPlaces.Sparsity(cut, place) ?? throw new InvalidOperationException("A cut of each layer by itself says how much it cuts.");
        return UnitBudget.KeptAfter(now, before, UnitScores.Structure(pruner, place.Unit).ChannelsPerUnit, sparsity, step, cut.Steps, cut.RoundTo);
    }
}
