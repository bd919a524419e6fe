using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SlimSpec.GeneratorBenchmark;

// Times the generator in fresh processes (see ../README.md). Without arguments it runs itself, prints and writes a table, and
// exits with 1 if the limit is missed.
const int Rounds = 5;
const double Limit = 2_000;

var root = Root();
if (args is ["--sample", var count])
{
    Console.WriteLine(JsonSerializer.Serialize(Measurement.Take(root, int.Parse(count, CultureInfo.InvariantCulture))));
    return 0;
}

var (one, hundred) = (Median(1), Median(100));
var table = string.Create(CultureInfo.InvariantCulture, $"""
    # What the generator costs a build

    Median of {Rounds} fresh processes, of 9 edits in each, on {Environment.ProcessorCount} cores, {DateTime.UtcNow:yyyy-MM-dd}. Made by `benchmarks/generator.sh`.

    | ms | 1 spec | 100 specs | each of 100 |
    |---|---:|---:|---:|
    | cold: the first run of a process | {one.Cold:0} | {hundred.Cold:0} | {hundred.Cold / 100:0.0} |
    | after an edit of C# that no spec concerns (no spec is looked at) | {one.UnrelatedEdit:0.0} | {hundred.UnrelatedEdit:0.0} | |
    | after an edit of one spec | {one.SpecEdit:0.0} | {hundred.SpecEdit:0.0} | |

    Limit: 100 specs cold in {Limit:0} ms. {(hundred.Cold < Limit ? "Kept." : "Missed.")}

    """);
Console.Write(table);
File.WriteAllText(Path.Combine(root, "benchmarks", "results", "generator.md"), table);
return hundred.Cold < Limit ? 0 : 1;

Sample Median(int specs)
{
    var samples = Enumerable.Range(0, Rounds).Select(_ => InFreshProcess(specs)).ToList();
    double Middle(Func<Sample, double> value) => samples.Select(value).Order().ElementAt(Rounds / 2);
    return new(Middle(sample => sample.Cold), Middle(sample => sample.UnrelatedEdit), Middle(sample => sample.SpecEdit));
}

Sample InFreshProcess(int specs)
{
    using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--sample", specs.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
    var line = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0 ? JsonSerializer.Deserialize<Sample>(line)! : throw new InvalidOperationException($"measuring {specs} specs failed");
}

static string Root()
{
    var folder = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(folder, "SlimSpec.sln")))
    {
        folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("There is no SlimSpec.sln above the program.");
    }

    return folder;
}
