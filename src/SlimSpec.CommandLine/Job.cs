using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SlimSpec.Specs;

namespace SlimSpec.CommandLine;

/// <summary>What a command line asks for: SPEC compiled, its settings as the options change them, every path found.</summary>
internal sealed partial class Job
{
    // Large arrays would take a line a number.
    private static readonly JsonSerializerOptions Compact = new(RunFolder.Json) { WriteIndented = false };

    private LoadedRecipe _loaded;
    private readonly string? _checkpoint;
    private readonly string? _dataFile;
    private readonly string? _dataFolder;
    private readonly IReadOnlyList<string> _words;
    private string? _output;
    private TextWriter _error;

    private Job(ParseResult parsed, CommonOptions options, LoadedRecipe loaded)
    {
        _loaded = loaded;
        _checkpoint = parsed.Get(options.Checkpoint);
        _output = parsed.Get(options.Output);
        _error = parsed.InvocationConfiguration.Error;
        _words = [.. parsed.Tokens.Select(token => token.Value).Prepend("slim")];
        CommandLine = Line(_words);
        Output = parsed.InvocationConfiguration.Output;
        Json = parsed.Get(options.Json);
        Seed = parsed.Get(options.Seed);
        Plan = parsed.Get(options.Plan) is { } plan ? PlanFile.Read(plan) : null;
        Stream = !parsed.CommandResult.Command.Options.Contains(options.Stream) ? StreamChoice.Never : parsed.GetValue(options.Stream) ? StreamChoice.Asked : StreamChoice.WhereNeeded;
        Device = Devices.Parse(parsed.Get(options.Device) ?? "cpu");
        Dtype = Devices.ParseDtype(parsed.Get(options.Dtype) ?? "float32");
        var data = parsed.Get(options.Data);
        var isFolder = Directory.Exists(data);
        (_dataFile, _dataFolder) = (isFolder ? null : data, isFolder ? Path.GetFullPath(data!) : null);
        Recipe = Adjusted(loaded.Recipe);
    }

    /// <summary>The recipe with the settings of this command line.</summary>
    public Recipe Recipe { get; private set; }

    /// <summary>Full path of its spec.</summary>
    public string SpecPath => _loaded.SpecPath;

    /// <summary>The spec as it is written, with the name that a copy of it has in a run's folder; of a class, its C# file.</summary>
    public (string Name, string Text) SpecCopy => _loaded.Source.Class is null
        ? (RunContents.SpecNames[0], _loaded.Source.File.Text)
        : (RunContents.SpecNames[1], File.ReadAllText(_loaded.SpecPath));

    /// <summary>The keys that the command line changes in it, <c>key=value</c> each.</summary>
    public IReadOnlyList<string> Changes => [.. _loaded.Source.Overrides.Select(change => $"{change.Key}={change.Value}")];

    /// <summary>Where fitted exits lie that are committed with the spec.</summary>
    public string ExitsBesideSpec => _loaded.Source.Parsed.PathBeside(ExitsLock.Suffix);

    /// <summary>Its settings.</summary>
    public RecipeSettings Settings => Recipe.Settings;

    /// <summary>What the checker makes of the spec as this command line changes it.</summary>
    public RecipeModel Check() => _loaded.Check();

    /// <summary>The command as typed.</summary>
    public string CommandLine { get; private set; }

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

    /// <summary>The job of a cell of a sweep: the spec compiled with its values, its results in a folder of its own, and there too what it has to say.</summary>
    /// <param name="settings">The values as <c>--set</c> takes them.</param>
    /// <param name="output">The folder.</param>
    public Job ForCell(IReadOnlyList<string> settings, string output)
    {
        var copy = (Job)MemberwiseClone();
        copy._loaded = RecipeLoader.Compile(_loaded.Source.With(settings));
        copy.Recipe = Adjusted(copy._loaded.Recipe);
        copy.CommandLine = Line([.. _words.Take(1), "run", .. WithoutOutput(_words.Skip(2)), .. settings.SelectMany(setting => new[] { "--set", setting })]);
        (copy._output, copy._error) = (output, TextWriter.Null);
        return copy;
    }

    /// <summary>Checks the spec with the values of each cell of a sweep, and gives the hashes of the recipes that they make.</summary>
    /// <exception cref="SlimException">It is wrong with some of them.</exception>
    public IReadOnlyList<string> CheckCells(IEnumerable<IReadOnlyList<string>> settings) => RecipeCompiler.CheckEach(_loaded.Source, settings);

    /// <summary>A line for people, on standard error.</summary>
    public void Say(string line) => _error.WriteLine(line);

    /// <summary>Says what was found while reading data.</summary>
    public void Say(DataNotes notes)
    {
        foreach (var line in notes.Lines)
        {
            Say($"note: {line}");
        }
    }

    /// <summary>Says which part of <c>--data</c> is for what, where it is given.</summary>
    public void SayHowDataIsDivided(string? data)
    {
        if (data is not null && _dataFolder is null)
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
    public DatasetReference Find(DatasetReference dataset) => dataset with
    {
        Path = _dataFolder is not null && Path.Combine(_dataFolder, dataset.Path) is var inFolder && File.Exists(inFolder) ? inFolder : FindUpwards(dataset.Path, "dataset"),
    };

    /// <summary>The same with its path as people read it, which notes and messages show; it can be opened from here.</summary>
    public DatasetReference FindShown(DatasetReference dataset)
    {
        var found = Find(dataset);
        return found with { Path = UserPath.Show(found.Path) };
    }

    /// <summary>A folder that the spec names.</summary>
    /// <param name="path">The folder as written.</param>
    /// <param name="key">The key that names it.</param>
    /// <exception cref="SlimException">There is no such folder.</exception>
    public string FindFolder(string path, string key) => FindUpwards(path, key);

    private string FindUpwards(string path, string what) =>
        UserPath.FindUpwards(_loaded.Folder, path)
        ?? throw new SlimException($"{UserPath.Show(_loaded.SpecPath)}: {what} '{path}' is neither in {(_dataFolder is null ? "" : $"{UserPath.Show(_dataFolder)}, in ")}{UserPath.Show(_loaded.Folder)} nor in a folder above it");

    // With the settings that the options change.
    private AdjustedRecipe Adjusted(Recipe recipe)
    {
        var settings = Seed is { } seed ? RunSettings.WithSeed(recipe.Settings, seed) : recipe.Settings;
        return new(recipe, _dataFile switch
        {
            null => settings,
            var file when File.Exists(file) => RunSettings.WithData(settings, Path.GetFullPath(file)),
            _ => throw new SlimException($"--data {_dataFile}: there is no such file or folder"),
        });
    }

    // Whoever repeats a cell does not want the sweep's folder.
    private static IEnumerable<string> WithoutOutput(IEnumerable<string> words)
    {
        var all = words.ToList();
        var output = all.IndexOf("--output");
        return output < 0 ? all : all.Where((_, i) => i != output && i != output + 1);
    }

    // What a shell would not leave as it is.
    [GeneratedRegex(@"[^A-Za-z0-9_.,:=/@%+\-]")]
    private static partial Regex Special();

    private static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(word => Special().IsMatch(word) ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'" : word));
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
