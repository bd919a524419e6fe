namespace SlimSpec;

/// <summary>Reads a model's weights from a checkpoint's memory-mapped files whenever they are asked for.</summary>
internal sealed class CheckpointStream(CheckpointWeights weights) : WeightStream
{
    private CheckpointMatch? _match;

    /// <inheritdoc/>
    public override long BytesRead => _match?.BytesRead ?? 0;

    /// <summary>Checks the files against a model, and reads what is not streamed: ALiBi slopes.</summary>
    /// <exception cref="SlimException">A tensor is missing, is too many, or has another shape.</exception>
    public void Match(CausalLM model)
    {
        _match = CheckpointMatch.Of(weights, model);
        _match.ReadSlopes();
    }

    /// <inheritdoc/>
    public override void Dispose() => weights.Dispose();

    /// <inheritdoc/>
    protected override void Load(CausalLM model, int layer, IReadOnlyList<WeightLeaf> leaves)
    {
        var match = _match ?? throw new InvalidOperationException("The checkpoint was not matched with a model.");
        foreach (var leaf in leaves)
        {
            leaf.Allocate(model.Device);
            foreach (var tensor in leaf.Tensors)
            {
                match.Read(tensor);
            }
        }
    }
}
