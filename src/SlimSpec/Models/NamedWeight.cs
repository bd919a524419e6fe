using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>A weight under the name it has in a Hugging Face checkpoint.</summary>
/// <param name="Name">For example <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Value">The parameter; a view into <see cref="WeightLeaf.Leaf"/>.</param>
public sealed record NamedWeight(string Name, Parameter Value);

/// <summary>
/// A tensor that autograd and optimizers see. Sibling linears that read one input (q, k, v; gate, up) are stored as one
/// matrix, so their gradient is one tensor too; <see cref="Split"/> hands it out to the named weights.
/// </summary>
/// <param name="Leaf">The stored matrix; its rows are the parts' rows in order.</param>
/// <param name="Parts">The named weights that share its storage.</param>
public sealed record WeightLeaf(Parameter Leaf, IReadOnlyList<NamedWeight> Parts) : IDisposable
{
    /// <summary>Makes an uninitialised matrix <c>[sum of rows, columns]</c> whose row ranges are the named weights.</summary>
    public static WeightLeaf Matrix(long columns, torch.ScalarType dtype, torch.Device device, params ReadOnlySpan<(string Name, long Rows)> parts)
    {
        long rows = 0;
        foreach (var part in parts)
        {
            rows += part.Rows;
        }

        return Over(torch.empty([rows, columns], dtype: dtype, device: device), parts);
    }

    /// <summary>Makes an uninitialised vector, a norm's weight.</summary>
    public static WeightLeaf Vector(string name, long size, torch.ScalarType dtype, torch.Device device) =>
        Over(torch.empty([size], dtype: dtype, device: device), [(name, size)]);

    /// <summary>A second owner of the same storage, so that the first may be freed.</summary>
    public WeightLeaf Share() => Over(Leaf.detach(), [.. Parts.Select(part => (part.Name, part.Value.size(0)))]);

    /// <summary>Frees the leaf and its parts; the storage goes with its last owner.</summary>
    public void Dispose()
    {
        foreach (var part in Parts)
        {
            part.Value.Dispose();
        }

        Leaf.Dispose();
    }

    /// <summary>Cuts a tensor shaped like <see cref="Leaf"/> (its gradient, say) into one view per part.</summary>
    public IEnumerable<(NamedWeight Weight, torch.Tensor Slice)> Split(torch.Tensor whole)
    {
        long row = 0;
        foreach (var part in Parts)
        {
            var rows = part.Value.size(0);
            yield return (part, Parts.Count == 1 ? whole : whole.narrow(0, row, rows));
            row += rows;
        }
    }

    private static WeightLeaf Over(torch.Tensor storage, ReadOnlySpan<(string Name, long Rows)> parts)
    {
        var leaf = Own(storage);
        if (parts.Length == 1)
        {
            return new(leaf, [new(parts[0].Name, leaf)]);
        }

        var weights = new NamedWeight[parts.Length];
        long row = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            using var rows = leaf.narrow(0, row, parts[i].Rows); // left to the caller's scope, it would keep the storage alive
            weights[i] = new(parts[i].Name, Own(rows.detach()));
            row += parts[i].Rows;
        }

        return new(leaf, weights);
    }

    private static Parameter Own(torch.Tensor tensor)
    {
        var parameter = new Parameter(tensor, requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
