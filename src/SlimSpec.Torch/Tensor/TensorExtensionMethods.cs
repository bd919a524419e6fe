namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static bool ToBoolean(this torch.Tensor value) => Item(value).Int64() != 0;
    public static byte ToByte(this torch.Tensor value) => checked((byte)Item(value).Int64());
    public static sbyte ToSByte(this torch.Tensor value) => checked((sbyte)Item(value).Int64());
    public static short ToInt16(this torch.Tensor value) => checked((short)Item(value).Int64());
    public static int ToInt32(this torch.Tensor value) => checked((int)Item(value).Int64());
    public static long ToInt64(this torch.Tensor value) => Item(value).Int64();
    public static Half ToHalf(this torch.Tensor value) => (Half)Item(value).Float64();
    public static float ToSingle(this torch.Tensor value) => (float)Item(value).Float64();
    public static double ToDouble(this torch.Tensor value) => Item(value).Float64();

    /// <summary>Bytes of one element.</summary>
    public static int ElementSize(this torch.ScalarType type) => type switch
    {
        torch.ScalarType.Byte or torch.ScalarType.Int8 or torch.ScalarType.Bool => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 or torch.ScalarType.ComplexFloat32 => 8,
        torch.ScalarType.ComplexFloat64 => 16,
        _ => throw new ArgumentException($"{type} is not an element type", nameof(type)),
    };

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, length) => product * length);

    /// <summary>Writes element type, shape and bytes in TorchSharp's own format.</summary>
    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        using var here = tensor.device_type == DeviceType.CPU ? null : tensor.cpu();
        using var plain = (here ?? tensor).contiguous();
        var shape = plain.shape;
        writer.Write7BitEncodedInt64((long)plain.dtype);
        writer.Write7BitEncodedInt64(shape.Length);
        foreach (var n in shape)
        {
            writer.Write7BitEncodedInt64(n);
        }
        writer.Flush();
        plain.WriteBytesToStream(writer.BaseStream);
    }

    /// <summary>Reads a saved tensor into this one, which has to have its element type and shape.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (dtype, shape) = ReadHead(reader);
        if (skip)
        {
            reader.BaseStream.Seek(dtype.ElementSize() * shape.TotalSize(), SeekOrigin.Current);
            return;
        }
        if (dtype != tensor.dtype)
        {
            throw new ArgumentException($"Mismatched tensor data types while loading: the file has {dtype}, the tensor {tensor.dtype}");
        }
        if (!shape.SequenceEqual(tensor.shape))
        {
            throw new ArgumentException($"Mismatched tensor shape while loading: the file has [{string.Join(", ", shape)}], the tensor [{string.Join(", ", tensor.shape)}]");
        }
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var quiet = torch.no_grad();
        using var here = torch.empty(shape, dtype, torch.CPU);
        here.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(here);
    }

    public static torch.Tensor Load(BinaryReader reader, bool skip = false)
    {
        var (dtype, shape) = ReadHead(reader);
        var result = torch.empty(shape, dtype, skip ? torch.META : torch.CPU);
        if (skip)
        {
            reader.BaseStream.Seek(dtype.ElementSize() * shape.TotalSize(), SeekOrigin.Current);
        }
        else
        {
            result.ReadBytesFromStream(reader.BaseStream);
        }
        return result;
    }

    private static (torch.ScalarType Type, long[] Shape) ReadHead(BinaryReader reader)
    {
        var dtype = (torch.ScalarType)reader.Read7BitEncodedInt64();
        var shape = new long[reader.Read7BitEncodedInt64()];
        for (var i = 0; i < shape.Length; i++)
        {
            shape[i] = reader.Read7BitEncodedInt64();
        }
        return (dtype, shape);
    }

    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    private static Val Item(torch.Tensor value) => Ops.item.CallValue(value);

    private static double Float64(this Val v) => v.Tag == Tag.Double ? v.Double : v.Int;

    private static long Int64(this Val v) => v.Tag == Tag.Double ? checked((long)v.Double) : v.Int;
}
