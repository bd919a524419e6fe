using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A tensor of libtorch. It owns one reference to it, given back by <see cref="Dispose()"/>, by the dispose scope
    /// it was made in, or at last by the finalizer (which knows nothing of native memory: use scopes).
    /// </summary>
    public unsafe partial class Tensor : IDisposable
    {
        private static long totalCount;
        private static long peakCount;
        private IntPtr handle;

        internal DisposeScope? Scope;
        internal int ScopeSlot;

        internal Tensor(IntPtr handle)
            : this(handle, true)
        {
        }

        internal Tensor(IntPtr handle, bool register)
        {
            this.handle = handle;
            var live = Interlocked.Increment(ref totalCount);
            if (live > peakCount)
            {
                peakCount = live;
            }
            if (register)
            {
                DisposeScopeManager.ThreadSingleton.Register(this);
            }
        }

        ~Tensor() => Dispose(false);

        public static Tensor UnsafeCreateTensor(IntPtr handle) => new(handle);

        /// <summary>Tensors alive now, of all threads.</summary>
        public static long TotalCount => Interlocked.Read(ref totalCount);

        /// <summary>The most tensors that were alive at once.</summary>
        public static long PeakCount => peakCount;

        public IntPtr Handle
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get
            {
                if (handle == 0)
                {
                    ThrowEmpty();
                }
                return handle;
            }
        }

        public bool IsInvalid => handle == 0;

        public string? name { get; set; }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var h = Interlocked.Exchange(ref handle, 0);
            if (h == 0)
            {
                return;
            }
            var statistics = DisposeScopeManager.ThreadSingleton.Tensors;
            if (Scope is { } scope)
            {
                statistics.DisposedInScopeCount++;
                if (disposing)
                {
                    scope.Remove(this);
                }
            }
            else
            {
                statistics.DisposedOutsideScopeCount++;
            }
            Interlocked.Decrement(ref totalCount);
            NativeMethods.st_release(h);
        }

        /// <summary>Empties this object and hands its reference to the caller.</summary>
        public IntPtr DecoupleFromNativeHandle()
        {
            GC.SuppressFinalize(this);
            var h = Handle;
            handle = 0;
            Interlocked.Decrement(ref totalCount);
            return h;
        }

        public Tensor MoveToOuterDisposeScope()
        {
            Scope?.MoveToOuter(this);
            return this;
        }

        public Tensor MoveToOtherDisposeScope(Tensor other) => MoveToOtherDisposeScope(other.Scope);

        public Tensor MoveToOtherDisposeScope(DisposeScope? other)
        {
            if (Scope is { } scope)
            {
                scope.MoveToOther(other, this);
            }
            else
            {
                other?.Attach(this);
            }
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            Scope?.Detach(this);
            return this;
        }

        public override bool Equals(object? obj) => obj is Tensor t && Equals(t);

        /// <summary>Whether both have the same shape and elements.</summary>
        public bool Equals(Tensor target) => Ops.equal.CallValue(this, target).Int != 0;

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

        /// <summary>Shape, element type and device.</summary>
        public override string ToString() => $"[{string.Join("x", shape)}], type = {dtype}, device = {device}";

        private static void ThrowEmpty() => throw new InvalidOperationException("Tensor invalid -- empty handle.");

        // ---- shape, type, place -------------------------------------------------------------

        public long[] shape
        {
            get
            {
                var s = new long[NativeMethods.st_rank(Handle)];
                fixed (long* p = s)
                {
                    NativeMethods.st_sizes(handle, p);
                }
                GC.KeepAlive(this);
                return s;
            }
        }

        public long[] size() => shape;

        public long size(int dim)
        {
            long* s = stackalloc long[64];
            NativeMethods.st_sizes(Handle, s);
            var length = s[Axis(dim)];
            GC.KeepAlive(this);
            return length;
        }

        public long[] stride()
        {
            var s = new long[NativeMethods.st_rank(Handle)];
            fixed (long* p = s)
            {
                NativeMethods.st_strides(handle, p);
            }
            GC.KeepAlive(this);
            return s;
        }

        public long stride(int dim) => stride()[Axis(dim)];

        private int Axis(int dim)
        {
            var rank = NativeMethods.st_rank(Handle);
            if (dim < -rank || dim >= rank)
            {
                throw new ExternalException($"Dimension out of range (expected to be in range of [{-rank}, {rank - 1}], but got {dim})");
            }
            return dim < 0 ? dim + rank : dim;
        }

        public long Dimensions => NativeMethods.st_rank(Handle);
        public long dim() => Dimensions;
        public long ndim => Dimensions;
        public long NumberOfElements => NativeMethods.st_numel(Handle);
        public long numel() => NumberOfElements;
        public long ElementSize => NativeMethods.st_itemsize(Handle);
        public long element_size() => ElementSize;
        public long storage_offset() => NativeMethods.st_offset(Handle);
        public ScalarType dtype => (ScalarType)NativeMethods.st_dtype(Handle);
        public Device device => Device.FromBits(NativeMethods.st_device(Handle));
        public DeviceType device_type => (DeviceType)(NativeMethods.st_device(Handle) & 0xff);
        public int device_index => (int)(NativeMethods.st_device(Handle) >> 8) - 1;
        public bool is_contiguous() => NativeMethods.st_is_contiguous(Handle) != 0;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_nonzero() => ToScalar().ToBoolean();

        // ---- autograd -----------------------------------------------------------------------

        public bool is_leaf => NativeMethods.st_is_leaf(Handle) != 0;

        public bool requires_grad
        {
            get => NativeMethods.st_requires_grad(Handle) != 0;
            set
            {
                NativeMethods.Check(NativeMethods.st_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad()
        {
            NativeMethods.Check(NativeMethods.st_retain_grad(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>The gradient, as a new object at each reading, or null where there is none.</summary>
        public Tensor? grad
        {
            get
            {
                NativeMethods.Check(NativeMethods.st_grad(Handle, out var g));
                GC.KeepAlive(this);
                return g == 0 ? null : new Tensor(g);
            }
            set
            {
                NativeMethods.Check(NativeMethods.st_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);
    }
}
