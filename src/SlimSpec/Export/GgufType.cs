using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SlimSpec;

/// <summary>Number formats of GGUF tensors, by ggml's numbers.</summary>
internal enum GgufType : uint
{
    F32 = 0,
    F16 = 1,
    Q8_0 = 8,
    Bf16 = 30,
}

/// <summary>Tensors in ggml's number formats, rounded as ggml rounds.</summary>
internal static class GgufValues
{
    /// <summary>Numbers that share a scale in <see cref="GgufType.Q8_0"/>: 32 signed bytes behind a float16.</summary>
    public const int BlockSize = 32;

    private const int BlockBytes = 2 + BlockSize;
    private const int PartRowsBytes = 8 << 20;

    /// <summary>Bytes of a tensor.</summary>
    public static long ByteCount(GgufType type, IReadOnlyList<long> shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return type == GgufType.Q8_0 ? count / BlockSize * BlockBytes : count * SafetensorsDtype.Of(ScalarTypeOf(type)).Bytes;
    }

    /// <summary>Writes a tensor's values, some rows at a time.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="value">The values; for <see cref="GgufType.Q8_0"/> with rows of whole blocks.</param>
    /// <param name="type">The number format.</param>
    public static void Write(Stream stream, torch.Tensor value, GgufType type)
    {
        if (type != GgufType.Q8_0)
        {
            SafetensorsWriter.WriteValues(stream, value, ScalarTypeOf(type));
            return;
        }

        var rows = Math.Max(1, PartRowsBytes / (sizeof(float) * value.size(1)));
        for (long done = 0; done < value.size(0); done += rows)
        {
            using var scope = torch.NewDisposeScope();
            using var noGradients = torch.no_grad();
            var part = value.narrow(0, done, Math.Min(rows, value.size(0) - done)).cpu().to(torch.ScalarType.Float32).contiguous();
            stream.Write(Quantize(MemoryMarshal.Cast<byte, float>(part.bytes)));
        }
    }

    // ggml's reference: scale is the largest magnitude / 127, numbers are rounded half away from zero, the scale is stored as float16 afterwards.
    private static byte[] Quantize(ReadOnlySpan<float> values)
    {
        var blocks = new byte[values.Length / BlockSize * BlockBytes];
        for (var block = 0; block < values.Length / BlockSize; block++)
        {
            var numbers = values.Slice(block * BlockSize, BlockSize);
            var target = blocks.AsSpan(block * BlockBytes, BlockBytes);
            var largest = 0f;
            foreach (var number in numbers)
            {
                largest = MathF.Max(largest, MathF.Abs(number));
            }

            var scale = largest / 127;
            var inverse = scale == 0 ? 0 : 1 / scale;
            BinaryPrimitives.WriteHalfLittleEndian(target, (Half)scale);
            for (var i = 0; i < BlockSize; i++)
            {
                target[2 + i] = (byte)(sbyte)MathF.Round(numbers[i] * inverse, MidpointRounding.AwayFromZero);
            }
        }

        return blocks;
    }

    private static torch.ScalarType ScalarTypeOf(GgufType type) => type switch
    {
        GgufType.F16 => torch.ScalarType.Float16,
        GgufType.Bf16 => torch.ScalarType.BFloat16,
        _ => torch.ScalarType.Float32,
    };
}
