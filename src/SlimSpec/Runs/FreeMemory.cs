using System.Globalization;

namespace SlimSpec;

/// <summary>How much memory a process may still take.</summary>
internal static class FreeMemory
{
    private const string Linux = "/proc/meminfo";

    /// <summary>
    /// Bytes that can be had without swapping, page cache that would make room included; never more than the process's container is
    /// allowed. Where the system does not say, all of the machine's memory.
    /// </summary>
    public static long Bytes
    {
        get
        {
            var allowed = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            return File.Exists(Linux) ? Math.Min(allowed, Available()) : allowed;
        }
    }

    // "MemAvailable:   23456789 kB"
    private static long Available()
    {
        var line = File.ReadLines(Linux).FirstOrDefault(entry => entry.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line is null ? long.MaxValue : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
