namespace SlimSpec;

/// <summary>The tensors of a model under the names, in the order of rows and in the number formats that a graph of llama.cpp has.</summary>
/// <param name="model">The model, in memory or streamed.</param>
/// <param name="layout">How its architecture is said in GGUF.</param>
/// <param name="graph">The graph.</param>
/// <param name="dtype">Number format of matrices; what is none stays float32.</param>
internal sealed class GgufTensors(CausalLM model, GgufLayout layout, GgufGraph graph, ExportDtype dtype)
{
    private const string LayerName = "blk";

    /// <summary>The tensors, in the checkpoint's order.</summary>
    /// <param name="weights">Brings them into memory.</param>
    public IReadOnlyList<GgufTensor> All(WeightCursor weights)
    {
        var tensors = model.Tensors.Select(tensor => Of(tensor, weights));
        return layout.Rotation is { Scaling: { LinearFactor: null } scaling } rotation ? [.. tensors, Frequencies(rotation, scaling)] : [.. tensors];
    }

    private GgufTensor Of(CheckpointTensor tensor, WeightCursor weights)
    {
        var dot = tensor.Name.LastIndexOf('.');
        var (weight, kind) = (tensor.Name[..dot], tensor.Name[(dot + 1)..]);
        var shape = tensor.Weight.Value.shape;
        var type = TypeOf(weight, shape);
        if (layout.Tensors.TryGetValue(weight, out var outer))
        {
            return new($"{outer}.{kind}", shape, type, () => Rows(tensor, weights));
        }

        var (layer, inner) = Divide(weight);
        return layout.LayerTensors.TryGetValue(inner, out var name)
            ? new($"{LayerName}.{layer}.{name}.{kind}", shape, type, () => Rotated(inner, Rows(tensor, weights)))
            : throw new SlimException($"the architecture's gguf section has no name for the tensor '{tensor.Name}'");
    }

    private (string Layer, string Weight) Divide(string weight)
    {
        var rest = weight[(layout.LayerPrefix.Length + 1)..];
        var dot = rest.IndexOf('.');
        return (rest[..dot], rest[(dot + 1)..]);
    }

    // The model's rows, [out, in]: GGUF has neither transposed matrices nor those in which heads take turns.
    private static torch.Tensor Rows(CheckpointTensor tensor, WeightCursor weights)
    {
        weights.MoveTo(tensor.Name);
        return tensor.Weight.Value.detach();
    }

    // Rows of each head in the order in which the graph rotates them.
    private torch.Tensor Rotated(string weight, torch.Tensor rows)
    {
        if (layout.Rotation is not { } rotation || rotation.RotatesNeighbours == graph.RotatesNeighbours || !rotation.Weights.Contains(weight))
        {
            return rows;
        }

        var half = rotation.HeadDim / 2;
        var pairs = graph.RotatesNeighbours ? rows.unflatten(0, -1, 2, half) : rows.unflatten(0, -1, half, 2);
        return pairs.transpose(1, 2).flatten(0, 2);
    }

    private GgufType TypeOf(string weight, long[] shape) =>
        shape.Length == 1 || layout.Exact.Contains(weight) ? GgufType.F32
        : dtype switch
        {
            ExportDtype.F32 => GgufType.F32,
            ExportDtype.F16 => GgufType.F16,
            ExportDtype.Bf16 => GgufType.Bf16,
            _ => shape[1] % GgufValues.BlockSize == 0 ? GgufType.Q8_0 : GgufType.F16, // as llama.cpp's own converter does
        };

    // What each frequency is divided by.
    private static GgufTensor Frequencies(GgufRotation rotation, RotaryScaling scaling)
    {
        var factors = Enumerable.Range(0, rotation.HeadDim / 2).Select(pair => Math.Pow(rotation.Theta, -2.0 * pair / rotation.HeadDim)).Select(frequency => (float)(frequency / scaling.Apply(frequency))).ToArray();
        return new("rope_freqs.weight", [factors.Length], GgufType.F32, () => torch.tensor(factors));
    }
}
