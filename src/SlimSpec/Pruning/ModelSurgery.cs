namespace SlimSpec;

/// <summary>Cuts whole models, one layer after another.</summary>
public static class ModelSurgery
{
    /// <summary>
    /// Makes the slim model. Consumes <paramref name="dense"/>: each layer is freed as soon as its slim one is made, so that memory grows by one
    /// layer at most; what stays as it is, is not copied. Of a model whose weights are streamed nothing is read: the slim one streams its own
    /// from the dense one's.
    /// </summary>
    /// <param name="recipe">The recipe of the model.</param>
    /// <param name="dense">The model to cut; not usable afterwards.</param>
    /// <param name="selection">What stays of it.</param>
    public static CausalLM Cut(Recipe recipe, CausalLM dense, Selection selection)
    {
        using var noGradients = torch.no_grad();
        var slim = recipe.CreateUnloaded(recipe.Pruner.Shrink(dense.Shape, selection), dense.Dtype, dense.Device);
        if (dense.Stream is not null)
        {
            slim.Stream = new SlimStream(recipe.Pruner, dense, slim, selection);
            return slim;
        }

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

        CutOuter(recipe.Pruner, dense, slim, [.. Enumerable.Range(0, dense.OuterLeaves.Count)], selection);
        dense.Dispose();
        return slim;
    }

    /// <summary>Makes one slim layer, whose weights are not loaded.</summary>
    internal static void CutLayer(StructuredPruner pruner, DecoderLayer dense, DecoderLayer slim, int layer, Selection selection, torch.Device device)
    {
        if (selection.Cuts(layer))
        {
            Allocate(slim.Leaves, device);
            pruner.Slice(dense, slim, layer, selection);
        }
        else
        {
            Adopt(slim.Leaves, dense.Leaves);
            CopySlopes(dense, slim);
        }
    }

    /// <summary>Gives a slim layer the slopes of the heads that stay, whether weights are loaded or not.</summary>
    internal static void CutSlopes(StructuredPruner pruner, DecoderLayer dense, DecoderLayer slim, int layer, Selection selection)
    {
        if (!selection.Cuts(layer))
        {
            CopySlopes(dense, slim);
        }
        else if (slim.Slopes.Count > 0)
        {
            pruner.Slice(dense, slim, layer, selection);
        }
    }

    /// <summary>Makes some of the slim model's weights outside the layers, which are not loaded.</summary>
    /// <param name="pruner">The recipe's pruner.</param>
    /// <param name="dense">The model to cut, those weights of it loaded.</param>
    /// <param name="slim">The slim model.</param>
    /// <param name="leaves">Their places in <see cref="CausalLM.OuterLeaves"/>.</param>
    /// <param name="selection">What stays.</param>
    internal static void CutOuter(StructuredPruner pruner, CausalLM dense, CausalLM slim, IReadOnlyList<int> leaves, Selection selection)
    {
        using var scope = torch.NewDisposeScope();
        WeightLeaf[] made = [.. leaves.Select(leaf => slim.OuterLeaves[leaf])];
        if (selection.CutsWholeModel)
        {
            Allocate(made, slim.Device);
            pruner.Slice(dense, slim, selection);
        }
        else
        {
            Adopt(made, [.. leaves.Select(leaf => dense.OuterLeaves[leaf])]);
        }
    }

    private static void CopySlopes(DecoderLayer dense, DecoderLayer slim)
    {
        foreach (var (to, from) in slim.Slopes.Zip(dense.Slopes))
        {
            to.Values.copy_(from.Values);
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
