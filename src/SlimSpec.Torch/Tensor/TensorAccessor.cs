using System.Collections;

namespace TorchSharp.Utils;

/// <summary>Typed reading and writing of the elements of a tensor in main memory, in the tensor's own order and strides.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor tensor;
    private readonly T* data;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
        {
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
        this.tensor = tensor;
        data = (T*)tensor.DataPointer;
    }

    public long Count => tensor.NumberOfElements;

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => data[Offset(indices)];
        set => data[Offset(indices)] = value;
    }

    public T[] ToArray()
    {
        var result = new T[checked((int)Count)];
        CopyTo(result.AsSpan());
        return result;
    }

    /// <summary>The elements as an array of the tensor's rank.</summary>
    public Array ToNDArray()
    {
        var shape = tensor.shape;
        if (shape.Length == 0)
        {
            shape = [1];
        }
        var result = Array.CreateInstance(typeof(T), shape);
        var flat = ToArray();
        var where = new long[shape.Length];
        foreach (var value in flat)
        {
            result.SetValue(value, where);
            for (var d = shape.Length - 1; d >= 0 && ++where[d] == shape[d]; d--)
            {
                where[d] = 0;
            }
        }
        return result;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        if (tensor.is_contiguous())
        {
            new ReadOnlySpan<T>(data + tensorIndex, checked((int)(Count - tensorIndex))).CopyTo(array[arrayIndex..]);
            GC.KeepAlive(tensor);
            return;
        }
        foreach (var offset in Offsets().Skip(checked((int)tensorIndex)))
        {
            array[arrayIndex++] = data[offset];
        }
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var source = array[arrayIndex..];
        if (tensor.is_contiguous())
        {
            source.CopyTo(new Span<T>(data + tensorIndex, checked((int)(Count - tensorIndex))));
            GC.KeepAlive(tensor);
            return;
        }
        var i = 0;
        foreach (var offset in Offsets().Skip(checked((int)tensorIndex)))
        {
            if (i == source.Length)
            {
                return;
            }
            data[offset] = source[i++];
        }
    }

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var offset in Offsets())
        {
            yield return At(offset);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => GC.SuppressFinalize(this);

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && Count == other.Count && this.SequenceEqual(other);

    public override int GetHashCode() => tensor.GetHashCode();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.Equals(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !left.Equals(right);

    /// <summary>The element with number <paramref name="i"/> of a tensor in main memory.</summary>
    internal static T Read(torch.Tensor tensor, long i)
    {
        if (i < 0 || i >= tensor.NumberOfElements)
        {
            throw new IndexOutOfRangeException("The index is greater than the number of elements in the tensor");
        }
        using var accessor = new TensorAccessor<T>(tensor);
        return tensor.is_contiguous() ? accessor.At(i) : accessor.At(accessor.Offsets().ElementAt(checked((int)i)));
    }

    private T At(long offset) => data[offset];

    private long Offset(long[] indices)
    {
        var shape = tensor.shape;
        var strides = tensor.stride();
        if (indices.Length == 1 && shape.Length != 1)
        {
            if (indices[0] < 0 || indices[0] >= Count)
            {
                throw new IndexOutOfRangeException($"index {indices[0]} is outside a tensor of {Count} elements");
            }
            return tensor.is_contiguous() ? indices[0] : Offsets().ElementAt(checked((int)indices[0]));
        }
        if (indices.Length != shape.Length)
        {
            throw new ArgumentException($"{indices.Length} indices given for a tensor of rank {shape.Length}");
        }
        long offset = 0;
        for (var d = 0; d < shape.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= shape[d])
            {
                throw new IndexOutOfRangeException($"index {indices[d]} is outside dimension {d} of length {shape[d]}");
            }
            offset += indices[d] * strides[d];
        }
        return offset;
    }

    private IEnumerable<long> Offsets()
    {
        var shape = tensor.shape;
        var strides = tensor.stride();
        var where = new long[shape.Length];
        long offset = 0;
        for (var left = tensor.NumberOfElements; left > 0; left--)
        {
            yield return offset;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                offset += strides[d];
                if (++where[d] < shape[d])
                {
                    break;
                }
                offset -= strides[d] * shape[d];
                where[d] = 0;
            }
        }
    }
}
