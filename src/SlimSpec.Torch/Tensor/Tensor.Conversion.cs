namespace TorchSharp;

public static partial class torch
{
    // Copies to another element type or device. Where nothing changes the result is a new object over the same tensor.
    public partial class Tensor
    {
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(Ops.to_device.Call(this, InitializeDevice(device), type, non_blocking, copy), disposeAfter);

        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            After(Ops.to_dtype.Call(this, type, non_blocking, copy), disposeAfter);

        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(type, copy, disposeAfter, non_blocking);

        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(dtype, device, copy, disposeAfter, non_blocking);

        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(new Device(device), copy, disposeAfter, non_blocking);

        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        public Tensor to(Tensor other, bool non_blocking = false) => to(other.dtype, other.device, non_blocking: non_blocking);

        public Tensor type(ScalarType dtype) => to(dtype);
        public Tensor type_as(Tensor tensor) => to(tensor.dtype);
        public Tensor cpu() => to(CPU);
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? CUDA, non_blocking: non_blocking);
        public Tensor @bool() => to(ScalarType.Bool);
        public Tensor @byte() => to(ScalarType.Byte);
        public Tensor @short() => to(ScalarType.Int16);
        public Tensor @int() => to(ScalarType.Int32);
        public Tensor @long() => to(ScalarType.Int64);
        public Tensor half() => to(ScalarType.Float16);
        public Tensor bfloat16() => to(ScalarType.BFloat16);
        public Tensor @float() => to(ScalarType.Float32);
        public Tensor @double() => to(ScalarType.Float64);

        private Tensor After(Tensor result, bool disposeAfter)
        {
            if (disposeAfter)
            {
                Dispose();
            }
            return result;
        }

        // ---- shared by the operators ------------------------------------------------------

        private static Tensor Typed(Tensor t, ScalarType? type) => type is { } wanted && wanted != t.dtype ? t.to(wanted, disposeAfter: true) : t;

        private static (Tensor, Tensor) Typed((Tensor, Tensor) pair, ScalarType? type) => (Typed(pair.Item1, type), Typed(pair.Item2, type));

        private static string Rounding(RoundingMode mode) => mode.ToString();

        private Tensor Into(Op op, Tensor result, long[] dims, bool keepdim)
        {
            op.CallInto(this, dims, keepdim, result);
            return result;
        }

        private Tensor Unflatten(long dim, long[] sizes)
        {
            var old = shape;
            var axis = dim < 0 ? dim + old.Length : dim;
            return view([.. old[..(int)axis], .. sizes, .. old[((int)axis + 1)..]]);
        }

        private (Tensor output, Tensor inverse_indices, Tensor counts) Unique(bool sorted, bool inverse, bool counts, int? dim) => dim is { } d
            ? Ops.unique_dim.Call3(this, d, sorted, inverse, counts)
            : Ops.unique2.Call3(this, sorted, inverse, counts);
    }

    /// <summary>How a quotient is rounded.</summary>
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }
}
