using System.Globalization;
using System.Text.Json;
using SlimSpec.Benchmarks;
using TorchSharp;

// The SlimSpec side of the benchmark: answers one JSON command a line with one JSON line (see ../README.md).
torch.set_num_threads(int.Parse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS") ?? "2", CultureInfo.InvariantCulture));
var worker = new Worker();
while (Console.ReadLine() is { } line)
{
    using var command = JsonDocument.Parse(line);
    using var scope = torch.NewDisposeScope();
    Console.WriteLine(JsonSerializer.Serialize(worker.Answer(command.RootElement)));
}
