using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SlimSpec;

/// <summary>The key-value part of a GGUF file, in the order of its making.</summary>
internal sealed class GgufMetadata
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    // GGUF's numbers of value types.
    private enum ValueType : uint
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
    }

    /// <summary>Number of keys.</summary>
    public ulong Count { get; private set; }

    /// <summary>The keys and values as the file has them.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Add(string key, string value)
    {
        Begin(key, ValueType.String);
        Write(value);
    }

    public void Add(string key, long value)
    {
        Begin(key, ValueType.UInt32);
        Write(checked((uint)value));
    }

    public void Add(string key, float value)
    {
        Begin(key, ValueType.Float32);
        Write(value);
    }

    public void Add(string key, bool value)
    {
        Begin(key, ValueType.Bool);
        _bytes.Write([value ? (byte)1 : (byte)0]);
    }

    public void Add(string key, IReadOnlyList<string> values)
    {
        BeginArray(key, ValueType.String, values.Count);
        foreach (var value in values)
        {
            Write(value);
        }
    }

    public void Add(string key, IReadOnlyList<int> values)
    {
        BeginArray(key, ValueType.Int32, values.Count);
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(Next(sizeof(int)), value);
        }
    }

    public void Add(string key, IReadOnlyList<float> values)
    {
        BeginArray(key, ValueType.Float32, values.Count);
        foreach (var value in values)
        {
            Write(value);
        }
    }

    private void BeginArray(string key, ValueType items, int count)
    {
        Begin(key, ValueType.Array);
        Write((uint)items);
        Write((ulong)count);
    }

    private void Begin(string key, ValueType type)
    {
        Count++;
        Write(key);
        Write((uint)type);
    }

    private void Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Write((ulong)bytes.Length);
        _bytes.Write(bytes);
    }

    private void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(sizeof(uint)), value);

    private void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(sizeof(ulong)), value);

    private void Write(float value) => BinaryPrimitives.WriteSingleLittleEndian(Next(sizeof(float)), value);

    private Span<byte> Next(int count)
    {
        var span = _bytes.GetSpan(count)[..count];
        _bytes.Advance(count);
        return span;
    }
}
