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
    /// <param name="tensors">Names and values, in file order. Each value is enumerated twice: for the header, then to be written.</param>
    /// <param name="dtype">Dtype to convert to, or null for each tensor's own.</param>
    /// <exception cref="SlimException">A name comes twice, a dtype has no name in the format, or the file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<(string Name, torch.Tensor Value)> tensors, torch.ScalarType? dtype = null)
    {
        var header = Header(path, tensors, dtype);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, value) in tensors)
            {
                WriteValues(stream, value, dtype ?? value.dtype);
            }
        });
    }

    private static byte[] Header(string path, IReadOnlyList<(string Name, torch.Tensor Value)> tensors, torch.ScalarType? dtype)
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
            foreach (var (name, value) in tensors)
            {
                if (name == "__metadata__" || !names.Add(name))
                {
                    throw new SlimException($"{path}: tensor '{name}' cannot be written: the name is taken");
                }

                var (dtypeName, bytes) = SafetensorsDtype.Of(dtype ?? value.dtype);
                json.WriteStartObject(name);
                json.WriteString("dtype", dtypeName);
                WriteIntegers(json, "shape", value.shape);
                WriteIntegers(json, "data_offsets", offset, offset += value.numel() * bytes);
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

    private static void WriteIntegers(Utf8JsonWriter json, string key, params ReadOnlySpan<long> values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteValues(Stream stream, torch.Tensor value, torch.ScalarType dtype)
    {
        using var noGradients = torch.no_grad();
        if (!value.is_contiguous() && value.dim() > 0)
        {
            for (long row = 0; row < value.size(0); row++)
            {
                using var part = value.select(0, row);
                WriteValues(stream, part, dtype);
            }

            return;
        }

        using var flat = value.view(-1);
        for (long done = 0; done < flat.numel(); done += PartElements)
        {
            using var scope = torch.NewDisposeScope();
            var part = flat.narrow(0, done, Math.Min(PartElements, flat.numel() - done));
            stream.Write(part.cpu().to(dtype).bytes);
        }
    }
}
