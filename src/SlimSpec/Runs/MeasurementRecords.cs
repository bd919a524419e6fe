namespace SlimSpec;

/// <summary>What scores of a multiple-choice task must be quoted with.</summary>
/// <param name="Task">The task.</param>
/// <param name="Dataset">The rows.</param>
/// <param name="Items">Rows answered.</param>
/// <param name="NumFewshot">Solved examples in front of each.</param>
/// <param name="Metric">The metric that tables quote.</param>
/// <param name="Chance">Mean share of right answers by guessing: the mean of one over the number of choices.</param>
/// <param name="Dtype">The model's dtype.</param>
public sealed record ChoiceProtocol(string Task, string Dataset, int Items, int NumFewshot, MultipleChoiceMetric Metric, double Chance, string Dtype);

/// <summary>Scores of a multiple-choice task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Metrics">The metrics; the first one is what tables quote.</param>
public sealed record ChoiceScore(string Task, IReadOnlyList<MetricScore> Metrics);

/// <summary>A share of right answers.</summary>
/// <param name="Metric">How answers are taken.</param>
/// <param name="Value">The share.</param>
/// <param name="StandardError">Its standard error, <c>sqrt(p (1 - p) / (n - 1))</c>.</param>
public sealed record MetricScore(MultipleChoiceMetric Metric, double Value, double StandardError);

/// <summary>How fast two models are and what they need, measured in turns.</summary>
/// <param name="Device">Device.</param>
/// <param name="Dtype">Their dtype.</param>
/// <param name="Threads">Threads that computed; null where a GPU did.</param>
/// <param name="Rounds">How often each was measured, after one round to warm up.</param>
/// <param name="NewTokens">Tokens decoded behind each prompt.</param>
/// <param name="Models">The models; the first one is the dense one.</param>
public sealed record CostRecord(string Device, string Dtype, int? Threads, int Rounds, int NewTokens, IReadOnlyList<ModelCostRecord> Models);

/// <summary>What one model costs.</summary>
/// <param name="Name">The stage that it is of: <c>dense</c>, <c>recovered</c>.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="WeightBytes">Bytes of the weights in memory.</param>
/// <param name="CacheBytesPerToken">Bytes that keys and values take for each token of a sequence.</param>
/// <param name="Timings">Latency by batch size and prompt.</param>
public sealed record ModelCostRecord(string Name, long Parameters, long WeightBytes, long CacheBytesPerToken, IReadOnlyList<LatencyRecord> Timings);

/// <summary>Latency at one batch size and prompt length.</summary>
/// <param name="BatchSize">Sequences at a time.</param>
/// <param name="PromptTokens">Tokens of each prompt.</param>
/// <param name="Macs">Multiply-accumulates of the prompt's pass, all sequences together.</param>
/// <param name="Prefill">Seconds of the prompt's pass.</param>
/// <param name="Decode">Seconds a token decoded behind it, all sequences together.</param>
/// <param name="PeakMb">What it needs, in MiB: its weights, and how much resident memory grew by at most while it ran, file pages left out.</param>
public sealed record LatencyRecord(int BatchSize, int PromptTokens, long Macs, Spread Prefill, Spread Decode, double PeakMb);

/// <summary>Several measurements of one thing.</summary>
/// <param name="Median">The median.</param>
/// <param name="Least">The least.</param>
/// <param name="Most">The most.</param>
public sealed record Spread(double Median, double Least, double Most)
{
    /// <summary>The spread of measurements; the median of an even number of them is the mean of the two in the middle.</summary>
    public static Spread Of(IReadOnlyCollection<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return new((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }
}

/// <summary>A form that the model was written in.</summary>
/// <param name="Format">The form.</param>
/// <param name="Dtype">Number format of the weights.</param>
/// <param name="Path">File or folder, relative to the run's folder.</param>
/// <param name="Bytes">Size of it.</param>
/// <param name="Note">What a reader of it must know; null: nothing.</param>
public sealed record ExportRecord(ExportFormat Format, ExportDtype Dtype, string Path, long Bytes, string? Note);
