namespace SlimSpec.CommandLine;

/// <summary>The stage that writes a run's model in the forms of the spec's <c>export</c> section.</summary>
internal static class ExportStage
{
    private const string Folder = "export";

    /// <summary>Writes each form below the run's folder. One that cannot say the model is a warning: the run has cost more than that.</summary>
    /// <param name="job">The job.</param>
    /// <param name="run">The run's folder, with its checkpoint.</param>
    public static void Run(Job job, RunFolder run)
    {
        foreach (var target in job.Settings.Export)
        {
            try
            {
                using var model = HuggingFaceFolder.Open(run.Directory);
                var place = Path.Combine(Folder, PlaceOf(job.Recipe, target, target.Dtype ?? ModelExport.DtypeOf(model.StoredDtype)));
                var written = ModelExport.Write(model, job.Recipe, target, Path.Combine(run.Directory, place)) with { Path = place };
                run.Note(record => record with { Exports = [.. record.Exports, written] });
                job.Say($"exported: {Describe(written)}");
            }
            catch (SlimException failure)
            {
                var warning = $"export to {SpecWords.Of(target.Format)}: {failure.Message}";
                run.Note(record => record with { Warnings = [.. record.Warnings, warning] });
                job.Say($"warning: {warning}");
            }
        }
    }

    /// <summary>What was written, in a line.</summary>
    public static string Describe(ExportRecord export) =>
        $"{SpecWords.Of(export.Format)}{(export.Format == ExportFormat.Peft ? "" : $", {SpecWords.Of(export.Dtype)}")}: {Numbers.Scaled(export.Bytes)}B in {UserPath.Show(export.Path)}{(export.Note is { } note ? $"; {note}" : "")}";

    private static string PlaceOf(Recipe recipe, ExportTarget target, ExportDtype dtype) => target switch
    {
        { Format: ExportFormat.Gguf } => $"{recipe.Name}-{SpecWords.Of(dtype)}.gguf",
        { Dtype: { } asked } => $"{SpecWords.Of(target.Format)}-{SpecWords.Of(asked)}",
        _ => SpecWords.Of(target.Format),
    };
}
