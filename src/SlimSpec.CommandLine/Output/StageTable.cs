namespace SlimSpec.CommandLine;

/// <summary>The stages of a run side by side: what <c>run.json</c> says, for people.</summary>
internal static class StageTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, RunRecord run)
    {
        var classifies = run.Stages.Any(stage => stage.Task is not null);
        var table = new TextTable(["stage", ">parameters", ">", $">MACs ({run.MacsTokens} tokens)", ">perplexity", .. classifies ? [">accuracy"] : Array.Empty<string>(), ">seconds", ">peak MiB"]);
        foreach (var stage in run.Stages)
        {
            var change = stage == run.Stages[0] ? "" : Numbers.Change(stage.Parameters, run.Stages[0].Parameters);
            object?[] accuracy = classifies ? [stage.Task is { } task ? TaskStage.Share(task.Accuracy) : null] : [];
            table.Add([stage.Name, Numbers.Scaled(stage.Parameters), change, Numbers.Scaled(stage.Macs), stage.Perplexity, .. accuracy, $"{stage.Seconds:F1}", $"{stage.PeakRssMb:F0}"]);
        }

        table.Write(output);
        WritePerplexities(output, run);
    }

    // One is in the table of stages; of several each has its line.
    private static void WritePerplexities(TextWriter output, RunRecord run)
    {
        if (run.Evaluations.Count == 1)
        {
            output.WriteLine($"perplexity: {Describe(run.Evaluations[0])}");
        }
        else if (run.Evaluations.Count > 1)
        {
            List<StageRecord> measured = [.. run.Stages.Where(stage => stage.Perplexities.Count > 0)];
            var table = new TextTable([.. measured.Select(stage => $">{stage.Name}"), "perplexity of"]);
            for (var text = 0; text < run.Evaluations.Count; text++)
            {
                table.Add([.. measured.Select(stage => (object?)stage.Perplexities[text]), Describe(run.Evaluations[text])]);
            }

            output.WriteLine();
            table.Write(output);
        }
    }

    /// <summary>A text and how its perplexity was measured.</summary>
    public static string Describe(EvaluationProtocol evaluation) =>
        $"{evaluation.Dataset} {Part(evaluation.From, evaluation.To)}, window {evaluation.Window}, protocol {SpecWords.Of(evaluation.Protocol)}, {evaluation.TokensScored:N0} tokens scored, {evaluation.Dtype}";

    /// <summary>Writes how the last stage's model classifies and what that is to be compared with; nothing where none does.</summary>
    public static void WriteTask(TextWriter output, RunRecord run)
    {
        if (run.Task is { } protocol && run.Stages.LastOrDefault(stage => stage.Task is not null)?.Task is { } score)
        {
            output.WriteLine(TaskStage.Describe(score, protocol));
        }
    }

    /// <summary>Writes the constraints and whether they are met; nothing where there are none.</summary>
    public static void WriteConstraints(TextWriter output, RunRecord run)
    {
        if (run.Constraints is not { Count: > 0 } budgets)
        {
            return;
        }

        var table = new TextTable("constraint", ">at most", ">dense", ">slim", "");
        foreach (var budget in budgets)
        {
            table.Add(budget.Name, Amount(budget.Name, budget.Limit), Amount(budget.Name, budget.Dense), Amount(budget.Name, budget.Slim), budget.Slim <= budget.Limit ? "met" : "not met");
        }

        output.WriteLine();
        table.Write(output);
    }

    /// <summary>Writes what early exits save, simulated and measured; nothing where there are none.</summary>
    public static void WriteExits(TextWriter output, RunRecord run)
    {
        if (run.Exits is not { } exits)
        {
            return;
        }

        var table = new TextTable($"exits: mode {SpecWords.Of(exits.Mode)}, scope {SpecWords.Of(exits.Scope)}", ">simulated", ">measured");
        table.Add("average layers", Layers(exits.SimulatedLayers), Layers(exits.MeasuredLayers));
        table.Add("speed-up: cost model, wall clock", exits.PredictedSpeedup is { } predicted ? $"{predicted:F2}x" : null, exits.MeasuredSpeedup is { } measured ? $"{measured:F2}x" : null);
        output.WriteLine();
        table.Write(output);
        if (!exits.Enabled)
        {
            output.WriteLine("these exits do not pay here");
        }

        string? Layers(double? layers) => layers is { } number ? $"{number:F2} of {exits.Depth}" : null;
    }

    /// <summary>Writes what the models cost; nothing where that was not measured.</summary>
    public static void WriteCost(TextWriter output, RunRecord run)
    {
        if (run.Cost is { } cost)
        {
            output.WriteLine();
            CostTable.Write(output, cost);
        }
    }

    /// <summary>An amount of a constraint: megabytes are fractions, the others are counts.</summary>
    public static string Amount(string name, double value) => name.EndsWith("_mb", StringComparison.Ordinal) ? Numbers.Short(value) : Numbers.Scaled((long)value);

    /// <summary>A part of a text in words: <c>90-100 %</c>.</summary>
    public static string Part(double from, double to) => $"{from * 100:0.#}-{to * 100:0.#} %";
}
