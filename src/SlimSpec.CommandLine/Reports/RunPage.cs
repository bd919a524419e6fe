namespace SlimSpec.CommandLine;

/// <summary><c>report.html</c>: was it worth it?</summary>
internal static class RunPage
{
    /// <summary>File name of the page in a run's folder.</summary>
    public const string FileName = "report.html";

    /// <summary>Writes the page of a run from what lies in its folder.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="path">Where to; null: into the folder.</param>
    /// <returns>The page's path.</returns>
    /// <exception cref="SlimException">The folder holds no run, or the page cannot be written.</exception>
    public static string Write(string folder, string? path = null)
    {
        path ??= Path.Combine(folder, FileName);
        AtomicFile.WriteText(path, Of(RunContents.Read(folder)));
        return path;
    }

    /// <summary>The page.</summary>
    public static string Of(RunContents contents)
    {
        var run = contents.Record;
        var page = new HtmlReport($"{run.Recipe}: run", Subtitle(run));
        var verdict = new RunVerdict(run);
        page.AddVerdict(verdict.Sentence, verdict.IsBad);
        foreach (var warning in run.Warnings)
        {
            page.AddVerdict($"Warning: {warning}", isBad: true);
        }

        page.AddTiles(verdict.Tiles);
        CutSection.Add(page, contents);
        StageSection.Add(page, run);
        LossSection.Add(page, contents);
        CostSection.Add(page, run);
        ExitSection.Add(page, run);
        OriginSection.AddExports(page, run);
        OriginSection.Add(page, contents);
        return page.ToString();
    }

    private static string Subtitle(RunRecord run) => string.Join("; ", new[]
    {
        run.SpecFile,
        run.Architecture is { } architecture ? $"{architecture}{(run.Layers is { } layers ? $", {layers} layers" : "")}" : null,
        run.Checkpoint is { } checkpoint ? $"model: {UserPath.Show(checkpoint)}" : null,
        $"{run.Device}, {run.Dtype}",
    }.OfType<string>());
}
