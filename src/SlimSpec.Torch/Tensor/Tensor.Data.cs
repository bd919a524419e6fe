namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        internal IntPtr DataPointer
        {
            get
            {
                NativeMethods.Check(NativeMethods.st_data(Handle, out var p));
                GC.KeepAlive(this);
                return p;
            }
        }

        /// <summary>The elements' bytes, in order. The span is valid only as long as the tensor is.</summary>
        public Span<byte> bytes
        {
            get
            {
                var length = ReadableLength();
                return length <= int.MaxValue
                    ? new Span<byte>((void*)DataPointer, (int)length)
                    : throw new ArgumentException("Span only supports up to int.MaxValue elements.");
            }
            set
            {
                var target = bytes;
                if (target.Length != value.Length)
                {
                    throw new ArgumentException("Mismatched data sizes in SetBytes().");
                }
                value.CopyTo(target);
            }
        }

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var left = ReadableLength();
            var p = (byte*)DataPointer;
            while (left > 0)
            {
                var n = (int)Math.Min(left, 1 << 24);   // straight from the tensor: no buffer is needed
                stream.Write(new ReadOnlySpan<byte>(p, n));
                p += n;
                left -= n;
            }
            GC.KeepAlive(this);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var left = ReadableLength();
            var p = (byte*)DataPointer;
            while (left > 0)
            {
                var n = stream.Read(new Span<byte>(p, (int)Math.Min(left, 1 << 24)));
                if (n == 0)
                {
                    throw new EndOfStreamException();
                }
                p += n;
                left -= n;
            }
            GC.KeepAlive(this);
        }

        private long ReadableLength()
        {
            if (!is_contiguous())
            {
                throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            }
            if (device_type != DeviceType.CPU)
            {
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            }
            return NumberOfElements * ElementSize;
        }

        public Utils.TensorAccessor<T> data<T>() where T : unmanaged
        {
            ValidateType<T>();
            return new Utils.TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>() where T : unmanaged
        {
            ValidateType<T>();
            if (NumberOfElements != 1)
            {
                throw new ArgumentException("Number of elements in the tensor must be 1");
            }
            if (device_type == DeviceType.CPU)
            {
                var value = *(T*)DataPointer;
                GC.KeepAlive(this);
                return value;
            }
            using var here = cpu();
            return *(T*)here.DataPointer;
        }

        private void ValidateType<T>()
        {
            var wanted = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Bool => typeof(bool),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                var other => throw new ArgumentException($"No support for {other} in TorchSharp"),
            };
            if (typeof(T) != wanted)
            {
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            }
        }

        public T ReadCpuValue<T>(long i) where T : unmanaged => Utils.TensorAccessor<T>.Read(this, i);
        public bool ReadCpuBool(long i) => ReadCpuValue<bool>(i);
        public byte ReadCpuByte(long i) => ReadCpuValue<byte>(i);
        public sbyte ReadCpuSByte(long i) => ReadCpuValue<sbyte>(i);
        public short ReadCpuInt16(long i) => ReadCpuValue<short>(i);
        public int ReadCpuInt32(long i) => ReadCpuValue<int>(i);
        public long ReadCpuInt64(long i) => ReadCpuValue<long>(i);
        public float ReadCpuSingle(long i) => ReadCpuValue<float>(i);
        public double ReadCpuDouble(long i) => ReadCpuValue<double>(i);
        public float ReadCpuFloat16(long i) => (float)Utils.TensorAccessor<Half>.Read(this, i);
        public float ReadCpuBFloat16(long i) => BitConverter.Int32BitsToSingle(Utils.TensorAccessor<ushort>.Read(this, i) << 16);

        public Scalar ToScalar()
        {
            var v = Ops.item.CallValue(this);
            return v.Tag switch
            {
                Tag.Double => v.Double,
                Tag.Bool => v.Int != 0,
                _ => v.Int,
            };
        }

        public static explicit operator bool(Tensor value) => value.ToBoolean();
        public static explicit operator byte(Tensor value) => value.ToByte();
        public static explicit operator sbyte(Tensor value) => value.ToSByte();
        public static explicit operator short(Tensor value) => value.ToInt16();
        public static explicit operator int(Tensor value) => value.ToInt32();
        public static explicit operator long(Tensor value) => value.ToInt64();
        public static explicit operator float(Tensor value) => value.ToSingle();
        public static explicit operator double(Tensor value) => value.ToDouble();
    }
}
