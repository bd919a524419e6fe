using System.Diagnostics;
using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary>
/// Runs the cells of a sweep that are not done yet, in order. Each is a run of its own in a folder of its own, without the model: a cell's command makes it
/// again. Results are written after each cell.
/// </summary>
internal sealed class SweepRun
{
    private const string RecordFile = "sweep.json";
    private const string CellsFolder = "cells";

    private readonly Job _job;
    private readonly string _folder;
    private readonly IReadOnlyList<SweepCell> _cells;
    private readonly SortedDictionary<int, SweepRow> _rows = [];
    private readonly List<string> _failures = [];

    private SweepRun(Job job, string folder, IReadOnlyList<SweepCell> cells) => (_job, _folder, _cells) = (job, folder, cells);

    /// <summary>Runs a sweep to its end.</summary>
    /// <returns>What it came to, and what went wrong in cells that failed.</returns>
    /// <exception cref="SlimException">The spec has no sweep, a cell's spec is wrong, or the folder holds something else.</exception>
    public static (SweepResults Results, IReadOnlyList<string> Failures) Run(Job job, string folder)
    {
        var axes = job.Settings.Sweep;
        var cells = axes.Count > 0 ? SweepGrid.Of(axes) : throw new SlimException($"{job.Recipe.SpecFile} has no sweep section: it does not say what to vary");
        var sweep = new SweepRun(job, folder, cells);
        var hashes = job.CheckCells(cells.Select(cell => cell.Settings)); // every mistake is found before the first hour of work
        sweep.Prepare();
        sweep.Work(hashes);
        return (sweep.Results, sweep._failures);
    }

    private SweepResults Results => new(_job.Recipe.Name, _job.Settings.Sweep, [.. _rows.Values], _cells.Count, _job.CommandLine);

    private void Prepare()
    {
        RunFolder.RefuseForeign(_folder, RecordFile);
        var identity = JsonSerializer.Serialize(new
        {
            Recipe = _job.Recipe.Name,
            Checkpoint = CheckpointFingerprint.Of(_job.CheckpointFolder),
            Device = _job.Device.ToString(),
            Dtype = _job.Dtype.ToString().ToLowerInvariant(),
        }, RunFolder.Json) + "\n";
        var path = Path.Combine(_folder, RecordFile);
        if (File.Exists(path) && File.ReadAllText(path) != identity)
        {
            throw new SlimException($"{path}: is a sweep of another recipe, other weights, or another device or dtype; choose another --output or empty it");
        }

        AtomicFile.WriteText(path, identity);
    }

    private void Work(IReadOnlyList<string> hashes)
    {
        var due = new Queue<int>();
        for (var number = 0; number < _cells.Count; number++)
        {
            if (Finished(FolderOf(number), hashes[number]) is { } earlier)
            {
                _rows[number] = new(_cells[number].Values, earlier);
            }
            else
            {
                due.Enqueue(number);
            }
        }

        Save();
        var watch = Stopwatch.StartNew();
        for (var ran = 1; due.TryDequeue(out var number); ran++)
        {
            RunCell(number);
            Save();
            _job.Say($"[{number + 1}/{_cells.Count}] {_cells[number].Name}: {Outcome(number)}; about {watch.Elapsed / ran * due.Count:h\\:mm\\:ss} left");
        }
    }

    private string FolderOf(int number) => Path.Combine(_folder, CellsFolder, _cells[number].Name);

    private void RunCell(int number)
    {
        try
        {
            _rows[number] = new(_cells[number].Values, SweepCellRun.Run(_job.ForCell(_cells[number].Settings, FolderOf(number))));
        }
        catch (SlimException failure) when (_rows.Count > 0) // where nothing has ever worked, nothing will: a wrong data folder, say
        {
            _failures.Add($"{_cells[number].Name}: {failure.Message}");
        }
    }

    private string Outcome(int number)
    {
        if (!_rows.TryGetValue(number, out var row))
        {
            return "failed";
        }

        var said = row["accuracy"] is { } accuracy ? $"accuracy {TaskStage.Share(accuracy)}" : row["perplexity"] is { } perplexity ? $"perplexity {Numbers.Short(perplexity)}" : "done";
        return $"{said} ({row["seconds"]:F1} s)";
    }

    // A cell that is done, of this very spec.
    private static RunRecord? Finished(string folder, string hash)
    {
        var path = Path.Combine(folder, "run.json");
        return File.Exists(path) && RunFolder.Read(path) is { Finished: not null } record && record.RecipeHash == hash ? record : null;
    }

    private void Save()
    {
        var results = Results;
        AtomicFile.WriteText(Path.Combine(_folder, "sweep.csv"), results.Csv());
        AtomicFile.WriteText(Path.Combine(_folder, "sweep.html"), SweepPage.Of(results));
        foreach (var (file, chart) in SweepPareto.Of(results).Concat(SweepCharts.Of(results)))
        {
            AtomicFile.WriteText(Path.Combine(_folder, file), chart.AsFile());
        }
    }
}
