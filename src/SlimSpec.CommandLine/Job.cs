using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>What a command line asks for: SPEC compiled, its settings as the options change them, every path found.</summary>
internal sealed class Job
{
    // Large arrays would take a line a number.
    private static readonly JsonSerializerOptions Compact = new(RunFolder.Json) { WriteIndented = false };

    private readonly LoadedRecipe _loaded;
    private readonly string? _checkpoint;
    private string? _output;
    private readonly TextWriter _error;

    private Job(ParseResult parsed, CommonOptions options, LoadedRecipe loaded)
    {
        _loaded = loaded;
        _checkpoint = parsed.Get(options.Checkpoint);
        _output = parsed.Get(options.Output);
        _error = parsed.InvocationConfiguration.Error;
        CommandLine = string.Join(' ', parsed.Tokens.Select(token => token.Value.Contains(' ', StringComparison.Ordinal) ? $"'{token.Value}'" : token.Value).Prepend("slim"));
        Output = parsed.InvocationConfiguration.Output;
        Json = parsed.Get(options.Json);
        Seed = parsed.Get(options.Seed);
        Plan = parsed.Get(options.Plan) is { } plan ? PlanFile.Read(plan) : null;
        Stream = !parsed.CommandResult.Command.Options.Contains(options.Stream) ? StreamChoice.Never : parsed.GetValue(options.Stream) ? StreamChoice.Asked : StreamChoice.WhereNeeded;
        Device = Devices.Parse(parsed.Get(options.Device) ?? "cpu");
        Dtype = Devices.ParseDtype(parsed.Get(options.Dtype) ?? "float32");
        Recipe = new AdjustedRecipe(loaded.Recipe, Adjust(loaded.Recipe.Settings, parsed.Get(options.Data)));
    }

    /// <summary>The recipe with the settings of this command line.</summary>
    public Recipe Recipe { get; private set; }

    /// <summary>Full path of its spec.</summary>
    public string SpecPath => _loaded.SpecPath;

    /// <summary>Where fitted exits lie that are committed with the spec.</summary>
    public string ExitsBesideSpec => _loaded.Source.Parsed.PathBeside(ExitsLock.Suffix);

    /// <summary>Its settings.</summary>
    public RecipeSettings Settings => Recipe.Settings;

    /// <summary>What the checker makes of the spec as this command line changes it.</summary>
    public RecipeModel Check() => _loaded.Check();

    /// <summary>The command as typed.</summary>
    public string CommandLine { get; }

    /// <summary>Where models run.</summary>
    public torch.Device Device { get; }

    /// <summary>In which number format.</summary>
    public torch.ScalarType Dtype { get; }

    /// <summary><c>--seed</c>.</summary>
    public int? Seed { get; }

    /// <summary>Whether weights are read layer by layer.</summary>
    public StreamChoice Stream { get; }

    /// <summary>The plan of <c>--plan</c>, to be carried out instead of scoring.</summary>
    public PruningPlan? Plan { get; }

    /// <summary>Whether the result is one JSON document.</summary>
    public bool Json { get; }

    /// <summary>Where the result goes.</summary>
    public TextWriter Output { get; }

    /// <summary><c>--output</c>, else <c>runs/NAME</c>.</summary>
    public string OutputFolder => Path.GetFullPath(_output ?? Path.Combine("runs", _loaded.Source.Class?.Name ?? Path.GetFileName(_loaded.SpecPath).Split('.')[0]));

    /// <summary>The model folder: the option's, else the spec's.</summary>
    /// <exception cref="SlimException">Neither names one that is there.</exception>
    public string CheckpointFolder
    {
        get
        {
            if (_checkpoint is not null)
            {
                return Directory.Exists(_checkpoint) ? Path.GetFullPath(_checkpoint) : throw new SlimException($"--checkpoint {_checkpoint}: there is no such folder");
            }

            return Settings.Checkpoint is { } written
                ? FindUpwards(written, "checkpoint")
                : throw new SlimException($"{UserPath.Show(_loaded.SpecPath)} names no checkpoint: give one with --checkpoint DIR");
        }
    }

    /// <summary>Whether a checkpoint is given on the command line.</summary>
    public bool HasCheckpointOption => _checkpoint is not null;

    /// <summary>The config.json of the model, where there is one: of the checkpoint given, else of the spec's, else the one that gives the spec's dimensions.</summary>
    public string? ModelConfigPath => new[]
        {
            _checkpoint is null ? null : Path.Combine(CheckpointFolder, "config.json"),
            SpecCheckpoint is { } folder ? Path.Combine(folder, "config.json") : null,
            _loaded.WrittenConfig is { } config ? UserPath.FindUpwards(_loaded.Folder, config) : null,
        }.FirstOrDefault(File.Exists);

