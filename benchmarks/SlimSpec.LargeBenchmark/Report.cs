using System.Globalization;
using System.Text.Json;

namespace SlimSpec.LargeBenchmark;

/// <summary>The result as a page.</summary>
/// <param name="recipe">What was cut.</param>
/// <param name="tokens">Tokens it was calibrated on.</param>
/// <param name="bytes">Size of the checkpoint's weights.</param>
/// <param name="cost">What the slim command took.</param>
/// <param name="rates">Multiply-accumulates a second before it and after it.</param>
/// <param name="load">Load average at the end.</param>
/// <param name="output">The folder that it wrote.</param>
internal sealed class Report(Recipe recipe, long tokens, long bytes, ProcessCost cost, (double Before, double After) rates, string load, string output)
{
    private const double Billion = 1e9;

    /// <inheritdoc/>
    public override string ToString()
    {
        var dense = recipe.Dense.Parameters;
        var macs = 4.0 * dense * tokens;
        var rate = Math.Max(rates.Before, rates.After);
        var floor = macs / rate;
        var stage = Stage();
        return string.Create(CultureInfo.InvariantCulture, $"""
            {DateTime.UtcNow:yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} processors, load average {load} at the end. {recipe.SpecFile} on random weights: {dense:N0} parameters,
            {bytes / Billion:F2} GB in float16 on disk, computed in float32; {tokens} tokens of calibration.

            | | |
            |---|---|
            | parameters after the cut | {stage.Parameters:N0} ({100.0 * (dense - stage.Parameters) / dense:F1} % less) |
            | whole command, checkpoint to slim checkpoint | {cost.Seconds:F0} s; {cost.ProcessorSeconds:F0} s of processor time |
            | of it scoring and choosing | {stage.Seconds:F0} s |
            | peak anonymous resident memory (RssAnon, sampled every 10 ms) | {cost.PeakAnonymousBytes / Billion:F2} GB |
            | peak resident memory, mapped files included (VmHWM) | {cost.PeakResidentBytes / Billion:F2} GB |
            | weights read from the checkpoint | {Read()} |
            | of it from disk, the rest from the page cache | {cost.BytesFromDisk / Billion:F1} GB |
            | slim checkpoint written | {Written() / Billion:F2} GB |
            | arithmetic floor: 4 x parameters x tokens = {macs / Billion:N0} G multiply-accumulates at {rate / Billion:F1} G/s | {floor:F0} s |
            | scoring against the floor | {stage.Seconds / floor:F2} |
            | the command's processor time against the floor's on all processors | {cost.ProcessorSeconds / (floor * Environment.ProcessorCount):F2} |

            Rate of float32 products of the model's sizes just before and after: {rates.Before / Billion:F1} and {rates.After / Billion:F1} G multiply-accumulates a second; the floor takes the higher.

            """);
    }

    private string Read() => cost.Messages.Split('\n').Single(line => line.StartsWith("streamed: ", StringComparison.Ordinal))["streamed: ".Length..].Replace(" of weights read", "", StringComparison.Ordinal);

    private (long Parameters, double Seconds) Stage()
    {
        using var run = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "run.json")));
        var stage = run.RootElement.GetProperty("stages").EnumerateArray().Single(stage => stage.GetProperty("name").GetString() == "pruned");
        return (stage.GetProperty("parameters").GetInt64(), stage.GetProperty("seconds").GetDouble());
    }

    private long Written() => Directory.EnumerateFiles(output, "*.safetensors").Sum(file => new FileInfo(file).Length);

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("model name", StringComparison.Ordinal)).Split(':', 2)[1].Trim();
}
