using System.Text.Json;

namespace SlimSpec.CommandLine;

/// <summary>A line of <c>metrics.jsonl</c>.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Metric">The step.</param>
internal sealed record LoggedStep(string Stage, TrainingMetric Metric);

/// <summary>What lies in a run's folder, as far as a report tells of it.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Record"><c>run.json</c>.</param>
/// <param name="Plan"><c>plan.json</c>; null where the run did not cut.</param>
/// <param name="Steps"><c>metrics.jsonl</c>.</param>
/// <param name="Spec">The copy of the spec; null: there is none.</param>
internal sealed record RunContents(string Folder, RunRecord Record, PruningPlan? Plan, IReadOnlyList<LoggedStep> Steps, string? Spec)
{
    /// <summary>The names that a copy of a spec may have: of a file, of a class.</summary>
    public static IReadOnlyList<string> SpecNames { get; } = ["spec.yaml", "spec.cs.txt"];

    /// <summary>Reads a run's folder.</summary>
    /// <exception cref="SlimException">It is not there, holds no run, or one of another version.</exception>
    public static RunContents Read(string folder)
    {
        var record = ReadRecord(folder);
        var plan = Path.Combine(folder, "plan.json");
        return new(
            folder,
            record,
            record.Stages.Any(stage => stage.Name == "pruned") && File.Exists(plan) ? PlanFile.Read(plan) : null, // of an earlier run otherwise
            ReadSteps(Path.Combine(folder, "metrics.jsonl")),
            SpecNames.Select(name => Path.Combine(folder, name)).Where(File.Exists).Select(File.ReadAllText).FirstOrDefault());
    }

    /// <summary>Reads the <c>run.json</c> of a run's folder.</summary>
    /// <inheritdoc cref="Read"/>
    public static RunRecord ReadRecord(string folder)
    {
        var (shown, path) = (UserPath.Show(Path.GetFullPath(folder)), Path.Combine(folder, "run.json"));
        if (!Directory.Exists(folder))
        {
            throw new SlimException($"{shown}: there is no such folder");
        }

        if (!File.Exists(path))
        {
            throw new SlimException(File.Exists(Path.Combine(folder, "sweep.json"))
                ? $"{shown}: is the folder of a sweep, whose page is sweep.html; its runs are in {Path.Combine(shown, "cells")}"
                : $"{shown}: is not the folder of a run: it has no run.json");
        }

        return RunFolder.Read(path) ?? throw new SlimException($"{UserPath.Show(Path.GetFullPath(path))}: is not what this version writes: the run must be made again");
    }

    // The run may still be writing, and its last line may be half a line where it was killed.
    private static List<LoggedStep> ReadSteps(string path)
    {
        List<LoggedStep> steps = [];
        if (!File.Exists(path))
        {
            return steps;
        }

        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            try
            {
                using var entry = JsonDocument.Parse(line);
                steps.Add(new(entry.RootElement.GetProperty("stage").GetString()!, entry.RootElement.Deserialize<TrainingMetric>(RunFolder.Json)!));
            }
            catch (JsonException)
            {
                break;
            }
        }

        return steps;
    }
}
