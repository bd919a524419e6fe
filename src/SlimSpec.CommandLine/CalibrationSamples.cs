namespace SlimSpec.CommandLine;

/// <summary>Calibration ids by round, made when a score first asks for them.</summary>
internal sealed class CalibrationSamples : IDisposable
{
    private readonly Job _job;
    private readonly CalibrationSettings _calibration;
    private readonly Lazy<TokenDataset> _data;
    private readonly Dictionary<int, torch.Tensor> _rounds = [];

    private CalibrationSamples(Job job, LoadedModel model, CalibrationSettings calibration)
    {
        (_job, _calibration) = (job, calibration);
        _data = new(() => model.Read(job, calibration.Dataset));
    }

    /// <summary>The samples of a job, or null where they are not needed or its spec has none.</summary>
    public static CalibrationSamples? For(Job job, LoadedModel model, bool needed) =>
        needed && job.Settings.Calibration is { } calibration ? new(job, model, calibration) : null;

    /// <summary>The token ids <c>[samples, tokens]</c> of one round; they go with this.</summary>
    public torch.Tensor Take(int round)
    {
        if (!_rounds.TryGetValue(round, out var samples))
        {
            var rows = _data.Value.SampleWindows(_calibration.NumSamples, _calibration.MaxSeqLength, _calibration.Seed, round);
            _rounds[round] = samples = torch.tensor([.. rows.SelectMany(row => row).Select(id => (long)id)], [rows.Length, rows[0].Length], device: _job.Device);
        }

        return samples;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var samples in _rounds.Values)
        {
            samples.Dispose();
        }
    }
}
