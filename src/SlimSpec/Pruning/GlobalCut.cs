namespace SlimSpec;

/// <summary>
/// A width cut with <c>scope: global</c>: the lowest of all units go until the parameters removed are nearest to the fraction asked for, or
/// until the constraints are met. After step t of T that is t / T of it.
/// </summary>
internal sealed class GlobalCut
{
    private readonly StructuredPruner _pruner;
    private readonly WidthCut _cut;
    private readonly Func<ModelShape, bool> _isWithinBudget;
    private readonly long _start;

    /// <summary>Begins a cut.</summary>
    /// <param name="pruner">The recipe's pruner.</param>
    /// <param name="cut">The cut.</param>
    /// <param name="shape">The model's sizes before its first step.</param>
    /// <param name="isWithinBudget">Whether a model of these sizes, after the cuts behind this one, meets the constraints.</param>
    public GlobalCut(StructuredPruner pruner, WidthCut cut, ModelShape shape, Func<ModelShape, bool> isWithinBudget)
    {
        (_pruner, _cut, _isWithinBudget) = (pruner, cut, isWithinBudget);
        _start = Held(shape);
    }

    /// <summary>The units that stay after a step, from 1.</summary>
    /// <param name="shape">The model at hand.</param>
    /// <param name="scores">Its scores.</param>
    /// <param name="step">The step.</param>
    public Dictionary<(int Layer, string Unit), int[]> Select(ModelShape shape, IReadOnlyDictionary<(int Layer, string Unit), float[]> scores, int step)
    {
        var pool = UnitPool.Of(_pruner, shape, _cut, scores);
        var removed = _start - Held(shape);
        var share = (double)step / _cut.Steps;
        if (_cut.Sparsity is { } sparsity)
        {
            return pool.Without(pool.Nearest((share * sparsity * _start) - removed));
        }

        var enough = Fewest(pool, shape);
        return pool.Without(step == _cut.Steps ? enough : pool.Nearest((share * (removed + pool.Parameters(enough))) - removed));
    }

    // Parameters that the cut's units hold.
    private long Held(ModelShape shape) =>
        CutPlaces.Of(_pruner, shape, _cut).Sum(place => UnitPool.Cost(_pruner, shape, place) * _pruner.Units(shape, place.Unit, place.Layer));

    // The fewest portions without which the constraints are met; all of them if even that does not do.
    private int Fewest(UnitPool pool, ModelShape shape)
    {
        var (least, most) = (0, pool.Count);
        while (least < most)
        {
            var middle = (least + most) / 2;
            var without = _pruner.Shrink(shape, new Selection { Units = pool.Without(middle) });
            (least, most) = _isWithinBudget(without) ? (least, middle) : (middle + 1, most);
        }

        return least;
    }
}
