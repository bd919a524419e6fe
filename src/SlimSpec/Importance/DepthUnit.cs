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
    public torch.Tensor Without(int layer, torch.Tensor ids, torch.Tensor hidden) => IsBlock ? hidden.detach() : Without(unit, layer, ids, hidden);

    /// <summary>A layer without the given branch.</summary>
    public torch.Tensor Without(string branch, int layer, torch.Tensor ids, torch.Tensor hidden)
    {
        model.Layers[layer].Skip(branch, true);
        try
        {
            return LayerSteps.Run(model, layer, ids, hidden);
        }
        finally
        {
            model.Layers[layer].Skip(branch, false);
        }
    }

    /// <summary>Does something while the layers that lost a branch run without it.</summary>
    public void WhileGone(Action action)
    {
        var branches = IsBlock ? [] : gone.ToArray();
        SkipAll(true);
        try
        {
            action();
        }
        finally
        {
            SkipAll(false);
        }

        void SkipAll(bool skip)
        {
            foreach (var layer in branches)
            {
                model.Layers[layer].Skip(unit, skip);
            }
        }
    }
}
