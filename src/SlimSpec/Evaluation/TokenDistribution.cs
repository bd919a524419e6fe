namespace SlimSpec;

/// <summary>Token ids with weights that are proportional to their probabilities; ids that it does not hold have probability 0. Refilled in place.</summary>
/// <param name="capacity">Ids that it can hold.</param>
internal sealed class TokenDistribution(int capacity)
{
    private readonly int[] _ids = new int[capacity];
    private readonly double[] _weights = new double[capacity];

    /// <summary>Ids held.</summary>
    public int Count { get; private set; }

    /// <summary>Sum of the weights.</summary>
    public double Total { get; private set; }

    /// <summary>The ids, the first <see cref="Count"/> of the room for them.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>The weights, in the order of <see cref="Ids"/>.</summary>
    public ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count);

    /// <summary>Room for ids, to be filled before <see cref="Hold"/>.</summary>
    public Span<int> IdRoom => _ids;

    /// <summary>Room for weights, to be filled before <see cref="Hold"/>.</summary>
    public Span<double> WeightRoom => _weights;

    /// <summary>Probability of a token.</summary>
    public double this[int id]
    {
        get
        {
            var place = Ids.IndexOf(id);
            return place < 0 ? 0 : _weights[place] / Total;
        }
    }

    /// <summary>Says how much of the room is filled.</summary>
    /// <param name="count">Ids and weights.</param>
    /// <param name="total">Sum of the weights.</param>
    public void Hold(int count, double total) => (Count, Total) = (count, total);

    /// <summary>The id that a number from [0, 1) falls on.</summary>
    public int Draw(double uniform)
    {
        var left = uniform * Total;
        for (var i = 0; i < Count - 1; i++)
        {
            left -= _weights[i];
            if (left < 0)
            {
                return _ids[i];
            }
        }

        return _ids[Count - 1];
    }
}
