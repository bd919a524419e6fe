using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What runs are judged by.</summary>
internal static class RunFigures
{
    /// <summary>Name of the figure that is the model's size.</summary>
    public const string Parameters = "parameters";
    private const string PerplexityOf = "perplexity, ";
    private const string MeanOf = "mean of ";
    private const string Accuracy = ", accuracy";

    /// <summary>The last stage that was measured, else the last one; null where none is complete.</summary>
    public static StageRecord? Last(RunRecord run) =>
        run.Stages.LastOrDefault(IsMeasured) ?? (run.Stages is [.., var end] ? end : null);

    /// <summary>Whether it was measured how good a stage's model is.</summary>
    public static bool IsMeasured(StageRecord stage) => stage.Perplexities.Count > 0 || stage.Choices.Count > 0 || stage.Task is not null;

    /// <summary>Whether a figure of this name says how good a model is: a perplexity, the mean over tasks, an accuracy.</summary>
    public static bool IsQuality(string name) => name.StartsWith(PerplexityOf, StringComparison.Ordinal) || name.StartsWith(MeanOf, StringComparison.Ordinal) || name.EndsWith(Accuracy, StringComparison.Ordinal);

    /// <summary>All figures of a stage.</summary>
    public static IReadOnlyList<Figure> Of(RunRecord run, StageRecord stage) =>
        [.. Size(run, stage), .. Perplexities(run, stage), .. Choices(run, stage), .. Classification(run, stage), .. Effort(stage)];

    /// <summary>Parameters and multiply-accumulates.</summary>
    public static IReadOnlyList<Figure> Size(RunRecord run, StageRecord stage) =>
    [
        new(Parameters, FigureKind.Count, stage.Parameters),
        new($"MACs, {run.MacsTokens} tokens", FigureKind.Count, stage.Macs),
    ];

    /// <summary>Perplexities.</summary>
    public static IReadOnlyList<Figure> Perplexities(RunRecord run, StageRecord stage) =>
        [.. run.Evaluations.Zip(stage.Perplexities, (protocol, value) => new Figure(PerplexityOf + Name(protocol), FigureKind.Number, value) { Data = Text(protocol), Protocol = Ways(protocol) })];

    /// <summary>Scores of multiple-choice tasks, and the mean over the tasks of what tables quote.</summary>
    public static IReadOnlyList<Figure> Choices(RunRecord run, StageRecord stage)
    {
        if (stage.Choices.Count == 0)
        {
            return [];
        }

        List<Figure> figures = [.. run.Choices.Zip(stage.Choices).SelectMany(task => task.Second.Metrics.Select(metric => new Figure($"{task.First.Task}, {SpecWords.Of(metric.Metric)}", FigureKind.Share, metric.Value)
        {
            Error = metric.StandardError,
            Data = Path.GetFileName(task.First.Dataset),
            Protocol = Ways(task.First),
        }))];
        if (ZeroShot(stage) is { } mean)
        {
            figures.Add(new($"{MeanOf}{stage.Choices.Count} tasks", FigureKind.Share, mean) { Data = string.Join(", ", run.Choices.Select(protocol => $"{protocol.Task}, {SpecWords.Of(protocol.Metric)}, of {Path.GetFileName(protocol.Dataset)}")), Protocol = string.Join(", ", run.Choices.Select(Ways).Distinct()) });
        }

        return figures;
    }

    /// <summary>Mean over the multiple-choice tasks of the metric that tables quote; null where none was measured.</summary>
    public static double? ZeroShot(StageRecord stage) => stage.Choices.Count == 0 ? null : ChoiceTable.Mean(stage.Choices);

    /// <summary>What is classified rightly.</summary>
    public static IReadOnlyList<Figure> Classification(RunRecord run, StageRecord stage) => run.Task is { } protocol && stage.Task is { } score
        ?
        [
            new(protocol.Name + Accuracy, FigureKind.Share, score.Accuracy) { Error = score.StandardError, Protocol = Describe(protocol) },
            new($"{protocol.Name}, macro F1", FigureKind.Share, score.MacroF1) { Protocol = Describe(protocol) },
        ]
        : [];

    /// <summary>Time and memory of a stage.</summary>
    public static IReadOnlyList<Figure> Effort(StageRecord stage) =>
    [
        new("seconds of the stage", FigureKind.Number, stage.Seconds),
        new("peak memory of the stage, MiB", FigureKind.Number, stage.PeakRssMb),
    ];

    /// <summary>What a model costs when it runs.</summary>
    public static IReadOnlyList<Figure> Cost(CostRecord cost, ModelCostRecord model)
    {
        var place = $"{cost.Device}, {cost.Dtype}{(cost.Threads is { } threads ? $", {threads} thread{(threads == 1 ? "" : "s")}" : "")}, {cost.NewTokens} new tokens";
        return
        [
            new("weights, bytes", FigureKind.Count, model.WeightBytes),
            new("KV cache, bytes a token", FigureKind.Count, model.CacheBytesPerToken),
            .. model.Timings.SelectMany(timing => new Figure[]
            {
                new($"prefill ms, {Batch(timing)}", FigureKind.Number, 1000 * timing.Prefill.Median) { Protocol = place },
                new($"decode ms a token, {Batch(timing)}", FigureKind.Number, 1000 * timing.Decode.Median) { Protocol = place },
                new($"peak MiB, {Batch(timing)}", FigureKind.Number, timing.PeakMb) { Protocol = place },
            }),
        ];
    }

    /// <summary>A batch in words: <c>1 x 128 tokens</c>.</summary>
    public static string Batch(LatencyRecord timing) => $"{timing.BatchSize} x {timing.PromptTokens} tokens";

    /// <summary>A perplexity's text and window in words; the protocol where it is not LLM-Pruner's.</summary>
    public static string Name(EvaluationProtocol protocol) =>
        $"{Path.GetFileName(protocol.Dataset)}, window {protocol.Window}{(protocol.Protocol == PerplexityProtocol.LlamaCpp ? ", llama.cpp's" : "")}";

    /// <summary>How a perplexity was measured.</summary>
    public static string Describe(EvaluationProtocol protocol) => $"{Text(protocol)}: {Ways(protocol)}";

    /// <summary>How a multiple-choice task was measured; what is the same for several tasks.</summary>
    public static string Ways(ChoiceProtocol protocol) => string.Create(CultureInfo.InvariantCulture, $"{protocol.Items:N0} items, {protocol.NumFewshot}-shot, {protocol.Dtype}");

    /// <summary>How a classification was measured.</summary>
    public static string Describe(TaskProtocol protocol) => string.Create(
        CultureInfo.InvariantCulture,
        $"{protocol.Items:N0} items of {Path.GetFileName(protocol.Dataset)}, {protocol.Classes} classes, asked as {SpecWords.Of(protocol.Objective)}");

    // Where the file lies is no part of it.
    private static string Text(EvaluationProtocol protocol) => $"{Path.GetFileName(protocol.Dataset)} {StageTable.Part(protocol.From, protocol.To)}";

    private static string Ways(EvaluationProtocol protocol) => string.Create(
        CultureInfo.InvariantCulture,
        $"{protocol.Windows:N0} windows of {protocol.Window}, {protocol.TokensScored:N0} tokens scored; {Perplexity.Describe(protocol.Protocol)}; {protocol.Dtype}");
}
