namespace SlimSpec;

/// <summary>
/// The units of a cut with <c>scope: global</c> in one pool, lowest score first. What goes at once is a portion: one unit, as many channels as
/// keep the width a multiple of <c>round_to</c>, or one query head of each KV group. No structure loses its last unit.
/// </summary>
internal sealed class UnitPool
{
    private readonly Dictionary<(int Layer, string Unit), int> _units;
    private readonly Portion[] _portions;

    private UnitPool(Dictionary<(int Layer, string Unit), int> units, IEnumerable<Portion> portions)
    {
        _units = units;
        _portions = [.. portions.OrderBy(portion => portion.Score)]; // a stable order: of equal scores the last layer's stays
    }

    /// <summary>How many portions can go.</summary>
    public int Count => _portions.Length;

    /// <summary>Pools the units of a cut.</summary>
    /// <param name="pruner">The recipe's pruner.</param>
    /// <param name="shape">The model at hand.</param>
    /// <param name="cut">The cut.</param>
    /// <param name="scores">The scores of the structures it is about.</param>
    public static UnitPool Of(StructuredPruner pruner, ModelShape shape, WidthCut cut, IReadOnlyDictionary<(int Layer, string Unit), float[]> scores) => new(
        scores.ToDictionary(place => place.Key, place => place.Value.Length),
        scores.OrderBy(place => place.Key.Layer).SelectMany(place => Portions(pruner, shape, cut, place.Key, place.Value)));

    /// <summary>Parameters that one unit takes with it.</summary>
    public static long Cost(StructuredPruner pruner, ModelShape shape, (int Layer, string Unit) place)
    {
        var structure = UnitScores.Structure(pruner, place.Unit);
        var (units, groups) = (pruner.Units(shape, place.Unit, place.Layer), UnitScores.Groups(structure, shape, place.Layer));
        return (pruner.Shrink(shape, place.Unit, place.Layer, units + groups).Parameters - shape.Parameters) / groups; // one more: one less may be none
    }

    /// <summary>How many portions bring the removed parameters nearest to a number; of two as near, the fewer.</summary>
    public int Nearest(double parameters)
    {
        var (best, distance, removed) = (0, Math.Abs(parameters), 0L);
        for (var count = 1; count <= _portions.Length; count++)
        {
            removed += _portions[count - 1].Parameters;
            if (Math.Abs(parameters - removed) < distance)
            {
                (best, distance) = (count, Math.Abs(parameters - removed));
            }
        }

        return best;
    }

    /// <summary>Parameters that the first portions hold.</summary>
    public long Parameters(int portions) => _portions.Take(portions).Sum(portion => portion.Parameters);

    /// <summary>What stays when the first portions go: the units that each structure keeps.</summary>
    public Dictionary<(int Layer, string Unit), int[]> Without(int portions)
    {
        var gone = _portions.Take(portions).ToLookup(portion => portion.Place, portion => portion.Units);
        return _units.ToDictionary(place => place.Key, place => Enumerable.Range(0, place.Value).Except(gone[place.Key].SelectMany(units => units)).ToArray());
    }

    private static IEnumerable<Portion> Portions(StructuredPruner pruner, ModelShape shape, WidthCut cut, (int Layer, string Unit) place, float[] scores)
    {
        var structure = UnitScores.Structure(pruner, place.Unit);
        var groups = UnitScores.Groups(structure, shape, place.Layer);
        var cost = Cost(pruner, shape, place);
        var values = UnitNormalization.Apply(scores, cut, cost);
        var least = double.NegativeInfinity;
        foreach (var units in Order(values, groups, structure.ChannelsPerUnit == 1 ? cut.RoundTo : 1))
        {
            least = Math.Max(least, units.Average(unit => values[unit])); // rounding must not bring a later portion before an earlier one
            yield return new(place, units, least, cost * units.Length);
        }
    }

    // Units in the order in which they go, divided into portions.
    private static IEnumerable<int[]> Order(double[] values, int groups, int multiple)
    {
        var size = values.Length / groups;
        var orders = Enumerable.Range(0, groups)
            .Select(group => Enumerable.Range(group * size, size).OrderBy(unit => values[unit]).ThenByDescending(unit => unit).ToArray())
            .ToArray();
        var turns = size % multiple == 0 ? multiple : size % multiple; // the first portion makes the width a multiple
        for (var start = 0; start + turns < size; (start, turns) = (start + turns, multiple))
        {
            yield return [.. orders.SelectMany(order => order.Skip(start).Take(turns))];
        }
    }

    private readonly record struct Portion((int Layer, string Unit) Place, int[] Units, double Score, long Parameters);
}
