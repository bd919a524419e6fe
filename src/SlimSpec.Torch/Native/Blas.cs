using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp;

/// <summary>
/// Chooses the BLAS libtorch computes with; README.md of this project has the measurements. Debian's libtorch needs
/// "libblas.so.3", and the loader gives a later need the library already loaded under that soname, so loading ours
/// first overrides the system's alternatives.
/// </summary>
internal static partial class Blas
{
    private const string Install = "install the package libopenblas0-openmp (apt-get install libopenblas0-openmp)";

    /// <summary>In the order of preference, with the folder that has the LAPACK to go with each.</summary>
    private static readonly (string Blas, string[] Lapack)[] Choices =
    [
        ("openblas-openmp", ["openblas-openmp"]),
        ("blis-openmp", ["lapack", "openblas-openmp"]),
    ];

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);

    /// <summary>Loads the preferred BLAS that is installed. Has to come before libtorch and before OpenMP.</summary>
    internal static void Load()
    {
        PrepareEnvironment();
        var root = $"/usr/lib/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu";
        foreach (var (folder, lapackFolders) in Choices)
        {
            if (!NativeLibrary.TryLoad($"{root}/{folder}/libblas.so.3", out _))
            {
                continue;
            }
            _ = lapackFolders.Any(l => NativeLibrary.TryLoad($"{root}/{l}/liblapack.so.3", out _));
            return;
        }
    }

    /// <summary>Why the libraries of this process are not fit to compute with, or null if they are.</summary>
    /// <param name="files">Paths of the libraries mapped into the process, links resolved or not.</param>
    internal static string? Refusal(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            var folder = Path.GetFileName(Path.GetDirectoryName(file));
            var isBlas = Path.GetFileName(file).StartsWith("libblas.so", StringComparison.Ordinal);
            if (isBlas && folder is "blas" or "atlas")
            {
                return $"libtorch would compute with the reference BLAS ({file}), which is tens of times slower: {Install}";
            }
            if (folder is "openblas-pthread" or "openblas-serial" or "blis-pthread" or "blis-serial")
            {
                return $"libtorch would compute with {file}, whose threads fight with libtorch's own (OpenMP): {Install}";
            }
        }
        return null;
    }

    /// <summary>The libraries of this process that have to do with linear algebra.</summary>
    internal static IEnumerable<string> Mapped() => File.ReadLines("/proc/self/maps")
        .Select(line => line[(line.LastIndexOf(' ') + 1)..])
        .Where(file => file.Contains("blas", StringComparison.Ordinal) || file.Contains("blis", StringComparison.Ordinal) || file.Contains("atlas", StringComparison.Ordinal))
        .Distinct();

    /// <summary>OpenMP and the BLAS read the C environment once, when they are loaded; .NET's own copy does not reach them. What the user has set stays.</summary>
    private static void PrepareEnvironment()
    {
        // A thread that waits at OpenMP's barrier spins for tens of milliseconds by default where the processor's pause
        // is long, and starves the thread it waits for on a busy machine; about 0.1 ms keeps the gain of spinning.
        _ = setenv("GOMP_SPINCOUNT", "1000", 0);
        // OpenBLAS takes a processor newer than itself for an old one, three times slower.
        if (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported)
        {
            _ = setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
        }
        else if (Avx2.IsSupported && Fma.IsSupported)
        {
            _ = setenv("OPENBLAS_CORETYPE", "Haswell", 0);
        }
        _ = setenv("BLIS_NUM_THREADS", Loader.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture), 0);
    }
}
