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
    private readonly int[] _ids = new int[vocabularySize];
    private readonly double[] _weights = new double[vocabularySize];
    private readonly double[] _keys = new double[vocabularySize];

    /// <summary>Draws one id.</summary>
    /// <param name="logits"><c>[vocab]</c>, on any device and of any float dtype.</param>
    public int Draw(torch.Tensor logits)
    {
        logits.to(torch.ScalarType.Float32).cpu().data<float>().CopyTo(_logits);
        return Draw();
    }

    /// <summary>Draws one id from logits on the host.</summary>
    public int Draw(ReadOnlySpan<float> logits)
    {
        logits.CopyTo(_logits);
        return Draw();
    }

    private int Draw()
    {
        var count = settings.TopK > 0 && settings.TopK < vocabularySize ? TakeLikeliest(settings.TopK) : TakeAll();
        var total = Weigh(count);
        if (settings.TopP < 1)
        {
            (count, total) = TakeNucleus(count, total);
        }

        var left = _random.NextDouble() * total;
        for (var i = 0; i < count - 1; i++)
        {
            left -= _weights[i];
            if (left < 0)
            {
                return _ids[i];
            }
        }

        return _ids[count - 1];
    }

    private int TakeAll()
    {
        for (var i = 0; i < vocabularySize; i++)
        {
            _ids[i] = i;
        }

        return vocabularySize;
    }

    // A heap of the k best so far: far cheaper than sorting a vocabulary.
    private int TakeLikeliest(int k)
    {
        _likeliest.Clear();
        for (var id = 0; id < vocabularySize; id++)
        {
            if (_likeliest.Count < k)
            {
                _likeliest.Enqueue(id, _logits[id]);
            }
            else if (_likeliest.TryPeek(out _, out var least) && _logits[id] > least)
            {
                _likeliest.DequeueEnqueue(id, _logits[id]);
            }
        }

        for (var i = 0; i < k; i++)
        {
            _ids[i] = _likeliest.Dequeue();
        }

        return k;
    }

    // Unnormalised probabilities of the first `count` ids, and their sum.
    private double Weigh(int count)
    {
        var highest = float.NegativeInfinity;
        for (var i = 0; i < count; i++)
        {
            highest = Math.Max(highest, _logits[_ids[i]]);
        }

        var total = 0.0;
        for (var i = 0; i < count; i++)
        {
            _weights[i] = Math.Exp((_logits[_ids[i]] - highest) / settings.Temperature);
            total += _weights[i];
        }

        return total;
    }

    // Ids less likely than (1 - p) / count make up less than 1 - p together, so none of them is needed: few are left to sort.
    private (int Count, double Total) TakeNucleus(int count, double total)
    {
        var floor = (1 - settings.TopP) * total / count;
        var candidates = 0;
        for (var i = 0; i < count; i++)
        {
            if (_weights[i] >= floor)
            {
                (_ids[candidates], _keys[candidates]) = (_ids[i], -_weights[i]);
                candidates++;
            }
        }

        Array.Sort(_keys, _ids, 0, candidates);
        var needed = settings.TopP * total;
        var sum = 0.0;
        var taken = 0;
        while (taken < candidates && sum < needed)
        {
            _weights[taken] = -_keys[taken];
            sum += _weights[taken++];
        }

        return (taken, sum);
    }
}