    /// <summary>The spec's checkpoint folder where there is one already, or null.</summary>
    public string? SpecCheckpoint => Settings.Checkpoint is { } written ? UserPath.FindUpwards(_loaded.Folder, written) : null;

    /// <summary>The config.json that the spec reads its dimensions from, or null where it writes them itself.</summary>
    public string? ConfigPath => _loaded.WrittenConfig is { } config ? FindUpwards(config, "config") : null;

    /// <summary>Reads a command line.</summary>
    public static Job From(ParseResult parsed, CommonOptions options)
    {
        var loaded = RecipeLoader.Load(parsed.GetValue(options.Spec)!, parsed.Get(options.Set) ?? [], parsed.Get(options.Checkpoint));
        return new(parsed, options, loaded);
    }

    /// <summary>The same job with other settings and another folder for its results.</summary>
    public Job With(RecipeSettings settings, string output)
    {
        var copy = (Job)MemberwiseClone();
        (copy.Recipe, copy._output) = (new AdjustedRecipe(_loaded.Recipe, settings), output);
        return copy;
    }

    /// <summary>A line for people, on standard error.</summary>
    public void Say(string line) => _error.WriteLine(line);

    /// <summary>Says which part of <c>--data</c> is for what, where it is given.</summary>
    public void SayHowDataIsDivided(string? data)
    {
        if (data is not null)
        {
            Say(RunSettings.IsReady(data)
                ? $"data: calibration and training see all of {data}"
                : $"data: calibration and training see the first {RunSettings.TrainingShare * 100:0} % of {data}, evaluation the rest");
        }
    }

    /// <summary>Runs long work and shows its progress where somebody looks.</summary>
    public T Watch<T>(Func<Action<ProgressUpdate>?, T> work) =>
        ProgressDisplay.Show(!Json && ReferenceEquals(_error, Console.Error) && !Console.IsErrorRedirected, work);

    /// <summary>Prints a result: as JSON, or as people read it.</summary>
    /// <param name="result">What JSON says.</param>
    /// <param name="forPeople">Writes it for people.</param>
    /// <param name="compact">Whether the JSON is one line.</param>
    public int Print(object result, Action<TextWriter> forPeople, bool compact = false)
    {
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(result, compact ? Compact : RunFolder.Json));
        }
        else
        {
            forPeople(Output);
        }

        return 0;
    }

    /// <summary>A dataset of the settings with its path found.</summary>
    /// <exception cref="SlimException">There is no such file.</exception>
    public DatasetReference Find(DatasetReference dataset) => dataset with { Path = FindUpwards(dataset.Path, "dataset") };

    private string FindUpwards(string path, string what) =>
        UserPath.FindUpwards(_loaded.Folder, path)
        ?? throw new SlimException($"{UserPath.Show(_loaded.SpecPath)}: {what} '{path}' is neither in {UserPath.Show(_loaded.Folder)} nor in a folder above it");

    private RecipeSettings Adjust(RecipeSettings settings, string? data)
    {
        settings = Seed is { } seed ? RunSettings.WithSeed(settings, seed) : settings;
        if (data is null)
        {
            return settings;
        }

        return File.Exists(data)
            ? RunSettings.WithData(settings, Path.GetFullPath(data))
            : throw new SlimException($"--data {data}: there is no such file");
    }
}

/// <summary>Devices and number formats by their names.</summary>
internal static class Devices
{
    private static readonly Dictionary<string, torch.ScalarType> Dtypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["float32"] = torch.ScalarType.Float32,
        ["float64"] = torch.ScalarType.Float64,
        ["bfloat16"] = torch.ScalarType.BFloat16,
    };

    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public static torch.Device Parse(string name)
    {
        if (name == "cpu")
        {
            return torch.CPU;
        }

        var parts = name.Split(':');
        var index = 0;
        if (parts[0] != "cuda" || parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            throw new SlimException($"--device {name}: expected cpu, cuda or cuda:N");
        }

        return torch.cuda.is_available() && index < torch.cuda.device_count()
            ? new torch.Device(DeviceType.CUDA, index)
            : throw new SlimException($"--device {name}: this build sees {(torch.cuda.is_available() ? torch.cuda.device_count() : 0)} CUDA devices; use cpu");
    }

    /// <summary><c>float32</c>, <c>float64</c> or <c>bfloat16</c>.</summary>
    public static torch.ScalarType ParseDtype(string name) =>
        Dtypes.TryGetValue(name, out var dtype) ? dtype : throw new SlimException($"--dtype {name}: there is no such number format{Words.Hint(name, Dtypes.Keys)}");
}
