namespace SlimSpec.CommandLine;

/// <summary>Scores of multiple-choice tasks, for people.</summary>
internal static class ChoiceTable
{
    /// <summary>Writes the scores of one model by every metric, and the mean over the tasks of those that tables quote.</summary>
    public static void Write(TextWriter output, IReadOnlyList<MultipleChoiceResult> results)
    {
        var table = new TextTable("task", "metric", ">right", ">+-", ">by guessing", ">rows", ">few-shot", ">seconds", "rows of");
        foreach (var result in results)
        {
            foreach (var metric in result.Score.Metrics)
            {
                var (protocol, isFirst) = (result.Protocol, metric == result.Score.Metrics[0]);
                table.Add(
                    isFirst ? protocol.Task : "", SpecWords.Of(metric.Metric), Share(metric.Value), Share(metric.StandardError), Share(protocol.Chance),
                    isFirst ? protocol.Items : null, isFirst ? protocol.NumFewshot : null, isFirst ? $"{result.Seconds:F1}" : null, isFirst ? $"{protocol.Dataset}, {protocol.Dtype}" : "");
            }
        }

        if (results.Count > 1)
        {
            table.Add("mean", "of the first metrics", Share(Mean(results.Select(result => result.Score))), null, Share(results.Average(result => result.Protocol.Chance)), null, null, $"{results.Sum(result => result.Seconds):F1}", "");
        }

        table.Write(output);
    }

    /// <summary>Writes the metric that tables quote of each task after each stage of a run; nothing where none was measured.</summary>
    public static void Write(TextWriter output, RunRecord run)
    {
        List<StageRecord> measured = [.. run.Stages.Where(stage => stage.Choices.Count > 0)];
        if (measured.Count == 0)
        {
            return;
        }

        var table = new TextTable(["multiple choice", "metric", .. measured.Select(stage => $">{stage.Name}"), ">by guessing", ">rows", ">few-shot", "rows of"]);
        for (var task = 0; task < run.Choices.Count; task++)
        {
            var protocol = run.Choices[task];
            table.Add([
                protocol.Task, SpecWords.Of(protocol.Metric), .. measured.Select(stage => $"{Share(stage.Choices[task].Metrics[0].Value)} +- {Share(stage.Choices[task].Metrics[0].StandardError)}"),
                Share(protocol.Chance), protocol.Items, protocol.NumFewshot, $"{protocol.Dataset}, {protocol.Dtype}"]);
        }

        if (run.Choices.Count > 1)
        {
            table.Add(["mean", "", .. measured.Select(stage => Share(Mean(stage.Choices))), Share(run.Choices.Average(protocol => protocol.Chance)), null, null, ""]);
        }

        output.WriteLine();
        table.Write(output);
    }

    /// <summary>The mean over tasks of the metric that tables quote.</summary>
    public static double Mean(IEnumerable<ChoiceScore> scores) => scores.Average(score => score.Metrics[0].Value);

    private static string Share(double share) => TaskStage.Share(share);
}
