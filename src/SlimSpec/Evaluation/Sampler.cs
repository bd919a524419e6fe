namespace SlimSpec;

/// <summary>
/// Draws token ids from logits: temperature, then the <c>top_k</c> most likely, then the nucleus of <c>top_p</c>
/// (Holtzman et al. 2020), in that order, as Hugging Face does. Runs on the host in float64 with a generator of our own,
/// so a seed gives the same text wherever the logits are the same. Reuses its buffers.
/// </summary>
internal sealed class Sampler(GenerationSettings settings, int vocabularySize)
{
    private readonly SeededRandom _random = new(settings.Seed);
    private readonly float[] _logits = new float[vocabularySize];
    private readonly float[] _keys = new float[vocabularySize];
    private readonly double[] _weights = new double[vocabularySize];
    private readonly int[] _ids = new int[vocabularySize];

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
        Rank();
        var count = settings.TopK > 0 ? Math.Min(settings.TopK, vocabularySize) : vocabularySize;
        var total = Weigh(count);
        if (settings.TopP < 1)
        {
            (count, total) = Nucleus(count, total);
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

    // Ids from most to least likely, where something will be cut off; else their order does not matter.
    private void Rank()
    {
        for (var i = 0; i < vocabularySize; i++)
        {
            _ids[i] = i;
            _keys[i] = -_logits[i];
        }

        if (settings.TopK > 0 || settings.TopP < 1)
        {
            Array.Sort(_keys, _ids);
        }
    }

    // Unnormalised probabilities of the first `count` ids, and their sum.
    private double Weigh(int count)
    {
        var lowest = Lowest(_keys.AsSpan(0, count));
        var total = 0.0;
        for (var i = 0; i < count; i++)
        {
            _weights[i] = Math.Exp((lowest - _keys[i]) / settings.Temperature);
            total += _weights[i];
        }

        return total;
    }

    private static float Lowest(ReadOnlySpan<float> values)
    {
        var lowest = values[0];
        foreach (var value in values)
        {
            lowest = Math.Min(lowest, value);
        }

        return lowest;
    }

    private (int Count, double Total) Nucleus(int count, double total)
    {
        var needed = settings.TopP * total;
        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += _weights[i];
            if (sum >= needed)
            {
                return (i + 1, sum);
            }
        }

        return (count, total);
    }
}
