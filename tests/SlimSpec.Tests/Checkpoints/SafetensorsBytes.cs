using System.Buffers.Binary;
using System.Text;

namespace SlimSpec.Tests.Checkpoints;

/// <summary>Safetensors files put together by hand, right or wrong.</summary>
internal static class SafetensorsBytes
{
    /// <summary>Length, header and data, each as given.</summary>
    public static byte[] File(string header, byte[]? data = null, ulong? declared = null) => File(Encoding.UTF8.GetBytes(header), data, declared);

    public static byte[] File(byte[] header, byte[]? data = null, ulong? declared = null)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, declared ?? (ulong)header.Length);
        return [.. length, .. header, .. data ?? []];
    }

    public static byte[] Of<T>(params T[] values)
        where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
