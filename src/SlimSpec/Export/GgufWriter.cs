using System.Text;

namespace SlimSpec;

/// <summary>Writes GGUF files, version 3: header, metadata, places of the tensors, and the tensors one after the other.</summary>
internal static class GgufWriter
{
    private const uint Version = 3;
    private const int Alignment = 32;

    /// <summary>Writes a file in one step, taking one tensor's values at a time: it is there whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metadata">Its keys.</param>
    /// <param name="tensors">Its tensors, in file order.</param>
    /// <exception cref="SlimException">The place cannot be written.</exception>
    public static void Write(string path, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors) => AtomicFile.Write(path, stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)tensors.Count);
        writer.Write(metadata.Count);
        writer.Write(metadata.Bytes);
        long offset = 0;
        foreach (var tensor in tensors)
        {
            WritePlace(writer, tensor, offset);
            offset += Padded(tensor.ByteCount);
        }

        writer.Flush();
        Pad(stream);
        foreach (var tensor in tensors)
        {
            using var scope = torch.NewDisposeScope();
            GgufValues.Write(stream, tensor.Values(), tensor.Type);
            Pad(stream);
        }
    });

    private static void WritePlace(BinaryWriter writer, GgufTensor tensor, long offset)
    {
        var name = Encoding.UTF8.GetBytes(tensor.Name);
        writer.Write((ulong)name.Length);
        writer.Write(name);
        writer.Write((uint)tensor.Shape.Count);
        foreach (var size in tensor.Shape.Reverse()) // ggml counts the axis first along which values follow each other
        {
            writer.Write((ulong)size);
        }

        writer.Write((uint)tensor.Type);
        writer.Write((ulong)offset);
    }

    private static void Pad(Stream stream) => stream.Write(new byte[Padded(stream.Position) - stream.Position]);

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;
}

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its sizes, <c>[out, in]</c> or <c>[out]</c>.</param>
/// <param name="Type">Its number format there.</param>
/// <param name="Values">Gives its values when it is their turn; what it makes is freed behind them.</param>
internal sealed record GgufTensor(string Name, IReadOnlyList<long> Shape, GgufType Type, Func<torch.Tensor> Values)
{
    /// <summary>Bytes in the file.</summary>
    public long ByteCount => GgufValues.ByteCount(Type, Shape);
}
