using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary>A report on a recipe's exits: for a terminal, for machines and as a page.</summary>
internal sealed class ExitsReport(ExitFindings findings)
{
    /// <summary>File name of the page.</summary>
    public const string PageFile = "exits.html";

    /// <summary>What the device took, as <c>exits.json</c> has it; null where nothing was measured.</summary>
    public JsonElement? Cost => findings.Timings is { } timings
        ? JsonSerializer.SerializeToElement(
            new
            {
                timings.Device,
                timings.Dtype,
                timings.Threads,
                timings.Context,
                timings.Pieces,
                Predicted = findings.PredictedSpeedup,
                Measured = timings.Speedup,
                MinPredicted = findings.Settings.MinPredictedSpeedup,
                findings.Reason,
            },
            RunFolder.Json)
        : null;

    /// <summary>Writes the page.</summary>
    public void Save(string folder) => AtomicFile.WriteText(Path.Combine(folder, PageFile), ExitPage.Of(findings));

    /// <summary>Writes it for people.</summary>
    public void Write(TextWriter output)
    {
        output.WriteLine($"{findings.Recipe}: {findings.Quote}; model: {findings.Checkpoint}, {findings.Depth} layers");
        output.WriteLine();
        foreach (var table in ExitTables.Of(findings))
        {
            table.Write(output);
        }

        output.WriteLine(ExitTables.Verdict(findings));
    }

    /// <summary>The same for machines; shares from 0 to 1, times in seconds unless their names say otherwise.</summary>
    public object AsJson() => new
    {
        findings.Recipe,
        findings.Settings.Mode,
        findings.Settings.Scope,
        findings.Checkpoint,
        findings.Depth,
        findings.Settings.Layers,
        findings.Prompts,
        findings.Enabled,
        findings.Reason,
        findings.Certificate,
        findings.Calibration,
        findings.Simulated,
        findings.Measured,
        Speedup = new { Predicted = findings.PredictedSpeedup, PredictedAsMeasured = findings.ExpectedSpeedup, Measured = findings.Timings?.Speedup },
        findings.Timings,
    };
}
