using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>Finds and loads the BLAS, libtorch and the shim, in that order, before the first native call.</summary>
internal static unsafe class Loader
{
    private const string Shim = "libslimtorch.so";
    private static readonly Lock Gate = new();
    private static IntPtr shim;

    /// <summary>All processors, unless OMP_NUM_THREADS says otherwise. libtorch by itself takes half of the hardware threads.</summary>
    internal static int Threads =>
        int.TryParse(Environment.GetEnvironmentVariable("OMP_NUM_THREADS"), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n > 0
            ? n
            : Environment.ProcessorCount;

#pragma warning disable CA2255 // The resolver has to be in place before any code of this library runs.
    [ModuleInitializer]
    internal static void Initialize() => NativeLibrary.SetDllImportResolver(typeof(Loader).Assembly, Resolve);
#pragma warning restore CA2255

    private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != NativeMethods.Library)
        {
            return 0;
        }
        lock (Gate)
        {
            if (shim == 0)
            {
                Blas.Load();
                var loaded = Load(Find(assembly));
                if (Blas.Refusal(Blas.Mapped()) is { } reason)
                {
                    throw new DllNotFoundException(reason);
                }
                ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(loaded, "st_set_threads"))(Threads);
                shim = loaded;
            }
        }
        return shim;
    }

    /// <summary>Loads the shim and with it libtorch; says what to install where that fails.</summary>
    internal static IntPtr Load(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e)
        {
            // The first line of .NET's message is advice on strace; the loader's own words follow it.
            var words = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            throw new DllNotFoundException(
                $"libtorch could not be loaded: install the packages libtorch-dev and libopenblas0-openmp (apt-get install libtorch-dev libopenblas0-openmp) and build again ({(words.Length > 1 ? words[1] : e.Message)})", e);
        }
    }

    // Beside the assembly where this repository builds it; among the runtime's native assets where it came in a package.
    private static string Find(Assembly assembly)
    {
        var folder = Path.GetDirectoryName(assembly.Location) is { Length: > 0 } place ? place : AppContext.BaseDirectory;
        var assets = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return assets.Prepend(folder).Select(directory => Path.Combine(directory, Shim)).FirstOrDefault(File.Exists) ?? Path.Combine(folder, Shim);
    }
}
