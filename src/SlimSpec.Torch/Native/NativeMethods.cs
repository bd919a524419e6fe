using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>Kind of a value that crosses to the dispatcher; mirrored in shim.cpp.</summary>
internal enum Tag { None, Tensor, Int, Double, Bool, Ints, Tensors, Str, Dev, Doubles, Gen }

/// <summary>One argument or result of an operator, 16 bytes; mirrored in shim.cpp.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct Val
{
    [FieldOffset(0)] public Tag Tag;
    [FieldOffset(4)] public int Length;
    [FieldOffset(8)] public long Int;
    [FieldOffset(8)] public double Double;
    [FieldOffset(8)] public IntPtr Pointer;
}

/// <summary>The C functions of shim.cpp.</summary>
internal static unsafe partial class NativeMethods
{
    internal const string Library = "slimtorch";

    [LibraryImport(Library)] public static partial byte* st_error();
    [LibraryImport(Library)] public static partial byte* st_version();
    [LibraryImport(Library)] public static partial void st_release(IntPtr h);
    [LibraryImport(Library)] public static partial void st_free_array(IntPtr a);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int st_op(string name, string overload, out IntPtr op);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int st_op_exists(string name, string overload);
    [LibraryImport(Library)] public static partial int st_op_schema(IntPtr op, byte* buf, int cap);
    [LibraryImport(Library)] public static partial int st_call(IntPtr op, Val* args, int n, Val* rets, int cap);
    [LibraryImport(Library)] public static partial int st_from_blob(void* data, long* shape, int rank, int dtype, delegate* unmanaged<IntPtr, void> deleter, IntPtr context, out IntPtr h);

    // Leaf getters that never block or call back: no GC transition needed.
    [LibraryImport(Library), SuppressGCTransition] public static partial int st_rank(IntPtr h);
    [LibraryImport(Library), SuppressGCTransition] public static partial int st_dtype(IntPtr h);
    [LibraryImport(Library), SuppressGCTransition] public static partial long st_numel(IntPtr h);
    [LibraryImport(Library), SuppressGCTransition] public static partial long st_itemsize(IntPtr h);
    [LibraryImport(Library), SuppressGCTransition] public static partial long st_offset(IntPtr h);
    [LibraryImport(Library), SuppressGCTransition] public static partial void st_sizes(IntPtr h, long* o);
    [LibraryImport(Library), SuppressGCTransition] public static partial void st_strides(IntPtr h, long* o);
    [LibraryImport(Library), SuppressGCTransition] public static partial int st_is_contiguous(IntPtr h);
    [LibraryImport(Library), SuppressGCTransition] public static partial long st_device(IntPtr h);
    [LibraryImport(Library)] public static partial int st_data(IntPtr h, out IntPtr p);

    [LibraryImport(Library)] public static partial int st_requires_grad(IntPtr h);
    [LibraryImport(Library)] public static partial int st_is_leaf(IntPtr h);
    [LibraryImport(Library)] public static partial int st_retain_grad(IntPtr h);
    [LibraryImport(Library)] public static partial int st_set_requires_grad(IntPtr h, int on);
    [LibraryImport(Library)] public static partial int st_grad(IntPtr h, out IntPtr g);
    [LibraryImport(Library)] public static partial int st_set_grad(IntPtr h, IntPtr g);
    [LibraryImport(Library)] public static partial int st_backward(IntPtr* ys, int ny, IntPtr* gs, int ng, int retain, int create, IntPtr* xs, int nx);
    [LibraryImport(Library)] public static partial int st_autograd_grad(IntPtr* ys, int ny, IntPtr* xs, int nx, IntPtr* gs, int ng, int retain, int create, int allowUnused, IntPtr* outs);
    [LibraryImport(Library)] public static partial int st_grad_enabled();
    [LibraryImport(Library)] public static partial void st_set_grad_enabled(int on);
    [LibraryImport(Library)] public static partial int st_inference_enabled();
    [LibraryImport(Library)] public static partial IntPtr st_inference_enter(int on);
    [LibraryImport(Library)] public static partial void st_inference_leave(IntPtr guard);

    [LibraryImport(Library)] public static partial int st_manual_seed(long seed);
    [LibraryImport(Library)] public static partial int st_generator_default(long device, out IntPtr g);
    [LibraryImport(Library)] public static partial int st_generator_new(ulong seed, out IntPtr g);
    [LibraryImport(Library)] public static partial void st_generator_free(IntPtr g);
    [LibraryImport(Library)] public static partial long st_generator_device(IntPtr g);
    [LibraryImport(Library)] public static partial long st_generator_initial_seed(IntPtr g);
    [LibraryImport(Library)] public static partial int st_generator_manual_seed(IntPtr g, long seed);
    [LibraryImport(Library)] public static partial int st_generator_seed(IntPtr g, out long seed);
    [LibraryImport(Library)] public static partial int st_generator_get_state(IntPtr g, out IntPtr h);
    [LibraryImport(Library)] public static partial int st_generator_set_state(IntPtr g, IntPtr h);

    [LibraryImport(Library)] public static partial int st_get_threads();
    [LibraryImport(Library)] public static partial void st_set_threads(int n);
    [LibraryImport(Library)] public static partial int st_get_interop_threads();
    [LibraryImport(Library)] public static partial int st_set_interop_threads(int n);
    [LibraryImport(Library)] public static partial int st_has_cuda();
    [LibraryImport(Library)] public static partial int st_cuda_device_count();
    [LibraryImport(Library)] public static partial int st_cuda_synchronize(long index);
    [LibraryImport(Library)] public static partial int st_get_tf32_matmul();
    [LibraryImport(Library)] public static partial void st_set_tf32_matmul(int on);
    [LibraryImport(Library)] public static partial int st_get_tf32_cudnn();
    [LibraryImport(Library)] public static partial void st_set_tf32_cudnn(int on);

    /// <summary>Turns a failed call into the exception TorchSharp throws, with libtorch's own message.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check(int code)
    {
        if (code != 0)
        {
            Throw();
        }
    }

    private static void Throw() => throw new ExternalException(Marshal.PtrToStringUTF8((IntPtr)st_error()));
}
