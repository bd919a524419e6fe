using System.Diagnostics;
using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// The steps of a training: AdamW (Loshchilov and Hutter 2019) on the mean loss over all places that the micro batches of a
/// step score, with clipping by the global norm and a learning-rate schedule. What is random follows from the seed and the
/// step's number, so a training repeats, and goes on from any step.
/// </summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly CausalLM _model;
    private readonly TrainedWeights _trained;
    private readonly TrainingLoss _loss;
    private readonly OptimizationSettings _settings;
    private readonly IReadOnlyList<TrainingExample> _examples;
    private readonly ExampleOrder _order;

    /// <summary>Prepares a training.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trained">What is trained.</param>
    /// <param name="loss">What is minimized.</param>
    /// <param name="settings">How.</param>
    /// <param name="examples">The data.</param>
    /// <exception cref="SlimException">There is no example, or one that the model cannot read.</exception>
    public TrainingLoop(CausalLM model, TrainedWeights trained, TrainingLoss loss, OptimizationSettings settings, IReadOnlyList<TrainingExample> examples)
    {
        TrainingBatch.Check(examples, model.Shape.VocabularySize);
        (_model, _trained, _loss, _settings, _examples) = (model, trained, loss, settings, examples);
        _order = new(examples, settings.Seed, settings is RecoveryStep { GroupByLength: true } ? settings.MicroBatchSize : 1);
        TotalSteps = StepsOf(settings, examples.Count);

        using var scope = torch.NewDisposeScope(); // the optimizer's state outlives it
        var groups = new List<AdamW.ParamGroup>();
        AddGroup(groups, trained.Parameters.Decayed, settings.WeightDecay);
        AddGroup(groups, trained.Parameters.Undecayed, 0);
        Optimizer = torch.optim.AdamW(groups, settings.LearningRate);
    }

    /// <summary>Number of optimizer steps.</summary>
    public int TotalSteps { get; }

    /// <summary>How far it has come.</summary>
    public TrainingState State { get; set; } = new();

    /// <summary>The optimizer.</summary>
    public AdamW Optimizer { get; }

    /// <summary>Optimizer steps of a training over so many examples.</summary>
    public static int StepsOf(OptimizationSettings settings, int examples) =>
        settings.MaxSteps ?? Math.Max(1, (int)Math.Ceiling(settings.NumEpochs * examples / ExamplesAStep(settings)));

    /// <summary>Optimizer steps of a pass over so many examples.</summary>
    public static int StepsAPass(OptimizationSettings settings, int examples) => (int)Math.Ceiling((double)examples / ExamplesAStep(settings));

    /// <summary>One optimizer step.</summary>
    public TrainingMetric Step()
    {
        var watch = Stopwatch.StartNew();
        var step = State.Step;
        var rate = LearningRate.At(_settings, step, TotalSteps);
        torch.random.manual_seed((long)(new SeededRandom(_settings.Seed, -1 - step).NextBits() >> 1)); // dropout
        _trained.SetTraining(true);

        double loss, norm;
        using (var scope = torch.NewDisposeScope())
        {
            ClearGradients();
            var meanLoss = Accumulate(DrawBatches());
            var gradientNorm = Clip();
            foreach (var group in Optimizer.ParamGroups)
            {
                group.LearningRate = rate;
            }

            Optimizer.step();
            var host = torch.stack([meanLoss, gradientNorm.to(torch.ScalarType.Float64)]).cpu().data<double>(); // the step's only synchronisation
            (loss, norm) = (host[0], host[1]);
        }

        _trained.SetTraining(false);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
        {
            throw new SlimException(FormattableString.Invariant($"learning_rate: the loss became {loss} (gradient norm {norm}) at step {step + 1}; a rate below {_settings.LearningRate} or more warmup_steps may help."));
        }

        State.Losses.Add(loss);
        var seconds = State.Seconds += watch.Elapsed.TotalSeconds;
        return new() { Step = step + 1, Loss = loss, GradNorm = norm, LearningRate = rate, Tokens = State.Tokens, TokensPerSecond = State.Tokens / seconds, Seconds = seconds };
    }

    /// <inheritdoc/>
    public void Dispose() => Optimizer.Dispose();

    private static double ExamplesAStep(OptimizationSettings settings) => (double)settings.MicroBatchSize * settings.GradientAccumulationSteps;

    private List<TrainingBatch> DrawBatches()
    {
        _order.Position = (long)State.Step * _settings.GradientAccumulationSteps * _settings.MicroBatchSize;
        var batches = new List<TrainingBatch>();
        for (var i = 0; i < _settings.GradientAccumulationSteps; i++)
        {
            batches.Add(TrainingBatch.Of(_examples, _order.Next(_settings.MicroBatchSize), _model.Device));
        }

        State.Tokens += batches.Sum(batch => batch.Tokens);
        return batches;
    }

    // Gradients of the mean over all that the batches score; gives the mean loss.
    private torch.Tensor Accumulate(List<TrainingBatch> batches)
    {
        var total = torch.zeros([], dtype: torch.ScalarType.Float64, device: _model.Device);
        var scored = Math.Max(1, batches.Sum(batch => batch.Scored));
        _loss.Prepare(batches);
        foreach (var batch in batches)
        {
            using var scope = torch.NewDisposeScope();
            var loss = _loss.Sum(batch) / scored;
            loss.backward();
            total.add_(loss.detach());
        }

        return total;
    }

    private void ClearGradients()
    {
        foreach (var parameter in _trained.Parameters.All)
        {
            parameter.grad?.zero_();
        }
    }

    // Scales the gradients down to max_grad_norm where they are longer; gives their norm before that. Stays on the device.
    private torch.Tensor Clip()
    {
        using var noGradients = torch.no_grad();
        var gradients = _trained.Parameters.All.Select(parameter => parameter.grad).OfType<torch.Tensor>().ToList();
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
}
