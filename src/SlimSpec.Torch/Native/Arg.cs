namespace TorchSharp;

/// <summary>An operator argument on its way to the dispatcher.</summary>
internal readonly struct Arg
{
    internal readonly object? Object;
    internal readonly long Bits;
    internal readonly Tag Tag;

    private Arg(Tag tag, object? value, long bits)
    {
        Tag = tag;
        Object = value;
        Bits = bits;
    }

    /// <summary>No value for an optional parameter.</summary>
    public static Arg None => default;

    public static implicit operator Arg(torch.Tensor? t) => t is null ? default : new(Tag.Tensor, t, 0);
    public static implicit operator Arg(torch.Tensor?[] v) => new(Tag.Tensors, v, 0);
    public static implicit operator Arg(long v) => new(Tag.Int, null, v);
    public static implicit operator Arg(int v) => new(Tag.Int, null, v);
    public static implicit operator Arg(double v) => new(Tag.Double, null, BitConverter.DoubleToInt64Bits(v));
    public static implicit operator Arg(bool v) => new(Tag.Bool, null, v ? 1 : 0);
    public static implicit operator Arg(long? v) => v is { } x ? x : default(Arg);
    public static implicit operator Arg(int? v) => v is { } x ? x : default(Arg);
    public static implicit operator Arg(double? v) => v is { } x ? x : default(Arg);
    public static implicit operator Arg(long[]? v) => v is null ? default : new(Tag.Ints, v, 0);
    public static implicit operator Arg(string? v) => v is null ? default : new(Tag.Str, v, 0);
    public static implicit operator Arg(torch.ScalarType v) => new(Tag.Int, null, (long)v);
    public static implicit operator Arg(torch.ScalarType? v) => v is { } x ? x : default(Arg);
    public static implicit operator Arg(torch.Device? v) => v is null ? default : new(Tag.Dev, null, v.Bits);
    public static implicit operator Arg(Scalar? v) => v is null ? default : new(v.Tag, null, v.Bits);
    public static implicit operator Arg(torch.Generator? v) => v is null ? default : new(Tag.Gen, v, 0);
}
