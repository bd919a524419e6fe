namespace SlimSpec.CommandLine;

/// <summary>What the model was worth after each stage.</summary>
internal static class StageSection
{
    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["dense"] = "the model as it came",
        ["start"] = "the model as it came",
        ["pruned"] = "after the cuts",
        ["recovered"] = "after it was trained to make up for them",
        ["trained"] = "after it was trained from random weights",
        ["exits"] = "when its early exits were fitted, which does not change it",
    };

    /// <summary>Adds the section; nothing where no stage is complete.</summary>
    public static void Add(HtmlReport page, RunRecord run)
    {
        if (run.Stages.Count == 0)
        {
            return;
        }

        page.AddSection("Before and after", string.Join("; ", run.Stages.Select(stage => stage.Name).Where(Meanings.ContainsKey).Select(name => $"{name}: {Meanings[name]}")) + $". Changes are to {run.Stages[0].Name}.");
        Add(page, run, "Size", (_, stage) => stage.Name == "exits" ? [] : RunFigures.Size(run, stage), ["MACs: multiply-accumulates of one forward pass over one sequence of so many tokens"]);
        Add(page, run, "Perplexity", RunFigures.Perplexities, ["lower is better: how many tokens the model wavers between, on average", .. run.Evaluations.Select(RunFigures.Describe)]);
        Add(page, run, "Multiple choice", RunFigures.Choices, ChoiceNotes(run), last: (">by guessing", Chances(run)));
        if (run.Stages.Any(stage => stage.Choices.Count > 0))
        {
            page.AddFigure(Chart(run).AsElement());
        }

        Add(page, run, "Classification", RunFigures.Classification, [.. run.Task is { } task ? [$"{RunFigures.Describe(task)}; by the most frequent class {TaskStage.Share(task.MajorityAccuracy)}, by a linear classifier on words {TaskStage.Share(task.BagOfWordsAccuracy)}"] : Array.Empty<string>()]);
        AddConstraints(page, run);
        Add(page, run, "Effort", (_, stage) => RunFigures.Effort(stage), [run.PeakRssMethod], compares: false);
    }

    private static void Add(HtmlReport page, RunRecord run, string title, Func<RunRecord, StageRecord, IReadOnlyList<Figure>> figures, IReadOnlyList<string> notes, bool compares = true, (string Header, IReadOnlyDictionary<string, string> Cells)? last = null)
    {
        if (FigureTable.Of(title, [.. run.Stages.Select(stage => new FigureColumn(stage.Name, figures(run, stage))).Where(column => column.Figures.Count > 0)], notes, compares, last) is { } table)
        {
            page.AddTable(table);
        }
    }

    // Tasks that were measured alike share a line.
    private static string[] ChoiceNotes(RunRecord run) =>
        [.. run.Choices.GroupBy(RunFigures.Ways).Select(same => $"{string.Join(", ", same.Select(protocol => $"{protocol.Task} ({Path.GetFileName(protocol.Dataset)}, {SpecWords.Of(protocol.Metric)} quoted)"))}: {same.Key}")];

    private static Dictionary<string, string> Chances(RunRecord run) => run.Stages.LastOrDefault(stage => stage.Choices.Count > 0) is { } stage
        ? run.Choices.Zip(stage.Choices).SelectMany(task => task.Second.Metrics.Select(metric => ($"{task.First.Task}, {SpecWords.Of(metric.Metric)}", TaskStage.Share(task.First.Chance)))).ToDictionary(chance => chance.Item1, chance => chance.Item2)
        : [];

    private static ChartFrame Chart(RunRecord run)
    {
        var stages = run.Stages.Where(stage => stage.Choices.Count > 0).ToList();
        return BarGroups.Of(
            "Multiple choice",
            "% right by the metric that tables quote; dashed: by guessing; lines through the bars: standard error",
            "task",
            [.. stages.Select(stage => stage.Name)],
            [.. run.Choices.Select((protocol, task) => new BarGroup(protocol.Task, [.. stages.Select(stage => Bar(stage.Choices[task].Metrics[0]))], 100 * protocol.Chance))]);
    }

    private static ChartBar? Bar(MetricScore score) => new(100 * score.Value, 100 * (score.Value - score.StandardError), 100 * (score.Value + score.StandardError));

    private static void AddConstraints(HtmlReport page, RunRecord run)
    {
        if (run.Constraints is { Count: > 0 } budgets)
        {
            page.AddTable(new(
                "Constraints",
                ["", ">at most", ">dense", ">slim", ""],
                [.. budgets.Select(budget => new[] { budget.Name, StageTable.Amount(budget.Name, budget.Limit), StageTable.Amount(budget.Name, budget.Dense), StageTable.Amount(budget.Name, budget.Slim), budget.Slim <= budget.Limit ? "met" : "NOT met" })],
                []));
        }
    }
}
