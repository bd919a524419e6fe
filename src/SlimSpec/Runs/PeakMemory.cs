using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace SlimSpec;

/// <summary>
/// The largest resident memory while something runs, without the pages of mapped files: those belong to the page cache
/// and go when memory is short.
/// </summary>
/// <remarks>
/// Two readings of Linux are combined, neither of which is ever too high. A timer samples resident less shared pages
/// (<c>/proc/self/statm</c>), which misses short peaks. The kernel's own high-water mark <c>VmHWM</c>, set back through
/// <c>/proc/self/clear_refs</c> when the measurement starts, misses nothing but counts file pages; the most shared pages
/// seen are taken off it. The larger of the two is the result. Elsewhere the timer samples the process's working set.
/// </remarks>
public sealed partial class PeakMemory : IDisposable
{
    private const double BytesPerMb = 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly bool HasProc = File.Exists("/proc/self/statm");

    private readonly object _gate = new();
    private readonly bool _markIsReset;
    private readonly Timer _timer;
    private readonly long _start;
    private long _peak;
    private long _mostShared;

    private PeakMemory()
    {
        _markIsReset = ResetHighWaterMark();
        Sample();
        _start = _peak;
        _timer = new(_ => Sample(), null, Interval, Interval);
    }

    /// <summary>How it is measured, in a sentence.</summary>
    public static string Method => HasProc
        ? "MiB a stage, mapped files left out: the larger of resident less shared pages, sampled every 10 ms, and VmHWM, reset when the stage starts, less the most shared pages seen"
        : "MiB a stage: working set, sampled every 10 ms";

    /// <summary>Starts measuring. Memory that nothing uses any more is given back first.</summary>
    public static PeakMemory Start()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Trim();
        return new();
    }

    /// <summary>The peak so far, in MiB.</summary>
    public double PeakMb
    {
        get
        {
            lock (_gate)
            {
                Sample();
                return Math.Max(_peak, _markIsReset ? HighWaterMark() - _mostShared : 0) / BytesPerMb;
            }
        }
    }

    /// <summary>How much more than at the start it was at most, in MiB.</summary>
    public double GrowthMb => Math.Max(0, PeakMb - (_start / BytesPerMb));

    /// <summary>Stops measuring.</summary>
    public void Dispose() => _timer.Dispose();

    private void Sample()
    {
        lock (_gate)
        {
            var (own, shared) = Read();
            _peak = Math.Max(_peak, own);
            _mostShared = Math.Max(_mostShared, shared);
        }
    }

    private static (long Own, long Shared) Read()
    {
        if (!HasProc)
        {
            using var process = Process.GetCurrentProcess();
            return (process.WorkingSet64, 0);
        }

        var fields = File.ReadAllText("/proc/self/statm").Split(' '); // pages: size resident shared ...
        var (resident, shared) = (Pages(fields[1]), Pages(fields[2]));
        return (resident - shared, shared);
    }

    private static long Pages(string field) => long.Parse(field, CultureInfo.InvariantCulture) * Environment.SystemPageSize;

    // "VmHWM:	  123456 kB"
    private static long HighWaterMark()
    {
        var line = File.ReadLines("/proc/self/status").First(entry => entry.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    private static bool ResetHighWaterMark()
    {
        if (!HasProc)
        {
            return false;
        }

        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The C library keeps freed memory for later; a stage should not be charged with what the one before it freed.
    private static void Trim()
    {
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception absent) when (absent is EntryPointNotFoundException or DllNotFoundException)
        {
            // Only glibc has it.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int MallocTrim(nuint keep);
}
