namespace SlimSpec;

/// <summary>The element types of the safetensors format that torch has, under the names the format gives them.</summary>
internal static class SafetensorsDtype
{
    private static readonly (string Name, torch.ScalarType Dtype, int Bytes)[] Known =
    [
        ("F64", torch.ScalarType.Float64, 8),
        ("F32", torch.ScalarType.Float32, 4),
        ("F16", torch.ScalarType.Float16, 2),
        ("BF16", torch.ScalarType.BFloat16, 2),
        ("I64", torch.ScalarType.Int64, 8),
        ("I32", torch.ScalarType.Int32, 4),
        ("I16", torch.ScalarType.Int16, 2),
        ("I8", torch.ScalarType.Int8, 1),
        ("U8", torch.ScalarType.Byte, 1),
        ("BOOL", torch.ScalarType.Bool, 1),
    ];

    /// <summary>The names that can be read, for messages.</summary>
    public static IEnumerable<string> Names => Known.Select(entry => entry.Name);

    /// <summary>The torch dtype and element size of a name, or null where torch has none.</summary>
    public static (torch.ScalarType Dtype, int Bytes)? Find(string name)
    {
        foreach (var entry in Known)
        {
            if (entry.Name == name)
            {
                return (entry.Dtype, entry.Bytes);
            }
        }

        return null;
    }

    /// <summary>The format's name and the element size of a torch dtype.</summary>
    /// <exception cref="SlimException">The format has no such type.</exception>
    public static (string Name, int Bytes) Of(torch.ScalarType dtype)
    {
        foreach (var entry in Known)
        {
            if (entry.Dtype == dtype)
            {
                return (entry.Name, entry.Bytes);
            }
        }

        throw new SlimException($"safetensors has no dtype for {dtype}; choose one of {string.Join(", ", Known.Select(entry => entry.Dtype))}");
    }
}
