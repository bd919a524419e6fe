using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>How the losses of a run's trainings went, as curves, and what each training came to.</summary>
internal static class LossSection
{
    private const int MostPoints = 100;
    private const int MostMarks = 40;

    /// <summary>Adds the section; nothing where nothing was trained.</summary>
    public static void Add(HtmlReport page, RunContents run)
    {
        var trainings = run.Steps.GroupBy(step => step.Stage).Select(stage => (Stage: stage.Key, Steps: (IReadOnlyList<TrainingMetric>)[.. stage.Select(step => step.Metric)])).Where(training => training.Steps.Count > 1).ToList();
        if (trainings.Count == 0 && run.Record.Recovery.Count == 0)
        {
            return;
        }

        page.AddSection("Training", "Losses are mean cross-entropies in nats a token (a distillation adds its teacher's part); lower is better.");
        foreach (var (stage, steps) in trainings)
        {
            page.AddFigure(Curves(stage, steps).AsElement());
            if (steps.Count(step => step.ValidationAccuracy is not null) > 1)
            {
                page.AddFigure(Accuracy(stage, steps).AsElement());
            }
        }

        if (run.Record.Recovery.Count > 0)
        {
            page.AddTable(Steps(run.Record.Recovery));
        }
    }

    /// <summary>Loss by step: in training, on what was held out, and of the evaluation text.</summary>
    /// <param name="stage">The training's name.</param>
    /// <param name="steps">Its steps, more than one.</param>
    public static ChartFrame Curves(string stage, IReadOnlyList<TrainingMetric> steps)
    {
        var together = (steps.Count + MostPoints - 1) / MostPoints;
        List<ChartLine> lines =
        [
            new("training", [.. steps.Chunk(together).Select(chunk => new ChartPoint(chunk[^1].Step, chunk.Average(step => step.Loss), 0))], HasMarks: false),
            .. Line("validation", steps, step => step.ValidationLoss),
            .. Line("evaluation text (logarithm of its perplexity)", steps, step => step.Perplexity is { } perplexity ? Math.Log(perplexity) : null),
        ];
        return Draw($"Loss: {stage}", $"nats a token{(together > 1 ? $"; training: mean of {together} steps a point" : "")}", steps, lines);
    }

    private static ChartFrame Accuracy(string stage, IReadOnlyList<TrainingMetric> steps) =>
        Draw($"Accuracy: {stage}", "% of the examples held out that are classified rightly", steps, [.. Line("validation", steps, step => 100 * step.ValidationAccuracy)]);

    private static ChartFrame Draw(string title, string remark, IReadOnlyList<TrainingMetric> steps, IReadOnlyList<ChartLine> lines)
    {
        var (first, last) = (steps[0].Step, steps[^1].Step);
        var ticks = new ChartAxis(first, last).Ticks.Where(tick => tick >= first && tick <= last && tick == Math.Round(tick));
        return LineChart.Of(title, remark, "optimizer step", [.. ticks.Select(tick => (tick, tick.ToString("0", CultureInfo.InvariantCulture)))], lines, []);
    }

    private static IEnumerable<ChartLine> Line(string name, IReadOnlyList<TrainingMetric> steps, Func<TrainingMetric, double?> of)
    {
        List<ChartPoint> points = [.. steps.Where(step => of(step) is not null).Select(step => new ChartPoint(step.Step, of(step)!.Value, 0))];
        return points.Count > 0 ? [new(name, points, HasMarks: points.Count <= MostMarks)] : [];
    }

    private static ReportTable Steps(IReadOnlyList<RecoveryRecord> recovery) => new(
        "What each training came to",
        ["method", "objective", ">trained weights", ">examples", ">steps", ">tokens", ">first loss", ">last loss", ">validation", ">at step", ">seconds"],
        [.. recovery.Select(step => new[]
        {
            step.Method,
            SpecWords.Of(step.Objective),
            Numbers.Scaled(step.TrainableParameters),
            Numbers.Scaled(step.Examples),
            Numbers.Scaled(step.Steps),
            Numbers.Scaled(step.Tokens),
            Numbers.Short(step.FirstLoss),
            Numbers.Short(step.LastLoss),
            step.BestValidation is { } best ? Numbers.Short(best) : "-",
            $"{step.BestStep.ToString(CultureInfo.InvariantCulture)}{(step.StoppedEarly ? ", stopped early" : "")}",
            step.Seconds.ToString("F1", CultureInfo.InvariantCulture),
        })],
        ["last loss: mean over the last tenth of the steps", .. recovery.SelectMany(step => step.Data.Lines)]);
}
