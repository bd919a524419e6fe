using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SlimSpec;

/// <summary>
/// The folder of one run: <c>run.json</c>, written anew and whole after each stage, and <c>metrics.jsonl</c>, a line an
/// optimizer step. Plan and checkpoint are put beside them by those who make them.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string RecordFile = "run.json";

    private readonly string _recordPath;
    private readonly string _metricsPath;
    private string[] _earlier = [];
    private StreamWriter? _metrics;

    private RunFolder(string directory, RunRecord record)
    {
        (Directory, Record) = (directory, record);
        _recordPath = Path.Combine(directory, RecordFile);
        _metricsPath = Path.Combine(directory, "metrics.jsonl");
    }

    /// <summary>The form of all JSON in a run folder: snake_case keys and enum values.</summary>
    public static JsonSerializerOptions Json { get; } = JsonForm(indented: true);

    private static JsonSerializerOptions JsonLine { get; } = JsonForm(indented: false);

    /// <summary>The folder.</summary>
    public string Directory { get; }

    /// <summary>What <c>run.json</c> says at present.</summary>
    public RunRecord Record { get; private set; }

    /// <summary>What a <c>run.json</c> says; null where it is of another version or no such file.</summary>
    public static RunRecord? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(File.ReadAllText(path), Json);
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Makes the folder, or takes over that of an earlier run, whose <c>run.json</c> goes, and its <c>metrics.jsonl</c> unless this one goes on with it.</summary>
    /// <exception cref="SlimException">The place cannot be written, or holds files of something else.</exception>
    public static RunFolder Create(string directory, RunRecord record)
    {
        var run = new RunFolder(directory, record);
        try
        {
            System.IO.Directory.CreateDirectory(directory);
            RefuseForeign(directory);
            run._earlier = File.Exists(run._metricsPath) ? File.ReadAllLines(run._metricsPath) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException($"{directory}: cannot be written ({failure.Message})", failure);
        }

        run.Save();
        return run;
    }

    /// <summary>Refuses to write into a folder that holds something else than a run.</summary>
    /// <param name="directory">The folder; it need not be there.</param>
    /// <param name="marks">Files that a folder without <c>run.json</c> may be known by.</param>
    /// <exception cref="SlimException">It does.</exception>
    internal static void RefuseForeign(string directory, params IEnumerable<string> marks)
    {
        if (System.IO.Directory.Exists(directory) && System.IO.Directory.EnumerateFileSystemEntries(directory).Any()
            && !marks.Append(RecordFile).Any(mark => File.Exists(Path.Combine(directory, mark))))
        {
            throw new SlimException($"{directory}: is not empty and not the folder of an earlier run; choose another --output or empty it.");
        }
    }

    /// <summary>Starts a stage; its time and peak memory are measured until <see cref="RunStage.Complete"/>.</summary>
    public RunStage BeginStage(string name) => new(this, name);

    /// <summary>Takes over the lines that an interrupted run wrote in a stage up to a step, from which this one goes on.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="step">The last step whose line counts.</param>
    public void Resume(string stage, int step)
    {
        var lines = string.Concat(_earlier.Where(line => Belongs(line, stage, step)).Select(line => line + "\n"));
        if (_metrics is null)
        {
            AtomicFile.WriteText(_metricsPath, lines); // they outlive a second interruption
            _metrics = new(_metricsPath, append: true) { AutoFlush = true };
        }
        else
        {
            _metrics.Write(lines);
        }
    }

    /// <summary>Adds a line to <c>metrics.jsonl</c>.</summary>
    /// <param name="stage">The stage it belongs to.</param>
    /// <param name="metric">The step.</param>
    public void Log(string stage, TrainingMetric metric)
    {
        var line = JsonSerializer.SerializeToNode(metric, JsonLine)!.AsObject();
        line.Insert(0, "stage", stage);
        Metrics.WriteLine(line.ToJsonString(JsonLine));
    }

    /// <summary>Changes what <c>run.json</c> says.</summary>
    /// <param name="change">Gives the new record for the old.</param>
    public void Note(Func<RunRecord, RunRecord> change)
    {
        Record = change(Record);
        Save();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _metrics?.Dispose();
        if (_metrics is null)
        {
            File.Delete(_metricsPath);
        }
    }

    // The lines of an earlier run go with the first of this one.
    private StreamWriter Metrics => _metrics ??= new(_metricsPath, append: false) { AutoFlush = true };

    // A line that was cut off when the run was killed belongs to nobody.
    private static bool Belongs(string line, string stage, int step)
    {
        try
        {
            using var metric = JsonDocument.Parse(line);
            return metric.RootElement.GetProperty("stage").GetString() == stage && metric.RootElement.GetProperty("step").GetInt32() <= step;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void Save() => AtomicFile.WriteText(_recordPath, JsonSerializer.Serialize(Record, Json) + "\n");

    private static JsonSerializerOptions JsonForm(bool indented) => new()
    {
        WriteIndented = indented,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}

/// <summary>A stage under way.</summary>
public sealed class RunStage : IDisposable
{
    private readonly RunFolder _run;
    private readonly string _name;
    private readonly PeakMemory _memory = PeakMemory.Start();
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    internal RunStage(RunFolder run, string name) => (_run, _name) = (run, name);

    /// <summary>Ends the stage and writes it to <c>run.json</c>.</summary>
    /// <param name="parameters">Parameters of the model as it is now.</param>
    /// <param name="macs">Multiply-accumulates of one forward pass.</param>
    /// <param name="scores">What was measured of the model as it is now; null: nothing.</param>
    public StageRecord Complete(long parameters, long macs, StageScores? scores = null)
    {
        var stage = new StageRecord
        {
            Name = _name,
            Parameters = parameters,
            Macs = macs,
            Perplexities = scores?.Perplexities ?? [],
            Choices = scores?.Choices ?? [],
            Task = scores?.Task,
            Seconds = _watch.Elapsed.TotalSeconds,
            PeakRssMb = _memory.PeakMb,
        };
        _run.Note(record => record with { Stages = [.. record.Stages, stage] });
        return stage;
    }

    /// <summary>Stops measuring; a stage that was not completed leaves no trace.</summary>
    public void Dispose() => _memory.Dispose();
}
