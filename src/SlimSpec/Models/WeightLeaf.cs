using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// A tensor that autograd and optimizers see. Sibling linears that read one input (q, k, v; gate, up) are stored as one
/// matrix, so their gradient is one tensor too; <see cref="Split"/> hands it out to the named weights.
/// </summary>
/// <remarks>
/// A leaf that is not loaded is on <c>torch.META</c>: it has sizes and a dtype, and no storage. Names, parts and tensors stay the same
/// objects when storage comes and goes; their values do not.
/// </remarks>
public sealed class WeightLeaf : IDisposable
{
    private readonly NamedWeight _whole;

    private WeightLeaf(torch.Tensor storage, ReadOnlySpan<(string Name, long Rows)> parts, string? packedName = null, CheckpointLayout layout = default)
    {
        Leaf = Own(storage);
        _whole = new(packedName ?? parts[0].Name, Leaf);
        Parts = parts.Length == 1 ? [_whole] : Rows(Leaf, parts);
        Tensors = packedName is null ? Separate(Parts) : [new(_whole, 0, layout, Parts)];
    }

    /// <summary>The stored matrix or vector; its rows are the parts' rows in order.</summary>
    public Parameter Leaf { get; private set; }

    /// <summary>Whether it has storage.</summary>
    public bool IsLoaded => Leaf.device_type != DeviceType.META;

    /// <summary>The named weights that share its storage.</summary>
    public IReadOnlyList<NamedWeight> Parts { get; }

    /// <summary>The tensors of a checkpoint that it is stored as: one for each part, or one for all.</summary>
    public IReadOnlyList<CheckpointTensor> Tensors { get; }

    /// <summary>The one tensor of a checkpoint that holds all of it.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint stores the parts each by itself.</exception>
    public CheckpointTensor Whole =>
        Tensors.Count == 1 ? Tensors[0] : throw new InvalidOperationException($"{string.Join(", ", Parts.Select(part => part.Name))} are stored each by itself.");

    /// <summary>What the model adds to a norm's weights before it scales with them: 1 in Gemma, whose norms scale by 1 + w.</summary>
    public double Offset { get; private init; }

    /// <summary>Makes an uninitialised matrix <c>[sum of rows, columns]</c> whose row ranges are the named weights.</summary>
    public static WeightLeaf Matrix(long columns, torch.ScalarType dtype, torch.Device device, params ReadOnlySpan<(string Name, long Rows)> parts) =>
        new(torch.empty([Sum(parts), columns], dtype: dtype, device: device), parts);

    /// <summary>Makes an uninitialised vector, a norm's weight or a bias.</summary>
    /// <param name="name">Name in the checkpoint.</param>
    /// <param name="size">Elements.</param>
    /// <param name="dtype">Dtype of the weights.</param>
    /// <param name="device">Where they are.</param>
    /// <param name="offset">What the model adds to them before it scales with them.</param>
    public static WeightLeaf Vector(string name, long size, torch.ScalarType dtype, torch.Device device, double offset = 0) =>
        new(torch.empty([size], dtype: dtype, device: device), [(name, size)]) { Offset = offset };

    /// <summary>Makes an uninitialised vector whose ranges are the named weights: biases of siblings.</summary>
    public static WeightLeaf Vectors(torch.ScalarType dtype, torch.Device device, params ReadOnlySpan<(string Name, long Rows)> parts) =>
        new(torch.empty([Sum(parts)], dtype: dtype, device: device), parts);

    /// <summary>
    /// Makes an uninitialised matrix <c>[sum of rows, columns]</c> that a checkpoint stores as one tensor. Its parts are
    /// named <c>NAME[part]</c>; one without a name of its own is all of the tensor and has the tensor's.
    /// </summary>
    /// <param name="name">Name in the checkpoint.</param>
    /// <param name="layout">How it is stored there.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="dtype">Dtype of the weights.</param>
    /// <param name="device">Where they are.</param>
    /// <param name="parts">The parts and their rows, in order.</param>
    /// <exception cref="ArgumentException">A part's rows cannot be divided among the units that are interleaved.</exception>
    public static WeightLeaf Packed(
        string name, CheckpointLayout layout, long columns, torch.ScalarType dtype, torch.Device device, params ReadOnlySpan<(string Part, long Rows)> parts) =>
        new(torch.empty([Sum(parts), columns], dtype: dtype, device: device), PartNames(name, layout, parts), name, layout);

