namespace TorchSharp;

public static partial class torch
{
    /// <summary>A stream of random numbers. Equal seeds give equal streams, also equal to PyTorch's.</summary>
    public class Generator : IDisposable
    {
        private IntPtr handle;

        public Generator(ulong seed = 0, Device? device = null)
        {
            if (device is { type: not DeviceType.CPU })
            {
                throw new NotSupportedException($"a generator of one's own is for the CPU; '{device}' has its default generator");
            }
            NativeMethods.Check(NativeMethods.st_generator_new(seed, out handle));
        }

        private Generator(IntPtr handle) => this.handle = handle;

        ~Generator() => Dispose(false);

        /// <summary>The generator used where none is given.</summary>
        public static Generator Default
        {
            get
            {
                NativeMethods.Check(NativeMethods.st_generator_default(CPU.Bits, out var g));
                return new Generator(g);
            }
        }

        public IntPtr Handle => handle != 0 ? handle : throw new InvalidOperationException("Generator invalid -- empty handle.");

        public Device device => Device.FromBits(NativeMethods.st_generator_device(Handle));

        public long initial_seed()
        {
            var s = NativeMethods.st_generator_initial_seed(Handle);
            GC.KeepAlive(this);
            return s;
        }

        public long seed()
        {
            NativeMethods.Check(NativeMethods.st_generator_seed(Handle, out var s));
            GC.KeepAlive(this);
            return s;
        }

        public Generator manual_seed(long seed)
        {
            NativeMethods.Check(NativeMethods.st_generator_manual_seed(Handle, seed));
            GC.KeepAlive(this);
            return this;
        }

        public Tensor get_state()
        {
            NativeMethods.Check(NativeMethods.st_generator_get_state(Handle, out var h));
            GC.KeepAlive(this);
            return new Tensor(h);
        }

        public void set_state(Tensor value)
        {
            NativeMethods.Check(NativeMethods.st_generator_set_state(Handle, value.Handle));
            GC.KeepAlive(this);
            GC.KeepAlive(value);
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            var h = Interlocked.Exchange(ref handle, 0);
            if (h != 0)
            {
                NativeMethods.st_generator_free(h);
            }
        }
    }

    /// <summary>Seeds the default generators of all devices and returns the CPU's.</summary>
    public static Generator manual_seed(long seed)
    {
        NativeMethods.Check(NativeMethods.st_manual_seed(seed));
        return Generator.Default;
    }

    public static long initial_seed()
    {
        using var g = Generator.Default;
        return g.initial_seed();
    }

    public static long seed()
    {
        using var g = Generator.Default;
        return g.seed();
    }

    public static Tensor get_rng_state()
    {
        using var g = Generator.Default;
        return g.get_state();
    }

    public static void set_rng_state(Tensor new_state)
    {
        using var g = Generator.Default;
        g.set_state(new_state);
    }

    public static class random
    {
        public static Generator manual_seed(long seed) => torch.manual_seed(seed);
        public static long initial_seed() => torch.initial_seed();
        public static long seed() => torch.seed();
        public static Tensor get_rng_state() => torch.get_rng_state();
        public static void set_rng_state(Tensor new_state) => torch.set_rng_state(new_state);
    }
}
