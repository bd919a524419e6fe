namespace SlimSpec.CommandLine;

/// <summary>The stages of a run side by side: what <c>run.json</c> says, for people.</summary>
internal static class StageTable
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, RunRecord run)
    {
        var table = new TextTable("stage", ">parameters", ">", $">MACs ({run.MacsTokens} tokens)", ">perplexity", ">seconds", ">peak MiB");
        foreach (var stage in run.Stages)
        {
            var change = stage == run.Stages[0] ? "" : Numbers.Change(stage.Parameters, run.Stages[0].Parameters);
            table.Add(stage.Name, Numbers.Scaled(stage.Parameters), change, Numbers.Scaled(stage.Macs), stage.Perplexity, $"{stage.Seconds:F1}", $"{stage.PeakRssMb:F0}");
        }

        table.Write(output);
        if (run.Evaluation is { } evaluation)
        {
            output.WriteLine($"perplexity: {evaluation.Dataset} {Part(evaluation.From, evaluation.To)}, window {evaluation.Window}, {evaluation.TokensScored:N0} tokens scored, {evaluation.Dtype}");
        }
    }

    /// <summary>A part of a text in words: <c>90-100 %</c>.</summary>
    public static string Part(double from, double to) => $"{from * 100:0.#}-{to * 100:0.#} %";
}
