using System.Globalization;
using SlimSpec;
using SlimSpec.LargeBenchmark;
using TorchSharp;

// Scores and cuts a model that is larger than memory may be, by the slim command; see ../README.md.
// arguments: name of a recipe in specs/, a folder for its checkpoint (made, and removed afterwards), the slim program, the file for the result
const int Samples = 10; // as the specs say
const int Tokens = 64;
var (name, parent, slim, report) = (args[0], args[1], args[2], args[3]);
torch.set_num_threads(int.Parse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") ?? $"{Environment.ProcessorCount}", CultureInfo.InvariantCulture));
var recipe = RecipeRegistry.All.Single(recipe => recipe.SpecFile == $"{name}.slim.yaml");
var folder = Directory.CreateDirectory(Path.Combine(parent, $"{name}-{Environment.ProcessId}")).FullName;
try
{
    var (checkpoint, samples, output) = (Directory.CreateDirectory(Path.Combine(folder, "checkpoint")).FullName, Path.Combine(folder, "samples.json"), Path.Combine(folder, "slim"));
    Console.Error.WriteLine($"writing {recipe.Dense.Parameters:N0} random parameters");
    var bytes = RandomCheckpoint.Write(recipe, checkpoint, seed: 0);
    RandomCheckpoint.WriteSamples(samples, Samples, Tokens, recipe.Dense.VocabularySize, seed: 0);

    var before = MeasureRate();
    var cost = ProcessCost.Of(slim, "prune", recipe.Name, "--stream", "--checkpoint", checkpoint, "--data", samples, "--output", output);
    var text = new Report(recipe, Samples * Tokens, bytes, cost, (before, MeasureRate()), Load(), output).ToString();
    File.WriteAllText(report, text);
    Console.WriteLine(text);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

double MeasureRate()
{
    var shape = recipe.Dense;
    return GemmRate.Measure(Samples * Tokens, shape.HiddenSize, 2L * shape["ffn", 0]);
}

static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
