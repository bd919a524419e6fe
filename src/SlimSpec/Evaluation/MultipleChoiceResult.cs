namespace SlimSpec;

/// <summary>What a model answered to a row of a multiple-choice task.</summary>
public sealed record MultipleChoiceAnswer
{
    /// <summary>The row, from 0.</summary>
    public required int Doc { get; init; }

    /// <summary>The right choice, from 0.</summary>
    public required int Gold { get; init; }

    /// <summary>Log-likelihood of each choice, in nats, summed in float64.</summary>
    public required IReadOnlyList<double> LogLikelihoods { get; init; }

    /// <summary>Unicode code points of each choice, what stands in front of it left out.</summary>
    public required IReadOnlyList<int> Characters { get; init; }

    /// <summary>Tokens of each context, before anything was cut off.</summary>
    public required IReadOnlyList<int> ContextTokens { get; init; }

    /// <summary>Tokens of each continuation: those that were scored.</summary>
    public required IReadOnlyList<int> ContinuationTokens { get; init; }

    /// <summary>Whether a context was cut at its start to fit the model's positions.</summary>
    public required bool Truncated { get; init; }

    /// <summary>First 16 hexadecimal digits of SHA-256 over context, continuation, context, ..., joined by a zero character.</summary>
    public required string TextSha256 { get; init; }

    /// <summary>The choice that a metric takes; of equal ones the first.</summary>
    public int Chosen(MultipleChoiceMetric metric)
    {
        var best = 0;
        for (var choice = 1; choice < LogLikelihoods.Count; choice++)
        {
            best = Score(metric, choice) > Score(metric, best) ? choice : best;
        }

        return best;
    }

    private double Score(MultipleChoiceMetric metric, int choice) =>
        metric == MultipleChoiceMetric.AccNorm ? LogLikelihoods[choice] / Characters[choice] : LogLikelihoods[choice];
}

/// <summary>How a model did at a multiple-choice task.</summary>
/// <param name="Answers">Its answers, in the order of the rows.</param>
/// <param name="Score">The share of right ones, by each metric.</param>
/// <param name="Protocol">What the score must be quoted with.</param>
/// <param name="SequenceTokens">Tokens of all choices as sequences of their own.</param>
/// <param name="ComputedTokens">Tokens that went through the model: what choices begin with did so once. None of what an earlier run had answered.</param>
/// <param name="Seconds">Wall-clock seconds.</param>
public sealed record MultipleChoiceResult(
    IReadOnlyList<MultipleChoiceAnswer> Answers, ChoiceScore Score, ChoiceProtocol Protocol, long SequenceTokens, long ComputedTokens, double Seconds)
{
    /// <summary>The score that answers make.</summary>
    internal static ChoiceScore ScoreOf(MultipleChoiceTask task, IReadOnlyList<MultipleChoiceAnswer> answers) =>
        new(task.Task, [.. task.Metrics.Select(metric => Share(metric, answers.Count(answer => answer.Chosen(metric) == answer.Gold), answers.Count))]);

    private static MetricScore Share(MultipleChoiceMetric metric, int right, int items)
    {
        var share = (double)right / items;
        return new(metric, share, items > 1 ? Math.Sqrt(share * (1 - share) / (items - 1)) : 0);
    }
}
