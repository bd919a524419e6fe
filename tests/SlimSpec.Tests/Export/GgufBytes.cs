using System.Text;

namespace SlimSpec.Tests.Export;

/// <summary>A GGUF file as its bytes say it, read without the code that writes them.</summary>
internal sealed class GgufBytes
{
    private const int Alignment = 32;
    private readonly byte[] _bytes;
    private readonly long _start;

    public GgufBytes(string path)
    {
        _bytes = File.ReadAllBytes(path);
        using var reader = new BinaryReader(new MemoryStream(_bytes));
        Encoding.ASCII.GetString(reader.ReadBytes(4)).ShouldBe("GGUF");
        reader.ReadUInt32().ShouldBe(3u);
        var (tensors, keys) = (reader.ReadUInt64(), reader.ReadUInt64());
        for (ulong i = 0; i < keys; i++)
        {
            Metadata.Add(Text(reader), Value(reader, reader.ReadUInt32()));
        }

        for (ulong i = 0; i < tensors; i++)
        {
            Tensors.Add(Text(reader), ([.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64())], reader.ReadUInt32(), reader.ReadInt64()));
        }

        _start = (reader.BaseStream.Position + Alignment - 1) / Alignment * Alignment;
    }

    public Dictionary<string, object> Metadata { get; } = [];

    /// <summary>Sizes, the last axis first, type and offset.</summary>
    public Dictionary<string, (long[] Shape, uint Type, long Offset)> Tensors { get; } = [];

    /// <summary>A tensor's bytes.</summary>
    public ReadOnlySpan<byte> Of(string name, int bytes)
    {
        var place = _start + Tensors[name].Offset;
        (place % Alignment).ShouldBe(0);
        return _bytes.AsSpan((int)place, bytes);
    }

    /// <summary>The numbers of a float32 tensor.</summary>
    public float[] Floats(string name)
    {
        Tensors[name].Type.ShouldBe(0u);
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Of(name, 4 * (int)Tensors[name].Shape.Aggregate((product, size) => product * size))).ToArray();
    }

    private static string Text(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object Value(BinaryReader reader, uint type) => type switch
    {
        4 => reader.ReadUInt32(),
        5 => reader.ReadInt32(),
        6 => reader.ReadSingle(),
        7 => reader.ReadBoolean(),
        8 => Text(reader),
        9 => Items(reader, reader.ReadUInt32()),
        _ => throw new InvalidDataException($"type {type}"),
    };

    private static object[] Items(BinaryReader reader, uint type) => [.. Enumerable.Range(0, (int)reader.ReadUInt64()).Select(_ => Value(reader, type))];
}
