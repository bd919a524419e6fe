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

    public static Modules.Parameter AsParameter(this torch.Tensor tensor) => new(tensor);

    private static Val Item(torch.Tensor value) => Ops.item.CallValue(value);

    private static double Float64(this Val v) => v.Tag == Tag.Double ? v.Double : v.Int;

    private static long Int64(this Val v) => v.Tag == Tag.Double ? checked((long)v.Double) : v.Int;
}
