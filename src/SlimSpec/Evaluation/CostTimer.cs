using System.Diagnostics;

namespace SlimSpec;

/// <summary>
/// Latency and memory of models at the batch sizes and lengths that a spec names: each model's memory, then all of them against
///  the clock, in turns, in one process, after one round to warm up. Prompts are random token ids; what is decoded is the likeliest token.
/// </summary>
public sealed class CostTimer
{
    private const double BytesPerMb = 1024 * 1024;

    private readonly CostEvaluation _settings;
    private readonly List<Measured> _models = [];

    /// <summary>Begins.</summary>
    /// <param name="settings">What to measure.</param>
    public CostTimer(CostEvaluation settings) => _settings = settings;

    /// <summary>Measures the memory that a model needs; <see cref="Finish"/> takes its time.</summary>
    /// <param name="name">What tables call it.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="SlimException">A prompt and what is decoded behind it are more than its positions.</exception>
    public void MeasureMemory(string name, CausalLM model)
    {
        var shape = model.Shape;
        foreach (var prompt in _settings.PromptTokens.Where(prompt => prompt + _settings.NewTokens > shape.MaxPositions))
        {
            throw new SlimException($"cost: a prompt of {prompt} tokens and {_settings.NewTokens} new tokens are more than the model's {shape.MaxPositions} positions");
        }

        var bytes = SafetensorsDtype.Of(model.Dtype).Bytes;
        var places = Places().Select(place =>
        {
            Run(model, place.Batch, place.Prompt); // what the engine sets up once is not the model's
            using var memory = PeakMemory.Start();
            Run(model, place.Batch, place.Prompt);
            return new Place(place.Batch, place.Prompt, place.Batch * shape.MultiplyAccumulates(place.Prompt), (shape.Parameters * bytes / BytesPerMb) + memory.GrowthMb);
        });
        _models.Add(new(name, shape.Parameters, shape.Parameters * bytes, shape.CacheElementsPerToken * bytes, [.. places]));
    }

    /// <summary>Measures the models against the clock, in turns.</summary>
    /// <param name="models">The models whose memory was measured, in the same order, all of them in memory.</param>
    /// <param name="progress">Told after each round.</param>
    public CostRecord Finish(IReadOnlyList<CausalLM> models, Action<ProgressUpdate>? progress = null)
    {
        var places = Places().ToList();
        var watch = Stopwatch.StartNew();
        for (var number = 0; number < places.Count; number++)
        {
            for (var round = 0; round <= _settings.Rounds; round++)
            {
                TakeTurns(models, number, places[number], keep: round > 0, reverse: round % 2 == 1);
                var (done, all) = ((number * (_settings.Rounds + 1)) + round + 1, places.Count * (_settings.Rounds + 1));
                progress?.Invoke(new("measuring", done, all, SecondsLeft: watch.Elapsed.TotalSeconds / done * (all - done)));
            }
        }

        var isCpu = models[0].Device.type == DeviceType.CPU;
        return new(
            models[0].Device.ToString(),
            models[0].Dtype.ToString().ToLowerInvariant(),
            isCpu ? torch.get_num_threads() : null,
            _settings.Rounds,
            _settings.NewTokens,
            [.. _models.Select(model => model.AsRecord())]);
    }

    private void TakeTurns(IReadOnlyList<CausalLM> models, int number, (int Batch, int Prompt) place, bool keep, bool reverse)
    {
        var order = Enumerable.Range(0, models.Count);
        foreach (var model in reverse ? order.Reverse() : order)
        {
            var (prefill, decode) = Run(models[model], place.Batch, place.Prompt);
            if (keep)
            {
                _models[model].Places[number].Add(prefill, decode);
            }
        }
    }

    private IEnumerable<(int Batch, int Prompt)> Places() => _settings.BatchSizes.SelectMany(_ => _settings.PromptTokens, (batch, prompt) => (batch, prompt));

    // Seconds of the prompt's pass, and of each token behind it.
    private (double Prefill, double Decode) Run(CausalLM model, int batch, int prompt)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        using var cache = model.CreateCache(batch, prompt + _settings.NewTokens);
        var random = new SeededRandom(prompt);
        long[] flat = [.. Enumerable.Range(0, batch * prompt).Select(_ => random.NextIndex(model.Shape.VocabularySize))];
        var ids = torch.tensor(flat, [batch, prompt], device: model.Device);

        Wait(model);
        var watch = Stopwatch.StartNew();
        var next = Likeliest(model.Prefill(ids, cache));
        Wait(model);
        var prefill = watch.Elapsed.TotalSeconds;
        for (var token = 0; token < _settings.NewTokens; token++)
        {
            using var step = torch.NewDisposeScope();
            var logits = batch == 1 ? model.Decode(next[0], cache).unsqueeze(0) : model.Prefill(next, cache);
            var likeliest = Likeliest(logits).MoveToOuterDisposeScope();
            next.Dispose();
            next = likeliest;
        }

        Wait(model);
        return (prefill, (watch.Elapsed.TotalSeconds - prefill) / _settings.NewTokens);
    }

    // [batch, vocab] to [batch, 1].
    private static torch.Tensor Likeliest(torch.Tensor logits) => logits.argmax(-1, keepdim: true);

    // A GPU works on while the host goes ahead.
    private static void Wait(CausalLM model)
    {
        if (model.Device.type == DeviceType.CUDA)
        {
            torch.cuda.synchronize(model.Device);
        }
    }

    private sealed record Measured(string Name, long Parameters, long WeightBytes, long CacheBytesPerToken, IReadOnlyList<Place> Places)
    {
        public ModelCostRecord AsRecord() => new(Name, Parameters, WeightBytes, CacheBytesPerToken, [.. Places.Select(place => place.AsRecord())]);
    }

    private sealed class Place(int batch, int prompt, long macs, double peakMb)
    {
        private readonly List<double> _prefill = [];
        private readonly List<double> _decode = [];

        public void Add(double prefill, double decode)
        {
            _prefill.Add(prefill);
            _decode.Add(decode);
        }

        public LatencyRecord AsRecord() => new(batch, prompt, macs, Spread.Of(_prefill), Spread.Of(_decode), peakMb);
    }
}
