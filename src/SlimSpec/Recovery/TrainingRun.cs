using System.Globalization;

namespace SlimSpec;

/// <summary>A training from its first step to its last, with all that happens between two steps: validation, checkpoints, reports.</summary>
internal sealed class TrainingRun : IDisposable
{
    private readonly TrainingLoop _loop;
    private readonly TrainableParameters _parameters;
    private readonly BestWeights _best;
    private readonly TrainingHooks _hooks;
    private int? _resumedFrom;
    private int _savedAt;

    /// <summary>Prepares a training.</summary>
    /// <param name="loop">Its steps.</param>
    /// <param name="parameters">What is trained.</param>
    /// <param name="hooks">What to call meanwhile.</param>
    public TrainingRun(TrainingLoop loop, TrainableParameters parameters, TrainingHooks hooks) =>
        (_loop, _parameters, _hooks, _best) = (loop, parameters, hooks, new(parameters));

    /// <summary>What progress calls it.</summary>
    public string Stage { get; init; } = "training";

    /// <summary>Measures the model on examples held out; null: there are none.</summary>
    public Validation? Validation { get; init; }

    /// <summary>Steps between validations; the last step is always followed by one.</summary>
    public int ValidateEvery { get; init; } = int.MaxValue;

    /// <summary>Validations without a better one after which it ends; null: it goes on.</summary>
    public int? Patience { get; init; }

    /// <summary>Where checkpoints go; null: there are none.</summary>
    public TrainingJournal? Journal { get; init; }

    /// <summary>Steps between checkpoints; the last step is always followed by one.</summary>
    public int SaveEvery { get; init; } = int.MaxValue;

    private TrainingState State => _loop.State;

    /// <summary>Trains on token sequences alone, without validation or checkpoints.</summary>
    /// <param name="model">The model.</param>
    /// <param name="trained">What is trained.</param>
    /// <param name="settings">How.</param>
    /// <param name="sequences">Token ids, each sequence one training example; shorter ones are padded.</param>
    /// <param name="stage">What progress calls it.</param>
    /// <param name="hooks">What to call meanwhile.</param>
    public static TrainingSummary OnSequences(
        CausalLM model, TrainedWeights trained, OptimizationSettings settings, IReadOnlyList<int[]> sequences, string stage, TrainingHooks? hooks)
    {
        var loop = new TrainingLoop(model, trained, new(model, Readout.NextToken), settings, [.. sequences.Select(ids => new TrainingExample(ids))]);
        using var run = new TrainingRun(loop, trained.Parameters, hooks ?? new()) { Stage = stage };
        return run.Train();
    }

    /// <summary>Trains to the end, and leaves the weights as they were when validation was best.</summary>
    /// <exception cref="OperationCanceledException">The hooks' token asked for it.</exception>
    public TrainingSummary Train()
    {
        Resume();
        while (State.Step < _loop.TotalSteps && !(State.WithoutBetter >= Patience))
        {
            if (_hooks.Cancellation.IsCancellationRequested)
            {
                Save();
                throw new OperationCanceledException(_hooks.Cancellation);
            }

            var metric = Measure(_loop.Step());
            _hooks.OnStep?.Invoke(metric);
            _hooks.Progress?.Invoke(Describe(metric));
            if (State.Step % SaveEvery == 0)
            {
                Save();
            }
        }

        Save();
        _best.Restore();
        var last = Math.Max(1, State.Step / 10);
        return new(State.Step, State.Tokens, State.Losses[0], State.Losses.TakeLast(last).Average(), State.Seconds, _parameters.Count);
    }

    /// <summary>What it came to.</summary>
    /// <param name="summary">What <see cref="Train"/> gave.</param>
    /// <param name="head">The classifier that was trained, if any.</param>
    public RecoveryOutcome Outcome(TrainingSummary summary, ClassificationHead? head) =>
        new(summary, head, _resumedFrom, State.BestLoss is null ? State.Step : State.BestStep, State.BestLoss, State.Step < _loop.TotalSteps);

    /// <inheritdoc/>
    public void Dispose()
    {
        _best.Dispose();
        _loop.Dispose();
    }

    private void Resume()
    {
        if (Journal is null)
        {
            return;
        }

        if (Journal.Resume(_loop, _parameters, _best))
        {
            _resumedFrom = State.Step;
        }

        _savedAt = State.Step;
        _hooks.OnResume?.Invoke(State.Step);
    }

    private void Save()
    {
        if (_savedAt != State.Step)
        {
            Journal?.Save(_loop, _parameters, _best);
            _savedAt = State.Step;
        }
    }

    private TrainingMetric Measure(TrainingMetric metric)
    {
        if (Validation is not null && IsDue(metric.Step, ValidateEvery))
        {
            var (loss, accuracy) = Validation.Measure();
            Note(metric.Step, loss);
            metric = metric with { ValidationLoss = loss, ValidationAccuracy = accuracy };
        }

        return _hooks.Evaluate is { } evaluate && IsDue(metric.Step, _hooks.EvaluateEvery) ? metric with { Perplexity = evaluate() } : metric;
    }

    private void Note(int step, double loss)
    {
        if (loss < (State.BestLoss ?? double.PositiveInfinity))
        {
            (State.BestStep, State.BestLoss, State.WithoutBetter) = (step, loss, 0);
            _best.Keep();
        }
        else
        {
            State.WithoutBetter++;
        }
    }

    private bool IsDue(int step, int every) => step % every == 0 || step == _loop.TotalSteps;

    private ProgressUpdate Describe(TrainingMetric metric)
    {
        var message = string.Create(CultureInfo.InvariantCulture, $"loss {metric.Loss:0.000}, {metric.TokensPerSecond:#,0} tokens/s");
        return new(Stage, metric.Step, _loop.TotalSteps, message, metric.Seconds / metric.Step * (_loop.TotalSteps - metric.Step));
    }
}
