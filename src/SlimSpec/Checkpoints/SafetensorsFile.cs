using System.IO.MemoryMappedFiles;

namespace SlimSpec;

/// <summary>
/// A safetensors file, memory-mapped. Only the part being copied is mapped at a time, so reading a file leaves no second
/// copy of it in the process's resident memory.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    // Elements are converted through a buffer of at most this many bytes.
    private const int BufferBytes = 8 << 20;

    private readonly Dictionary<string, SafetensorsInfo> _tensors;
    private readonly MemoryMappedFile _map;

    private SafetensorsFile(string path, List<SafetensorsInfo> tensors, MemoryMappedFile map)
    {
        Path = path;
        Names = [.. tensors.Select(tensor => tensor.Name)];
        _tensors = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _map = map;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Names of all tensors, in the order of their bytes.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens a file and checks its header against its length.</summary>
    /// <exception cref="SlimException">The file is missing, truncated or inconsistent; the message names the tensor.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var tensors = SafetensorsHeader.Read(path, stream);
            var map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            return new SafetensorsFile(path, tensors, map);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            stream?.Dispose();
            throw new SlimException($"{path}: cannot be read ({failure.Message})", failure);
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
    }

    /// <summary>Whether the file has a tensor of this name.</summary>
    public bool Contains(string name) => _tensors.ContainsKey(name);

    /// <summary>Dtype, shape and place of a tensor.</summary>
    /// <exception cref="SlimException">There is no such tensor.</exception>
    public SafetensorsInfo Info(string name) =>
        _tensors.TryGetValue(name, out var info)
            ? info
            : throw new SlimException($"{Path}: there is no tensor '{name}'{NearestName.Hint(name, Names)}");

    /// <summary>Copies a tensor's values into <paramref name="destination"/>, which has its shape, converting to its dtype on its device.</summary>
    /// <exception cref="SlimException">There is no such tensor, or the shapes differ.</exception>
    public void CopyTo(string name, torch.Tensor destination)
    {
        var info = Info(name);
        if (!destination.shape.SequenceEqual(info.Shape))
        {
            throw new SlimException($"{Path}: tensor '{name}' has shape [{string.Join(", ", info.Shape)}], expected [{string.Join(", ", destination.shape)}]");
        }

        if (info.ByteCount == 0)
        {
            return;
        }

        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var elementBytes = SafetensorsDtype.Of(info.Dtype).Bytes;
        var elements = info.ByteCount / elementBytes;
        var buffer = torch.empty([Math.Min(elements, BufferBytes / elementBytes)], dtype: info.Dtype);
        Fill(destination, info.Offset, elementBytes, buffer);
    }

    /// <summary>Copies some rows of a tensor into <paramref name="destination"/>, which has its width, converting to its dtype on its device.</summary>
    internal void CopyRows(string name, long firstRow, torch.Tensor destination)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var info = Info(name);
        var elementBytes = SafetensorsDtype.Of(info.Dtype).Bytes;
        var buffer = torch.empty([Math.Min(Math.Max(1, destination.numel()), BufferBytes / elementBytes)], dtype: info.Dtype);
        Fill(destination, info.Offset + (firstRow * (info.ByteCount / info.Shape[0])), elementBytes, buffer);
    }

    /// <summary>Reads a tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="dtype">Dtype to convert to, or null for the file's.</param>
    /// <param name="device">Where to put it, or null for the CPU.</param>
    /// <exception cref="SlimException">There is no such tensor.</exception>
    public torch.Tensor Load(string name, torch.ScalarType? dtype = null, torch.Device? device = null)
    {
        var info = Info(name);
        var tensor = torch.empty([.. info.Shape], dtype: dtype ?? info.Dtype, device: device ?? torch.CPU);
        CopyTo(name, tensor);
        return tensor;
    }

    /// <summary>Whether two tensors, of this or another file, have equal dtype, shape and bytes.</summary>
    internal bool SameBytes(string name, SafetensorsFile other, string otherName)
    {
        var (mine, theirs) = (Info(name), other.Info(otherName));
        if (mine.Dtype != theirs.Dtype || !mine.Shape.SequenceEqual(theirs.Shape))
        {
            return false;
        }

        var size = (int)Math.Min(mine.ByteCount, BufferBytes);
        var (left, right) = (new byte[size], new byte[size]);
        for (long done = 0; done < mine.ByteCount; done += size)
        {
            var part = (int)Math.Min(size, mine.ByteCount - done);
            Read(mine.Offset + done, left.AsSpan(0, part));
            other.Read(theirs.Offset + done, right.AsSpan(0, part));
            if (!left.AsSpan(0, part).SequenceEqual(right.AsSpan(0, part)))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _map.Dispose();

    // Fills a tensor whose elements lie in the file from `offset` on; a strided one is filled row by row.
    private void Fill(torch.Tensor destination, long offset, int elementBytes, torch.Tensor buffer)
    {
        if (!destination.is_contiguous())
        {
            var rowBytes = destination.numel() / destination.size(0) * elementBytes;
            for (long row = 0; row < destination.size(0); row++)
            {
                using var part = destination.select(0, row);
                Fill(part, offset + (row * rowBytes), elementBytes, buffer);
            }

            return;
        }

        using var flat = destination.view(-1);
        var inPlace = flat.dtype == buffer.dtype && flat.device_type == DeviceType.CPU;
        var elements = flat.numel();
        for (long done = 0; done < elements; done += buffer.numel())
        {
            var count = Math.Min(buffer.numel(), elements - done);
            using var target = flat.narrow(0, done, count);
            if (inPlace)
            {
                Read(offset + (done * elementBytes), target.bytes);
                continue;
            }

            using var source = buffer.narrow(0, 0, count);
            Read(offset + (done * elementBytes), source.bytes);
            target.copy_(source);
        }
    }

    private unsafe void Read(long offset, Span<byte> into)
    {
        using var view = _map.CreateViewAccessor(offset, into.Length, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            new ReadOnlySpan<byte>(start + view.PointerOffset, into.Length).CopyTo(into);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
