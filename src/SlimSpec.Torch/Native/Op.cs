using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp;

/// <summary>One ATen operator, looked up by schema name on first use and called through the dispatcher.</summary>
internal sealed unsafe class Op(string name, string overload = "")
{
    private const int MaxArgs = 24;
    private const int ScratchLength = 64;
    private IntPtr handle;

    public string Name => overload.Length == 0 ? name : $"{name}.{overload}";

    /// <summary>Whether the loaded libtorch has this operator.</summary>
    public bool Exists => NativeMethods.st_op_exists(name, overload) != 0;

    public string Schema
    {
        get
        {
            byte* text = stackalloc byte[2048];
            NativeMethods.Check(NativeMethods.st_op_schema(Resolve(), text, 2048));
            return Marshal.PtrToStringUTF8((IntPtr)text)!;
        }
    }

    /// <summary>Calls an operator that returns one tensor.</summary>
    public torch.Tensor Call(params ReadOnlySpan<Arg> args)
    {
        Val r;
        Invoke(args, &r, 1);
        return new torch.Tensor(r.Pointer);
    }

    public (torch.Tensor, torch.Tensor) Call2(params ReadOnlySpan<Arg> args)
    {
        Val* r = stackalloc Val[2];
        Invoke(args, r, 2);
        return (new(r[0].Pointer), new(r[1].Pointer));
    }

    public (torch.Tensor, torch.Tensor, torch.Tensor) Call3(params ReadOnlySpan<Arg> args)
    {
        Val* r = stackalloc Val[3];
        Invoke(args, r, 3);
        return (new(r[0].Pointer), new(r[1].Pointer), new(r[2].Pointer));
    }

    public torch.Tensor[] CallList(params ReadOnlySpan<Arg> args)
    {
        Val r;
        Invoke(args, &r, 1);
        var list = new torch.Tensor[r.Length];
        for (var i = 0; i < list.Length; i++)
        {
            list[i] = new torch.Tensor(((IntPtr*)r.Pointer)[i]);
        }
        NativeMethods.st_free_array(r.Pointer);
        return list;
    }

    /// <summary>Calls an operator that returns a number or a truth value.</summary>
    public Val CallValue(params ReadOnlySpan<Arg> args)
    {
        Val r;
        Invoke(args, &r, 1);
        return r;
    }

    /// <summary>Calls an in-place operator on the first argument and returns that argument: the result is the receiver again.</summary>
    public torch.Tensor Do(params ReadOnlySpan<Arg> args)
    {
        Invoke(args, null, 0);
        return Unsafe.As<torch.Tensor>(args[0].Object!);
    }

    /// <summary>Calls an operator for its effect; its results are not wanted.</summary>
    public void CallInto(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    [SkipLocalsInit]
    private void Invoke(ReadOnlySpan<Arg> args, Val* results, int capacity)
    {
        Val* values = stackalloc Val[MaxArgs];
        long* scratch = stackalloc long[ScratchLength];   // list elements; what does not fit goes to the heap
        var used = 0;
        IntPtr heap = 0;
        try
        {
            for (var k = 0; k < args.Length; k++)
            {
                ref readonly var a = ref args[k];
                values[k].Tag = a.Tag;
                values[k].Length = 0;
                values[k].Int = a.Bits;
                if (a.Object is null)
                {
                    continue;
                }
                switch (a.Tag)
                {
                    case Tag.Tensor:
                        values[k].Pointer = Unsafe.As<torch.Tensor>(a.Object).Handle;
                        break;
                    case Tag.Gen:
                        values[k].Pointer = Unsafe.As<torch.Generator>(a.Object).Handle;
                        break;
                    default:
                        PutList(in a, ref values[k], scratch, ref used, ref heap);
                        break;
                }
            }
            NativeMethods.Check(NativeMethods.st_call(Resolve(), values, args.Length, results, capacity));
        }
        finally
        {
            while (heap != 0)
            {
                var next = *(IntPtr*)heap;
                NativeMemory.Free((void*)heap);
                heap = next;
            }
            foreach (ref readonly var a in args)
            {
                GC.KeepAlive(a.Object);   // handles are plain pointers: the wrappers must outlive the call
            }
        }
    }

    private IntPtr Resolve()
    {
        if (handle == 0)
        {
            NativeMethods.Check(NativeMethods.st_op(name, overload, out var found));
            handle = found;
        }
        return handle;
    }

    private static void PutList(in Arg a, ref Val value, long* scratch, ref int used, ref IntPtr heap)
    {
        switch (a.Object)
        {
            case long[] numbers:
                numbers.CopyTo(new Span<long>(Room(numbers.Length, ref value, scratch, ref used, ref heap), numbers.Length));
                break;
            case torch.Tensor?[] tensors:
                var handles = Room(tensors.Length, ref value, scratch, ref used, ref heap);
                for (var i = 0; i < tensors.Length; i++)
                {
                    handles[i] = tensors[i]?.Handle ?? 0;
                }
                break;
            case string text:
                var bytes = Encoding.UTF8.GetByteCount(text);
                var target = Room((bytes + 7) / 8, ref value, scratch, ref used, ref heap);
                value.Length = Encoding.UTF8.GetBytes(text, new Span<byte>(target, bytes));
                break;
        }
    }

    private static long* Room(int length, ref Val value, long* scratch, ref int used, ref IntPtr heap)
    {
        long* room;
        if (used + length <= ScratchLength)
        {
            room = scratch + used;
            used += length;
        }
        else
        {
            var block = (IntPtr*)NativeMemory.Alloc((nuint)length + 1, 8);   // the first word links the blocks
            *block = heap;
            heap = (IntPtr)block;
            room = (long*)(block + 1);
        }
        value.Length = length;
        value.Pointer = (IntPtr)room;
        return room;
    }
}
