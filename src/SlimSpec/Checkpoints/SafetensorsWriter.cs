using System.Text;
using System.Text.Json;

namespace SlimSpec;

/// <summary>
/// Writes safetensors files: tensors in the order given, header padded to 8 bytes, <c>{"format": "pt"}</c> as metadata.
/// The same tensors give the same bytes.
/// </summary>
public static class SafetensorsWriter
{
    // Elements are converted and written in parts of at most this many.
    private const long PartElements = 2 << 20;

    /// <summary>Writes a file in one step: it is there whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">Names and values, in file order.</param>
    /// <param name="dtype">Dtype to convert to, or null for each tensor's own.</param>
    /// <exception cref="SlimException">A name comes twice, a dtype has no name in the format, or the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, torch.Tensor Value)> tensors, torch.ScalarType? dtype = null) =>
        Write(path, [.. tensors.Select(tensor => new StoredTensor(tensor.Name, tensor.Value.shape, dtype ?? tensor.Value.dtype, () => tensor.Value))]);

    /// <summary>Writes a file in one step, taking one tensor's values at a time.</summary>
    /// <inheritdoc cref="Write(string, IReadOnlyList{ValueTuple{string, torch.Tensor}}, torch.ScalarType?)"/>
    internal static void Write(string path, IReadOnlyList<StoredTensor> tensors) => WriteFile(path, tensors, stream =>
    {
        foreach (var tensor in tensors)
        {
            using var scope = torch.NewDisposeScope();
            WriteValues(stream, tensor.Values(), tensor.Dtype);
        }
    });

    /// <summary>Writes a file with one tensor that is never in memory whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="dtype">Its dtype.</param>
    /// <param name="parts">Its rows, some at a time, in order.</param>
    internal static void WriteParts(string path, string name, long[] shape, torch.ScalarType dtype, IEnumerable<torch.Tensor> parts)
    {
        var whole = new StoredTensor(name, shape, dtype, () => throw new InvalidOperationException("It comes in parts."));
        WriteFile(path, [whole], stream =>
        {
            foreach (var part in parts)
            {
                WriteValues(stream, part, dtype);
            }
        });
    }

    private static void WriteFile(string path, IReadOnlyList<StoredTensor> tensors, Action<Stream> writeValues)
    {
        var header = Header(path, tensors);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            writeValues(stream);
        });
    }

    private static byte[] Header(string path, IReadOnlyList<StoredTensor> tensors)
    {
        using var buffer = new MemoryStream();
        var names = new HashSet<string>(StringComparer.Ordinal);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            json.WriteString("format", "pt");
            json.WriteEndObject();
            long offset = 0;
            foreach (var tensor in tensors)
            {
                if (tensor.Name == "__metadata__" || !names.Add(tensor.Name))
                {
                    throw new SlimException($"{path}: tensor '{tensor.Name}' cannot be written: the name is taken");
                }

                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", SafetensorsDtype.Of(tensor.Dtype).Name);
                WriteIntegers(json, "shape", tensor.Shape);
                WriteIntegers(json, "data_offsets", offset, offset += tensor.ByteCount);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteIntegers(Utf8JsonWriter json, string key, params IReadOnlyList<long> values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the elements of a tensor, a part at a time.</summary>
    internal static void WriteValues(Stream stream, torch.Tensor value, torch.ScalarType dtype)
    {
        using var noGradients = torch.no_grad();
        var rows = value.is_contiguous() ? value.view(-1) : value; // a strided tensor is gathered a few rows at a time
        if (rows.numel() == 0)
        {
            return;
        }

        var count = rows.size(0);
        var partRows = Math.Max(1, PartElements / (rows.numel() / count));
        for (long done = 0; done < count; done += partRows)
        {
            using var scope = torch.NewDisposeScope();
            var part = rows.narrow(0, done, Math.Min(partRows, count - done));
            stream.Write(part.cpu().to(dtype).contiguous().bytes);
        }
    }
}

/// <summary>A tensor to be written.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Dtype">The dtype it is converted to.</param>
/// <param name="Values">Gives its values when it is their turn; what it makes is freed behind them.</param>
internal sealed record StoredTensor(string Name, IReadOnlyList<long> Shape, torch.ScalarType Dtype, Func<torch.Tensor> Values)
{
    /// <summary>Bytes in the file.</summary>
    public long ByteCount { get; } = Shape.Aggregate(1L, (product, size) => product * size) * SafetensorsDtype.Of(Dtype).Bytes;
}
