namespace SlimSpec;

/// <summary>Statistics of the inputs of one layer's linears over calibration samples, each distinct input once.</summary>
/// <param name="wanted">Full names of the weights whose inputs are wanted.</param>
/// <param name="device">Where the model is.</param>
public sealed class ActivationStatistics(IReadOnlySet<string> wanted, torch.Device device) : ActivationObserver, IDisposable
{
    private readonly Dictionary<string, InputStatistics> _inputs = [];
    private readonly HashSet<string> _first = [];

    /// <summary>Where the model is, and the statistics.</summary>
    public torch.Device Device => device;

    /// <inheritdoc/>
    public override void Input(torch.Tensor input, params ReadOnlySpan<NamedWeight> readers)
    {
        InputStatistics? statistics = null;
        foreach (var reader in readers)
        {
            if (wanted.Contains(reader.Name))
            {
                statistics ??= Of(reader, input.size(-1));
                _inputs[reader.Name] = statistics;
            }
        }

        statistics?.Add(input);
    }

    /// <summary>Statistics of what a weight reads; null if it was not wanted, or is of another layer.</summary>
    public InputStatistics? Find(NamedWeight reader) => _inputs.GetValueOrDefault(reader.Name);

    /// <summary>Whether a weight is the first of those that read its input: in a sum over inputs, the one to count it for.</summary>
    public bool IsFirst(NamedWeight reader) => _first.Contains(reader.Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var input in _inputs.Values.Distinct())
        {
            input.Dispose();
        }
    }

    private InputStatistics Of(NamedWeight reader, long channels)
    {
        if (_inputs.TryGetValue(reader.Name, out var known))
        {
            return known;
        }

        _first.Add(reader.Name);
        return new(channels, device);
    }
}
