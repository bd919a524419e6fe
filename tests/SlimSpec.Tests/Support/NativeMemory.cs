using System.Runtime.InteropServices;

namespace SlimSpec.Tests;

/// <summary>Bytes that native code has allocated and not freed: all tensors', those that autograd keeps included.</summary>
internal static partial class NativeMemory
{
    /// <summary>Bytes in use now, as glibc's allocator counts them.</summary>
    public static long InUse
    {
        get
        {
            var info = Mallinfo2();
            return (long)(info.InUseInArenas + info.InUseMapped);
        }
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallocInfo Mallinfo2();

    // struct mallinfo2: arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocInfo
    {
        private readonly nuint _arena;
        private readonly nuint _freeChunks;
        private readonly nuint _fastChunks;
        private readonly nuint _mapped;
        public readonly nuint InUseMapped;
        private readonly nuint _highest;
        private readonly nuint _fastBytes;
        public readonly nuint InUseInArenas;
        private readonly nuint _free;
        private readonly nuint _releasable;
    }
}
