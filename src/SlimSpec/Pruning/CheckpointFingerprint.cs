using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SlimSpec;

/// <summary>
/// A short name for the weights of a checkpoint folder, quick for any size: SHA-256 over each <c>model*.safetensors</c> file's name,
/// length, header and 256 blocks of 4 KiB spread evenly over its data (all of it up to 1 MiB). Training changes nearly every
/// weight, so two checkpoints of one architecture differ; single flipped bits are not looked for.
/// </summary>
public static class CheckpointFingerprint
{
    private const int BlockBytes = 4096;
    private const int Blocks = 256;

    /// <summary>The fingerprint, 64 hexadecimal digits.</summary>
    /// <param name="folder">A folder in Hugging Face layout.</param>
    /// <exception cref="SlimException">The folder has no such file, or one cannot be read.</exception>
    public static string Of(string folder)
    {
        try
        {
            var files = Directory.GetFiles(folder, "model*.safetensors").Order(StringComparer.Ordinal).ToArray();
            if (files.Length == 0)
            {
                throw new SlimException($"{folder}: holds no model.safetensors");
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var file in files)
            {
                Add(hash, file);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new SlimException($"{folder}: cannot be read ({failure.Message})", failure);
        }
    }

    private static void Add(IncrementalHash hash, string path)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(path)}\n{length}\n"));

        // The header's length says where the data begins; a damaged one is the reader's to refuse.
        Span<byte> prefix = stackalloc byte[8];
        var headerLength = RandomAccess.Read(file, prefix, 0) == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(prefix) : 0;
        var data = 8 + (long)Math.Min(headerLength, (ulong)Math.Max(0, length - 8));
        AddRange(hash, file, 0, data);
        if (length - data <= (long)Blocks * BlockBytes)
        {
            AddRange(hash, file, data, length);
            return;
        }

        for (var block = 0; block < Blocks; block++)
        {
            var start = data + ((length - data - BlockBytes) / (Blocks - 1) * block);
            AddRange(hash, file, start, start + BlockBytes);
        }
    }

    private static void AddRange(IncrementalHash hash, Microsoft.Win32.SafeHandles.SafeFileHandle file, long start, long end)
    {
        Span<byte> buffer = stackalloc byte[BlockBytes];
        while (start < end)
        {
            var read = RandomAccess.Read(file, buffer[..(int)Math.Min(BlockBytes, end - start)], start);
            if (read == 0)
            {
                return;
            }

            hash.AppendData(buffer[..read]);
            start += read;
        }
    }
}
