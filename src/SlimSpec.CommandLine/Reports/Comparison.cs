namespace SlimSpec.CommandLine;

/// <summary>A run that is compared.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Record">What it came to.</param>
internal sealed record ComparedRun(string Name, RunRecord Record);

/// <summary>A setting that is not the same everywhere.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Values">Its value in each run; null: the run has none.</param>
internal sealed record SettingDifference(string Key, IReadOnlyList<string?> Values);

/// <summary>Runs side by side: what they came to, where they differ, and which of their numbers cannot be compared.</summary>
internal sealed class Comparison
{
    private const string Separator = " = ";

    /// <summary>Compares runs.</summary>
    /// <param name="runs">The runs; the first one is what the others are compared with.</param>
    /// <param name="allStages">Whether each stage is a column; else the last one that was measured.</param>
    public Comparison(IReadOnlyList<ComparedRun> runs, bool allStages)
    {
        Runs = runs;
        Columns = [.. runs.SelectMany(run => allStages
            ? run.Record.Stages.Select(stage => Column($"{run.Name}: {stage.Name}", run.Record, stage))
            : RunFigures.Last(run.Record) is { } last ? [Column(run.Name, run.Record, last)] : [])];
        Settings = Differences(runs);
    }

    /// <summary>The runs.</summary>
    public IReadOnlyList<ComparedRun> Runs { get; }

    /// <summary>Their figures.</summary>
    public IReadOnlyList<FigureColumn> Columns { get; }

    /// <summary>The settings that differ.</summary>
    public IReadOnlyList<SettingDifference> Settings { get; }

    /// <summary>The figures' names, in order.</summary>
    public IReadOnlyList<string> Names => FigureTable.Names(Columns);

    /// <summary>What a reader of the figures must know, a sentence each.</summary>
    public IEnumerable<string> Warnings
    {
        get
        {
            foreach (var run in Runs.Where(run => run.Record.Finished is null))
            {
                yield return $"{run.Name} has not come to its end";
            }

            foreach (var same in Names.Select(name => (Name: name, Ways: Ways(name))).Where(figure => figure.Ways.Length > 0).GroupBy(figure => figure.Ways))
            {
                yield return $"{string.Join("; ", same.Select(figure => figure.Name))}: measured in different ways, so that the numbers cannot be compared. {same.Key}";
            }

            foreach (var run in Runs)
            {
                foreach (var warning in run.Record.Warnings)
                {
                    yield return $"{run.Name}: {warning}";
                }
            }
        }
    }

    /// <summary>Reads runs' folders.</summary>
    /// <exception cref="SlimException">One of them holds no run.</exception>
    public static IReadOnlyList<ComparedRun> Read(IReadOnlyList<string> folders)
    {
        var full = folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).ToList();
        var last = full.Select(folder => Path.GetFileName(folder)).ToList();
        var areDistinct = last.Distinct(StringComparer.Ordinal).Count() == last.Count;
        return [.. full.Select((folder, i) => new ComparedRun(areDistinct ? last[i] : UserPath.Show(folder), RunContents.ReadRecord(folder)))];
    }

    // How each column's figure was measured; empty where all were measured alike.
    private string Ways(string name)
    {
        List<(string Column, Figure Figure)> measured = [.. Columns.Where(column => column[name] is not null).Select(column => (column.Name, column[name]!))];
        var differsInData = measured.Select(one => one.Figure.Data).Distinct().Count() > 1;
        var ways = measured.GroupBy(one => differsInData ? $"{one.Figure.Data}: {one.Figure.Protocol}" : one.Figure.Protocol).ToList();
        return ways.Count < 2 ? "" : string.Join(". ", ways.Select(way => $"{string.Join(", ", way.Select(one => one.Column))}: {way.Key}"));
    }

    private static FigureColumn Column(string name, RunRecord run, StageRecord stage) => new(name,
    [
        .. RunFigures.Of(run, stage),
        .. run.Cost is { } cost && cost.Models.FirstOrDefault(model => model.Name == stage.Name) is { } model ? RunFigures.Cost(cost, model) : [],
    ]);

    private static List<SettingDifference> Differences(IReadOnlyList<ComparedRun> runs)
    {
        var lines = runs.Select(run => Lines(run.Record).Select(line => line.Split(Separator, 2)).Where(pair => pair[1] != "[]").ToList()).ToList();
        var settings = lines.Select(pairs => pairs.ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal)).ToList();
        return [.. FigureTable.Merge(lines.Select(pairs => pairs.Select(pair => pair[0])))
            .Select(key => new SettingDifference(key, [.. settings.Select(one => one.GetValueOrDefault(key))]))
            .Where(setting => setting.Values.Distinct().Count() > 1)];
    }

    private static IEnumerable<string> Lines(RunRecord run) =>
    [
        $"recipe{Separator}{run.Recipe}",
        $"checkpoint{Separator}{(run.Checkpoint is { } checkpoint ? UserPath.Show(checkpoint) : "new weights")}",
        $"device{Separator}{run.Device}",
        $"dtype{Separator}{run.Dtype}",
        $"slimspec{Separator}{run.Versions.SlimSpec}",
        $"torch{Separator}{run.Versions.Torch}",
        .. SettingLines.Of(run.Settings with { Sweep = [] }), // a cell runs without it
    ];
}
