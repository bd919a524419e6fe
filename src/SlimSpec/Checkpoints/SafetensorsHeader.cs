using System.Text.Json;

namespace SlimSpec;

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Dtype">Element type.</param>
/// <param name="Shape">Sizes, outermost first; empty for a single number.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="ByteCount">Bytes of all elements.</param>
public sealed record SafetensorsInfo(string Name, torch.ScalarType Dtype, IReadOnlyList<long> Shape, long Offset, long ByteCount);

/// <summary>
/// Reads and checks the header of a safetensors file: 8 bytes length (little endian), a JSON object of that length, then
/// the tensors' bytes without a gap (github.com/huggingface/safetensors, section Format). Nothing the file says is
/// believed before it is checked against the file's own length.
/// </summary>
internal static class SafetensorsHeader
{
    // The limit of the reference implementation (MAX_HEADER_SIZE).
    private const long LargestHeader = 100_000_000;

    /// <summary>Every tensor of the file, in the order of their bytes.</summary>
    /// <exception cref="SlimException">The file is not a whole and consistent safetensors file.</exception>
    public static List<SafetensorsInfo> Read(string path, Stream stream)
    {
        var fileLength = stream.Length;
        Span<byte> prefix = stackalloc byte[8];
        if (fileLength < prefix.Length)
        {
            throw new SlimException($"{path}: {fileLength} bytes are too few for a safetensors file; it is truncated or something else");
        }

        stream.ReadExactly(prefix);
        var declared = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (declared > LargestHeader)
        {
            throw new SlimException($"{path}: the header is said to have {declared} bytes, more than the {LargestHeader} the format allows; this is not a safetensors file");
        }

        var dataStart = prefix.Length + (long)declared;
        if (dataStart > fileLength)
        {
            throw new SlimException($"{path}: the header is said to have {declared} bytes, but the file ends after {fileLength}; it is truncated");
        }

        var json = new byte[(int)declared];
        stream.ReadExactly(json);
        var tensors = Parse(path, json, dataStart);
        tensors.Sort((a, b) => (a.Offset, a.ByteCount).CompareTo((b.Offset, b.ByteCount)));
        CheckLayout(path, tensors, dataStart, fileLength);
        return tensors;
    }

    private static List<SafetensorsInfo> Parse(string path, byte[] json, long dataStart)
    {
        var tensors = new List<SafetensorsInfo>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? current = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            Expect(ref reader, JsonTokenType.StartObject, "a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                current = null;
                var name = reader.GetString()!;
                current = name;
                if (!names.Add(name))
                {
                    throw new SlimException($"{path}: tensor '{name}' is in the header twice");
                }

                if (name == "__metadata__")
                {
                    reader.Read();
                    reader.Skip();
                    continue;
                }

                tensors.Add(ReadTensor(path, name, ref reader, dataStart));
            }

            current = null;
            // Padding after the object is white space; anything else makes this Read throw.
            reader.Read();
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or FormatException)
        {
            var place = current is null ? "" : $"tensor '{current}': ";
            throw new SlimException($"{path}: {place}the header is not valid JSON ({failure.Message})", failure);
        }

        return tensors;
    }

    private static SafetensorsInfo ReadTensor(string path, string name, ref Utf8JsonReader reader, long dataStart)
    {
        string? dtype = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            var again = key switch { "dtype" => dtype is not null, "shape" => shape is not null, "data_offsets" => offsets is not null, _ => false };
            if (again)
            {
                throw new SlimException($"{path}: tensor '{name}': '{key}' is given twice");
            }

            switch (key)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String, "a string");
                    dtype = reader.GetString();
                    break;
                case "shape":
                    shape = ReadIntegers(path, name, key, ref reader);
                    break;
                case "data_offsets":
                    offsets = ReadIntegers(path, name, key, ref reader);
                    break;
                default:
                    throw new SlimException($"{path}: tensor '{name}': unknown key '{key}'; the format has dtype, shape and data_offsets");
            }
        }

        if (dtype is null || shape is null || offsets is null)
        {
            var missing = dtype is null ? "dtype" : shape is null ? "shape" : "data_offsets";
            throw new SlimException($"{path}: tensor '{name}': '{missing}' is missing");
        }

        return Check(path, name, dtype, shape, offsets, dataStart);
    }

    private static SafetensorsInfo Check(string path, string name, string dtype, List<long> shape, List<long> offsets, long dataStart)
    {
        var known = SafetensorsDtype.Find(dtype)
            ?? throw new SlimException($"{path}: tensor '{name}': dtype '{dtype}' is not one of {string.Join(", ", SafetensorsDtype.Names)}{NearestName.Hint(dtype, SafetensorsDtype.Names)}");
        if (offsets.Count != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > long.MaxValue - dataStart)
        {
            throw new SlimException($"{path}: tensor '{name}': data_offsets [{string.Join(", ", offsets)}] are not a start and an end");
        }

        if (shape.Any(size => size < 0))
        {
            throw new SlimException($"{path}: tensor '{name}': shape [{string.Join(", ", shape)}] has a negative size");
        }

        var given = offsets[1] - offsets[0];
        if (ByteCount(shape, known.Bytes) is not { } needed)
        {
            throw new SlimException($"{path}: tensor '{name}': shape [{string.Join(", ", shape)}] of {dtype} has more bytes than can be counted");
        }

        if (needed != given)
        {
            throw new SlimException($"{path}: tensor '{name}': shape [{string.Join(", ", shape)}] of {dtype} needs {needed} bytes, but data_offsets hold {given}");
        }

        return new SafetensorsInfo(name, known.Dtype, shape, dataStart + offsets[0], given);
    }

    // Null where the sizes, zeros left out (torch multiplies strides without them), overflow.
    private static long? ByteCount(List<long> shape, int elementBytes)
    {
        var bytes = (System.Numerics.BigInteger)elementBytes;
        foreach (var size in shape)
        {
            bytes *= Math.Max(size, 1);
        }

        return bytes > long.MaxValue ? null : shape.Contains(0) ? 0 : (long)bytes;
    }

    private static List<long> ReadIntegers(string path, string name, string key, ref Utf8JsonReader reader)
    {
        // torch itself stops at 64 axes.
        const int MostAxes = 64;
        var numbers = new List<long>();
        Expect(ref reader, JsonTokenType.StartArray, "an array");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || numbers.Count == MostAxes)
            {
                throw new SlimException($"{path}: tensor '{name}': '{key}' is not a list of up to {MostAxes} integers");
            }

            numbers.Add(number);
        }

        return numbers;
    }

    // The tensors must fill the rest of the file, one behind the other.
    private static void CheckLayout(string path, List<SafetensorsInfo> tensors, long dataStart, long fileLength)
    {
        var end = dataStart;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset + tensor.ByteCount > fileLength)
            {
                throw new SlimException($"{path}: tensor '{tensor.Name}' ends at byte {tensor.Offset + tensor.ByteCount}, but the file has {fileLength}; it is truncated");
            }

            if (tensor.Offset != end)
            {
                throw new SlimException($"{path}: tensor '{tensor.Name}' {(tensor.Offset < end ? "overlaps the tensor before it" : "leaves a hole before it")}: it starts at byte {tensor.Offset}, expected {end}");
            }

            end += tensor.ByteCount;
        }

        if (end != fileLength)
        {
            throw new SlimException($"{path}: {fileLength - end} bytes after the last tensor belong to nothing");
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException($"{what} is expected at byte {reader.TokenStartIndex}");
        }
    }
}