    /// <summary>Makes an uninitialised vector that a checkpoint stores as one: the bias of a <see cref="Packed"/> matrix.</summary>
    /// <inheritdoc cref="Packed"/>
    public static WeightLeaf PackedVector(string name, CheckpointLayout layout, torch.ScalarType dtype, torch.Device device, params ReadOnlySpan<(string Part, long Rows)> parts) =>
        new(torch.empty([Sum(parts)], dtype: dtype, device: device), PartNames(name, layout, parts), name, layout);

    /// <summary>Lets a checkpoint lack its tensors, which are then zero: a bias that a cut adds to. Gives the leaf itself.</summary>
    public WeightLeaf OrZero()
    {
        foreach (var tensor in Tensors)
        {
            tensor.MayBeAbsent = true;
        }

        return this;
    }

    /// <summary>Gives it new, uninitialised storage. Gradients are off.</summary>
    /// <param name="device">Where.</param>
    public void Allocate(torch.Device device) => Store(torch.empty(Leaf.shape, dtype: Leaf.dtype, device: device));

    /// <summary>Frees its storage; sizes and dtype stay.</summary>
    public void Release() => Allocate(torch.META);

    /// <summary>Makes it a second owner of another leaf's storage, so that the first may be freed.</summary>
    /// <param name="other">A leaf of the same sizes and dtype.</param>
    /// <exception cref="ArgumentException">Its sizes or dtype are others.</exception>
    public void Adopt(WeightLeaf other)
    {
        if (other.Leaf.dtype != Leaf.dtype || !other.Leaf.shape.SequenceEqual(Leaf.shape))
        {
            throw new ArgumentException($"{_whole.Name} is [{string.Join(", ", Leaf.shape)}] {Leaf.dtype}, not [{string.Join(", ", other.Leaf.shape)}] {other.Leaf.dtype}.", nameof(other));
        }

        Store(other.Leaf.detach());
    }

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

    private void Store(torch.Tensor storage)
    {
        var old = Leaf;
        Leaf = Own(storage);
        _whole.Value = Leaf;
        long row = 0;
        foreach (var part in Parts.Where(part => part != _whole))
        {
            using var before = part.Value;
            part.Value = OwnRows(Leaf, row, before.size(0));
            row += before.size(0);
        }

        old.Dispose();
    }

    private static long Sum(ReadOnlySpan<(string Name, long Rows)> parts)
    {
        long rows = 0;
        foreach (var part in parts)
        {
            rows += part.Rows;
        }

        return rows;
    }

    private static (string Name, long Rows)[] PartNames(string name, CheckpointLayout layout, ReadOnlySpan<(string Part, long Rows)> parts)
    {
        var named = new (string, long)[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            var (part, rows) = parts[i];
            named[i] = !layout.InOrder && rows % layout.InterleavedUnits != 0
                ? throw new ArgumentException($"{name}: the {rows} rows of part {part} cannot be divided among {layout.InterleavedUnits} units.", nameof(parts))
                : (part.Length == 0 ? name : $"{name}[{part}]", rows);
        }

        return named;
    }

    private static NamedWeight[] Rows(Parameter leaf, ReadOnlySpan<(string Name, long Rows)> parts)
    {
        var weights = new NamedWeight[parts.Length];
        long row = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            weights[i] = new(parts[i].Name, OwnRows(leaf, row, parts[i].Rows));
            row += parts[i].Rows;
        }

        return weights;
    }

    private static CheckpointTensor[] Separate(IReadOnlyList<NamedWeight> parts)
    {
        var tensors = new CheckpointTensor[parts.Count];
        long row = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            tensors[i] = new(parts[i], row, CheckpointLayout.Plain, [parts[i]]);
            row += parts[i].Value.size(0);
        }

        return tensors;
    }

    private static Parameter OwnRows(Parameter leaf, long row, long count)
    {
        using var rows = leaf.narrow(0, row, count); // left to the caller's scope, it would keep the storage alive
        return Own(rows.detach());
    }

    private static Parameter Own(torch.Tensor tensor)
    {
        var parameter = new Parameter(tensor, requires_grad: false);
        parameter.DetachFromDisposeScope();
        return parameter;
    }
}
