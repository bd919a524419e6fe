namespace SlimSpec;

/// <summary>Runs the layers of a model with and without what a depth cut takes away: the whole layer, or one of its two branches.</summary>
/// <param name="model">The model.</param>
/// <param name="unit"><see cref="DepthCut.Unit"/>.</param>
/// <param name="gone">Layers that have lost it already.</param>
internal sealed class DepthUnit(CausalLM model, string unit, IReadOnlySet<int> gone)
{
    /// <summary>Whether the unit is the layer.</summary>
    public bool IsBlock => unit == DepthCut.Block;

    /// <summary>Layers that are gone whole.</summary>
    public IReadOnlySet<int> MissingLayers { get; } = unit == DepthCut.Block ? gone : new HashSet<int>();

    /// <summary>A layer as it now is, one batch <c>[rows, tokens, hidden]</c> to the same; the caller holds its weights.</summary>
    public torch.Tensor Run(int layer, torch.Tensor ids, torch.Tensor hidden) =>
        gone.Contains(layer) ? Without(layer, ids, hidden) : LayerSteps.Run(model, layer, ids, hidden);

    /// <summary>A layer without the unit; without the whole layer, another handle on <paramref name="hidden"/>.</summary>
    public torch.Tensor Without(int layer, torch.Tensor ids, torch.Tensor hidden) => IsBlock ? hidden.detach() : Without([unit], layer, ids, hidden);

    /// <summary>
    /// The residual stream before and behind the unit in a layer: what the layer reads and writes; for a branch, what the layer writes without
    /// it and all behind it, and what without those behind it.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="ids">The batch's token ids.</param>
    /// <param name="hidden">What the layer reads.</param>
    /// <param name="output">What it writes.</param>
    public (torch.Tensor Before, torch.Tensor Behind) Around(int layer, torch.Tensor ids, torch.Tensor hidden, torch.Tensor output)
    {
        if (IsBlock)
        {
            return (hidden, output);
        }

        string[] rest = [.. model.Layers[layer].Branches.SkipWhile(branch => branch != unit)];
        return (Without(rest, layer, ids, hidden), rest.Length == 1 ? output : Without(rest[1..], layer, ids, hidden));
    }

    /// <summary>Does something while the layers that lost a branch run without it.</summary>
    public void WhileGone(Action action) => WhileSkipped(IsBlock ? [] : [.. gone.Select(layer => (layer, unit))], action);

    private torch.Tensor Without(string[] branches, int layer, torch.Tensor ids, torch.Tensor hidden)
    {
        torch.Tensor? output = null;
        WhileSkipped([.. branches.Select(branch => (layer, branch))], () => output = LayerSteps.Run(model, layer, ids, hidden));
        return output!;
    }

    private void WhileSkipped((int Layer, string Branch)[] skipped, Action action)
    {
        try
        {
            SkipAll(true);
            action();
        }
        finally
        {
            SkipAll(false);
        }

        void SkipAll(bool skip)
        {
            foreach (var (layer, branch) in skipped)
            {
                model.Layers[layer].Skip(branch, skip);
            }
        }
    }
}
