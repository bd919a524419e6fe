using System.Text.Json.Serialization;

namespace SlimSpec;

/// <summary>What one optimizer step tells: a line of <c>metrics.jsonl</c>.</summary>
public sealed record TrainingMetric
{
    /// <summary>Optimizer step, counted from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Mean loss before the step, in nats, over all that its micro batches score.</summary>
    public required double Loss { get; init; }

    /// <summary>L2 norm of the gradient over all trained weights, before clipping.</summary>
    public required double GradNorm { get; init; }

    /// <summary>The step's learning rate.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Tokens read since the start, padding left out.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens read a second, over the training so far; evaluations left out.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Seconds since the start, evaluations left out.</summary>
    public required double Seconds { get; init; }

    /// <summary>Perplexity on the evaluation text after the step, where the step was followed by an evaluation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Perplexity { get; init; }

    /// <summary>Mean cross-entropy on the examples held out after the step, in nats, where the step was followed by a validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationLoss { get; init; }

    /// <summary>Share of the examples held out that were classified correctly, of a classification's validation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? ValidationAccuracy { get; init; }
}

/// <summary>What a training came to.</summary>
/// <param name="Steps">Optimizer steps made.</param>
/// <param name="Tokens">Tokens read.</param>
/// <param name="FirstLoss">Loss before the first step.</param>
/// <param name="LastLoss">Mean loss of the last tenth of the steps: single steps are noisy.</param>
/// <param name="Seconds">Seconds, evaluations left out.</param>
/// <param name="TrainableParameters">Number of trained weights.</param>
public sealed record TrainingSummary(int Steps, long Tokens, double FirstLoss, double LastLoss, double Seconds, long TrainableParameters);

/// <summary>What a training calls while it runs.</summary>
public sealed record TrainingHooks
{
    /// <summary>Called after each optimizer step.</summary>
    public Action<TrainingMetric>? OnStep { get; init; }

    /// <summary>Told how far it has come, with loss, speed and time left.</summary>
    public Action<ProgressUpdate>? Progress { get; init; }

    /// <summary>Perplexity on held-out text, for <see cref="TrainingMetric.Perplexity"/>.</summary>
    public Func<double>? Evaluate { get; init; }

    /// <summary>Steps between evaluations; the last step is always followed by one.</summary>
    public int EvaluateEvery { get; init; } = int.MaxValue;

    /// <summary>
    /// Called once before the first step of a training that keeps checkpoints, with the steps that are made already: 0, or where an
    /// interrupted training goes on. What was noted of later steps is void.
    /// </summary>
    public Action<int>? OnResume { get; init; }

    /// <summary>Stops between two steps.</summary>
    public CancellationToken Cancellation { get; init; }
}
