using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>
/// Chooses the BLAS libtorch computes with. Debian's libtorch needs "libblas.so.3", and the loader gives a later
/// need the library already loaded under that soname, so loading ours first overrides the system's alternatives.
/// </summary>
internal static class Blas
{
    private static readonly string[] Folders = ["openblas-openmp", "blis-openmp"];

    /// <summary>The library that was loaded, or null where libtorch brings its own (MKL).</summary>
    internal static string? Loaded { get; private set; }

    internal static void Load()
    {
        foreach (var folder in Folders)
        {
            var blas = $"/usr/lib/x86_64-linux-gnu/{folder}/libblas.so.3";
            if (File.Exists(blas) && NativeLibrary.TryLoad(blas, out _))
            {
                Loaded = blas;
                var lapack = $"/usr/lib/x86_64-linux-gnu/{folder}/liblapack.so.3";
                if (File.Exists(lapack))
                {
                    NativeLibrary.Load(lapack);
                }
                return;
            }
        }
    }
}
