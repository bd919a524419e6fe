using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The version of the libtorch that the shim was compiled against.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((IntPtr)NativeMethods.st_version())!;

    public static int get_num_threads() => NativeMethods.st_get_threads();
    public static void set_num_threads(int num) => NativeMethods.st_set_threads(num);
    public static int get_num_interop_threads() => NativeMethods.st_get_interop_threads();
    public static void set_num_interop_threads(int num) => NativeMethods.Check(NativeMethods.st_set_interop_threads(num));

    public static class backends
    {
        public static class cuda
        {
            public static class matmul
            {
                public static bool allow_tf32
                {
                    get => NativeMethods.st_get_tf32_matmul() != 0;
                    set => NativeMethods.st_set_tf32_matmul(value ? 1 : 0);
                }
            }
        }

        public static class cudnn
        {
            public static bool allow_tf32
            {
                get => NativeMethods.st_get_tf32_cudnn() != 0;
                set => NativeMethods.st_set_tf32_cudnn(value ? 1 : 0);
            }
        }
    }
}
