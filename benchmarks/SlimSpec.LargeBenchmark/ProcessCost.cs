using System.Diagnostics;
using System.Globalization;

namespace SlimSpec.LargeBenchmark;

/// <summary>What a process took.</summary>
/// <param name="Seconds">Wall clock.</param>
/// <param name="ProcessorSeconds">Of all its threads, user and system.</param>
/// <param name="PeakAnonymousBytes">Largest resident memory without files' pages (RssAnon), sampled every 10 ms.</param>
/// <param name="PeakResidentBytes">The kernel's high-water mark of all resident memory, mapped files included (VmHWM).</param>
/// <param name="BytesFromDisk">Bytes that came from the disk and not from the page cache.</param>
/// <param name="Messages">What it said on standard error.</param>
internal sealed record ProcessCost(double Seconds, double ProcessorSeconds, long PeakAnonymousBytes, long PeakResidentBytes, long BytesFromDisk, string Messages)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static ProcessCost Of(string file, params IEnumerable<string> arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        var messages = process.StandardError.ReadToEndAsync();
        var cost = new ProcessCost(0, 0, 0, 0, 0, "");
        while (!process.WaitForExit(Interval))
        {
            cost = cost.Sample(process);
        }

        return process.ExitCode == 0
            ? cost with { Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds, Messages = messages.Result }
            : throw new InvalidOperationException($"{file} failed with exit code {process.ExitCode}: {messages.Result}");
    }

    private ProcessCost Sample(Process process)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{process.Id}/status");
            return this with
            {
                ProcessorSeconds = process.TotalProcessorTime.TotalSeconds,
                PeakAnonymousBytes = Math.Max(PeakAnonymousBytes, Value(status, "RssAnon:") * 1024),
                PeakResidentBytes = Math.Max(PeakResidentBytes, Value(status, "VmHWM:") * 1024),
                BytesFromDisk = Value(File.ReadAllLines($"/proc/{process.Id}/io"), "read_bytes:"),
            };
        }
        catch (Exception ended) when (ended is IOException or InvalidOperationException)
        {
            return this;
        }
    }

    // "RssAnon:	  123456 kB"
    private static long Value(string[] lines, string key) => long.Parse(
        lines.First(line => line.StartsWith(key, StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);
}
