using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What early exits save.</summary>
internal static class ExitSection
{
    /// <summary>Adds the section; nothing where the run has no exits.</summary>
    public static void Add(HtmlReport page, RunRecord run)
    {
        if (run.Exits is not { } exits)
        {
            return;
        }

        page.AddSection("Early exits", $"Tokens that are clear already leave before the last of the {exits.Depth} layers ({ExitCharts.Quote(exits.Mode, exits.Scope)}). {ExitsReport.PageFile} has the whole report.");
        page.AddTable(new(
            "What they save",
            ["", ">simulated", ">measured"],
            [
                ["average layers", Layers(exits.SimulatedLayers), Layers(exits.MeasuredLayers)],
                ["tokens that are the dense model's", Share(exits.Simulated), Share(exits.Measured)],
                ["speed-up: cost model, wall clock", Times(exits.PredictedSpeedup), Times(exits.MeasuredSpeedup)],
            ],
            exits.Enabled ? [] : [$"generation does not use them: {exits.Reason ?? "they do not pay here"}"]));
        if (exits.Simulated is not null || exits.Measured is not null)
        {
            page.AddFigure(ExitCharts.Histogram(exits).AsElement());
        }

        string Layers(double? layers) => layers is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:F2} of {exits.Depth}") : "-";
    }

    private static string Share(ExitTally? tally) => tally is null ? "-" : ExitCharts.Fine(tally.Agreement);

    private static string Times(double? factor) => factor is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number:F2}x") : "-";
}
