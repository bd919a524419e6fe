namespace SlimSpec;

/// <summary>Cuts whole models, one layer after another.</summary>
public static class ModelSurgery
{
    /// <summary>
    /// Makes the slim model. Consumes <paramref name="dense"/>: each layer is freed as soon as its slim one is made, so that memory grows by one
    /// layer at most; what stays as it is, is not copied.
    /// </summary>
    /// <param name="recipe">The recipe of the model.</param>
    /// <param name="dense">The model to cut; not usable afterwards.</param>
    /// <param name="selection">What stays of it.</param>
    public static CausalLM Cut(Recipe recipe, CausalLM dense, Selection selection)
    {
        using var noGradients = torch.no_grad();
        var slim = recipe.CreateUnloaded(recipe.Pruner.Shrink(dense.Shape, selection), dense.Dtype, dense.Device);
        var layers = selection.Layers ?? [.. Enumerable.Range(0, dense.Layers.Count)];
        foreach (var removed in Enumerable.Range(0, dense.Layers.Count).Except(layers))
        {
            dense.Layers[removed].Dispose();
        }

        for (var i = 0; i < layers.Count; i++)
        {
            using var scope = torch.NewDisposeScope();
            CutLayer(recipe.Pruner, dense.Layers[layers[i]], slim.Layers[i], layers[i], selection, slim.Device);
            dense.Layers[layers[i]].Dispose();
        }

        CutOuter(recipe.Pruner, dense, slim, selection);
        dense.Dispose();
        return slim;
    }

    private static void CutLayer(StructuredPruner pruner, DecoderLayer dense, DecoderLayer slim, int layer, Selection selection, torch.Device device)
    {
        if (selection.Cuts(layer))
        {
            Allocate(slim.Leaves, device);
            pruner.Slice(dense, slim, layer, selection);
        }
        else
        {
            Adopt(slim.Leaves, dense.Leaves);
            foreach (var (to, from) in slim.Slopes.Zip(dense.Slopes))
            {
                to.Values.copy_(from.Values);
            }
        }
    }

    private static void CutOuter(StructuredPruner pruner, CausalLM dense, CausalLM slim, Selection selection)
    {
        using var scope = torch.NewDisposeScope();
        if (selection.CutsWholeModel)
        {
            Allocate(slim.OuterLeaves, slim.Device);
            pruner.Slice(dense, slim, selection);
        }
        else
        {
            Adopt(slim.OuterLeaves, dense.OuterLeaves);
        }
    }

    private static void Allocate(IReadOnlyList<WeightLeaf> leaves, torch.Device device)
    {
        foreach (var leaf in leaves)
        {
            leaf.Allocate(device);
        }
    }

    private static void Adopt(IReadOnlyList<WeightLeaf> slim, IReadOnlyList<WeightLeaf> dense)
    {
        foreach (var (to, from) in slim.Zip(dense))
        {
            to.Adopt(from);
        }
    }
}
