using System.Diagnostics;
using System.Globalization;
using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// The one training loop, for all weights or for adapters: AdamW (Loshchilov and Hutter 2019) on the mean cross-entropy
/// of next-token prediction, with gradient accumulation, clipping by the global norm, and a learning-rate schedule.
/// What is random follows from the seed and the step's number, so a run repeats.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly CausalLM _model;
    private readonly TrainableParameters _parameters;
    private readonly OptimizationSettings _settings;
    private readonly SequenceStream _stream;
    private readonly AdamW _optimizer;
    private readonly Stopwatch _watch = new();
    private readonly List<double> _losses = [];
    private long _tokens;

    /// <summary>Prepares a training; the parameters must require gradients already.</summary>
    /// <param name="model">The model whose loss is taken.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="settings">How.</param>
    /// <param name="sequences">Token ids, each sequence one training example.</param>
    public TrainingLoop(CausalLM model, TrainableParameters parameters, OptimizationSettings settings, IReadOnlyList<int[]> sequences)
    {
        (_model, _parameters, _settings) = (model, parameters, settings);
        _stream = new(sequences, model.Shape.VocabularySize, settings.Seed);
        TotalSteps = StepsOf(settings, sequences.Count);

        using var scope = torch.NewDisposeScope(); // the optimizer's state outlives it
        var groups = new List<AdamW.ParamGroup>();
        AddGroup(groups, parameters.Decayed, settings.WeightDecay);
        AddGroup(groups, parameters.Undecayed, 0);
        _optimizer = torch.optim.AdamW(groups, settings.LearningRate);
    }

    /// <summary>Number of optimizer steps.</summary>
    public int TotalSteps { get; }

    /// <summary>Optimizer steps of a training over so many sequences.</summary>
    public static int StepsOf(OptimizationSettings settings, int sequences) =>
        settings.MaxSteps ?? Math.Max(1, (int)Math.Ceiling(settings.NumEpochs * sequences / (settings.MicroBatchSize * settings.GradientAccumulationSteps)));

    /// <summary>Trains to the end.</summary>
    /// <param name="stage">What progress calls it.</param>
    /// <param name="hooks">What to call meanwhile.</param>
    /// <exception cref="OperationCanceledException">The hooks' token asked for it.</exception>
    public TrainingSummary Run(string stage, TrainingHooks hooks)
    {
        for (var step = 1; step <= TotalSteps; step++)
        {
            hooks.Cancellation.ThrowIfCancellationRequested();
            var metric = Step();
            if (hooks.Evaluate is { } evaluate && (step % hooks.EvaluateEvery == 0 || step == TotalSteps))
            {
                metric = metric with { Perplexity = evaluate() };
            }

            hooks.OnStep?.Invoke(metric);
            hooks.Progress?.Invoke(Describe(stage, metric));
        }

        var last = Math.Max(1, _losses.Count / 10);
        return new(TotalSteps, _tokens, _losses[0], _losses.TakeLast(last).Average(), _watch.Elapsed.TotalSeconds, _parameters.Count);
    }

    /// <summary>One optimizer step.</summary>
    public TrainingMetric Step()
    {
        _watch.Start();
        var step = _losses.Count;
        var rate = LearningRate.At(_settings, step, TotalSteps);
        torch.random.manual_seed((long)(new SeededRandom(_settings.Seed, -1 - step).NextBits() >> 1)); // dropout

        double loss, norm;
        using (var scope = torch.NewDisposeScope())
        {
            ClearGradients();
            var meanLoss = Accumulate();
            var gradientNorm = Clip();
            foreach (var group in _optimizer.ParamGroups)
            {
                group.LearningRate = rate;
            }

            _optimizer.step();
            var host = torch.stack([meanLoss.to(torch.ScalarType.Float64), gradientNorm.to(torch.ScalarType.Float64)]).cpu().data<double>(); // the step's only synchronisation
            (loss, norm) = (host[0], host[1]);
        }

        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new SlimException(FormattableString.Invariant($"learning_rate: the loss became {loss} (gradient norm {norm}) at step {step + 1}; a rate below {_settings.LearningRate} or more warmup_steps may help."));
        }

        _losses.Add(loss);
        _watch.Stop();
        var seconds = _watch.Elapsed.TotalSeconds;
        return new() { Step = step + 1, Loss = loss, GradNorm = norm, LearningRate = rate, Tokens = _tokens, TokensPerSecond = _tokens / seconds, Seconds = seconds };
    }

    /// <inheritdoc/>
    public void Dispose() => _optimizer.Dispose();

    // Gradients of the mean over the micro batches; gives the mean loss.
    private torch.Tensor Accumulate()
    {
        var total = torch.zeros([], dtype: torch.ScalarType.Float64, device: _model.Device);
        for (var i = 0; i < _settings.GradientAccumulationSteps; i++)
        {
            using var scope = torch.NewDisposeScope();
            var (inputs, targets) = _stream.Next(_settings.MicroBatchSize, _model.Device);
            var loss = Loss.Mean(_model.forward(inputs), targets) / _settings.GradientAccumulationSteps;
            loss.backward();
            total.add_(loss.detach());
            _tokens += inputs.numel();
        }

        return total;
    }

    private void ClearGradients()
    {
        foreach (var parameter in _parameters.All)
        {
            parameter.grad?.zero_();
        }
    }

    // Scales the gradients down to max_grad_norm where they are longer; gives their norm before that. Stays on the device.
    private torch.Tensor Clip()
    {
        using var noGradients = torch.no_grad();
        var gradients = _parameters.All.Select(parameter => parameter.grad).OfType<torch.Tensor>().ToList();
        var norms = gradients.Select(gradient => gradient.to(Wide(gradient.dtype)).norm()).ToList();
        var norm = norms.Count == 1 ? norms[0] : torch.stack(norms).norm();
        if (_settings.MaxGradNorm > 0)
        {
            var scale = (_settings.MaxGradNorm / (norm + 1e-6)).clamp_max(1);
            foreach (var gradient in gradients)
            {
                gradient.mul_(scale);
            }
        }

        return norm;
    }

    private static torch.ScalarType Wide(torch.ScalarType dtype) => dtype == torch.ScalarType.Float64 ? dtype : torch.ScalarType.Float32;

    private static void AddGroup(List<AdamW.ParamGroup> groups, IReadOnlyList<Parameter> parameters, double weightDecay)
    {
        if (parameters.Count > 0)
        {
            groups.Add(new(parameters, weight_decay: weightDecay));
        }
    }

    private ProgressUpdate Describe(string stage, TrainingMetric metric)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"loss {metric.Loss:0.000}, {metric.TokensPerSecond:#,0} tokens/s");
        return new(stage, metric.Step, TotalSteps, message, metric.Seconds / metric.Step * (TotalSteps - metric.Step));
    }
}
