namespace SlimSpec;

/// <summary>
/// Draws token ids from logits: temperature, then the <c>top_k</c> most likely, then the nucleus of <c>top_p</c>
/// (Holtzman et al. 2020), in that order, as Hugging Face does. Runs on the host in float64 with a generator of our own,
/// so a seed gives the same text wherever the logits are the same. Reuses its buffers.
/// </summary>
internal sealed class Sampler(GenerationSettings settings, int vocabularySize)
{
    private readonly SeededRandom _random = new(settings.Seed);
    private readonly PriorityQueue<int, float> _likeliest = new();
    private readonly float[] _logits = new float[vocabularySize];
    private readonly double[] _keys = new double[vocabularySize];
    private readonly TokenDistribution _distribution = new(vocabularySize);

    /// <summary>Draws one id.</summary>
    /// <param name="logits"><c>[vocab]</c>, on any device and of any float dtype.</param>
    public int Draw(torch.Tensor logits) => Draw(Read(logits));

    /// <summary>Draws one id from logits on the host.</summary>
    public int Draw(ReadOnlySpan<float> logits)
    {
        Weigh(logits, [], _distribution);
        return _distribution.Draw(Uniform());
    }

    /// <summary>The next number from [0, 1) of the seed's sequence.</summary>
    public double Uniform() => _random.NextDouble();

    /// <summary>The distribution that <see cref="Draw(torch.Tensor)"/> draws from.</summary>
    /// <param name="logits"><c>[vocab]</c>, on any device and of any float dtype.</param>
    /// <param name="distribution">Is filled with it.</param>
    public void Weigh(torch.Tensor logits, TokenDistribution distribution) => Weigh(Read(logits), [], distribution);

    /// <summary>The distribution over a list of tokens.</summary>
    /// <param name="logits">Logits on the host.</param>
    /// <param name="ids">The token of each; empty: all tokens, by id.</param>
    /// <param name="distribution">Is filled with it.</param>
    public void Weigh(ReadOnlySpan<float> logits, ReadOnlySpan<int> ids, TokenDistribution distribution)
    {
        var places = distribution.IdRoom;
        var weights = distribution.WeightRoom;
        var count = settings.TopK > 0 && settings.TopK < logits.Length ? TakeLikeliest(logits, settings.TopK, places) : TakeAll(logits.Length, places);
        var total = Weigh(logits, places[..count], weights);
        if (settings.TopP < 1)
        {
            (count, total) = TakeNucleus(count, total, places, weights);
        }

        for (var i = 0; i < count && ids.Length > 0; i++)
        {
            places[i] = ids[places[i]];
        }

        distribution.Hold(count, total);
    }

    private ReadOnlySpan<float> Read(torch.Tensor logits)
    {
        logits.to(torch.ScalarType.Float32).cpu().data<float>().CopyTo(_logits);
        return _logits;
    }

    private static int TakeAll(int count, Span<int> places)
    {
        for (var i = 0; i < count; i++)
        {
            places[i] = i;
        }

        return count;
    }

    // A heap of the k best so far: far cheaper than sorting a vocabulary.
    private int TakeLikeliest(ReadOnlySpan<float> logits, int k, Span<int> places)
    {
        _likeliest.Clear();
        for (var place = 0; place < logits.Length; place++)
        {
            if (_likeliest.Count < k)
            {
                _likeliest.Enqueue(place, logits[place]);
            }
            else if (_likeliest.TryPeek(out _, out var least) && logits[place] > least)
            {
                _likeliest.DequeueEnqueue(place, logits[place]);
            }
        }

        for (var i = 0; i < k; i++)
        {
            places[i] = _likeliest.Dequeue();
        }

        return k;
    }

    // Unnormalised probabilities of the logits at some places, and their sum.
    private double Weigh(ReadOnlySpan<float> logits, ReadOnlySpan<int> places, Span<double> weights)
    {
        var highest = float.NegativeInfinity;
        foreach (var place in places)
        {
            highest = Math.Max(highest, logits[place]);
        }

        var total = 0.0;
        for (var i = 0; i < places.Length; i++)
        {
            weights[i] = Math.Exp((logits[places[i]] - highest) / settings.Temperature);
            total += weights[i];
        }

        return total;
    }

    // Tokens less likely than (1 - p) / count make up less than 1 - p together, so none of them is needed: few are left to sort.
    private (int Count, double Total) TakeNucleus(int count, double total, Span<int> places, Span<double> weights)
    {
        var floor = (1 - settings.TopP) * total / count;
        var candidates = 0;
        for (var i = 0; i < count; i++)
        {
            if (weights[i] >= floor)
            {
                (places[candidates], _keys[candidates]) = (places[i], -weights[i]);
                candidates++;
            }
        }

        _keys.AsSpan(0, candidates).Sort(places[..candidates]);
        var needed = settings.TopP * total;
        var sum = 0.0;
        var taken = 0;
        while (taken < candidates && sum < needed)
        {
            weights[taken] = -_keys[taken];
            sum += weights[taken++];
        }

        return (taken, sum);
    }
}
