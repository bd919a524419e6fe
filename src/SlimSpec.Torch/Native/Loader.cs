using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>Finds and loads the BLAS, libtorch and the shim, in that order, before the first native call.</summary>
internal static unsafe partial class Loader
{
    private static IntPtr shim;


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
        lock (typeof(Loader))
        {
            if (shim == 0)
            {
                Blas.Load();
                shim = LoadShim(assembly);
                // libtorch takes half of the hardware threads by default.
                ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(shim, "st_set_threads"))(Environment.ProcessorCount);
            }
        }
        return shim;
    }

    private static IntPtr LoadShim(Assembly assembly)
    {
        var folder = Path.GetDirectoryName(assembly.Location);
        var file = Path.Combine(string.IsNullOrEmpty(folder) ? AppContext.BaseDirectory : folder, "libslimtorch.so");
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e)
        {
            throw new DllNotFoundException(
                $"libtorch could not be loaded. Install the packages libtorch-dev and libopenblas0-openmp (apt-get install libtorch-dev libopenblas0-openmp), then build again. The loader said: {e.Message}", e);
        }
    }
}
