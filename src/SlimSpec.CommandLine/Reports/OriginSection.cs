using System.Globalization;

namespace SlimSpec.CommandLine;

/// <summary>What was written, and all that is needed to do it again.</summary>
internal static class OriginSection
{
    /// <summary>Adds what the model was exported as; nothing where it was not.</summary>
    public static void AddExports(HtmlReport page, RunRecord run)
    {
        if (run.Exports.Count > 0)
        {
            page.AddSection("Exports", "The slim model in the forms that other runtimes load; paths are relative to the run's folder.");
            page.AddTable(new(
                "Written",
                ["format", "dtype", "path", ">bytes", "note"],
                [.. run.Exports.Select(export => new[] { SpecWords.Of(export.Format), SpecWords.Of(export.Dtype), export.Path, export.Bytes.ToString("N0", CultureInfo.InvariantCulture), export.Note ?? "" })],
                []));
        }
    }

    /// <summary>Adds commands, spec, settings and versions.</summary>
    public static void Add(HtmlReport page, RunContents run)
    {
        var record = run.Record;
        page.AddSection("To do it again", "The same versions, weights, data and seeds give the same numbers, bit for bit.");
        page.AddText("The command", record.Command + (run.Plan is null ? "" : $"\n# the same cut on other weights of the same sizes, without scores:\nslim prune {record.SpecFile} --checkpoint MODEL --plan {Path.Combine(UserPath.Show(Path.GetFullPath(run.Folder)), "plan.json")}"));
        if (run.Spec is { } spec)
        {
            page.AddText($"The spec, {record.SpecFile}", spec);
        }

        if (record.Set.Count > 0)
        {
            page.AddText("What the command line changed in it", string.Join('\n', record.Set));
        }

        page.AddText("All settings, defaults included", string.Join('\n', SettingLines.Of(record.Settings)));
        page.AddTable(new("Where the numbers are from", ["", ""], [.. Origin(record).Select(line => new[] { line.Name, line.Value })], []));
    }

    private static IEnumerable<(string Name, string Value)> Origin(RunRecord run)
    {
        yield return ("checkpoint", run.Checkpoint ?? "new weights");
        if (run.Seed is { } seed)
        {
            yield return ("seed", seed.ToString(CultureInfo.InvariantCulture));
        }

        yield return ("device and dtype", $"{run.Device}, {run.Dtype}");
        yield return ("recipe", $"{run.Recipe}, {run.RecipeHash}");
        yield return ("SlimSpec", run.Versions.SlimSpec);
        yield return ("libtorch", run.Versions.Torch);
        yield return (".NET", run.Versions.Dotnet);
        yield return ("system", run.Versions.System);
        yield return ("started", Time(run.Started));
        if (run.Finished is { } finished)
        {
            yield return ("finished", Time(finished));
        }
    }

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
