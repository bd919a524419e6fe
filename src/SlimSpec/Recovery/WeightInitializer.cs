namespace SlimSpec;

/// <summary>Random weights to train from, the same on every machine.</summary>
public static class WeightInitializer
{
    private const double StandardDeviation = 0.02;

    /// <summary>
    /// Fills every weight by its role: matrices from N(0, 0.02^2), those that write to the residual stream scaled by
    /// 1 / sqrt(2 layers) (Radford et al. 2019, section 2.3), norms scaling by one, biases zero.
    /// </summary>
    /// <param name="model">A model that the recipe made.</param>
    /// <param name="recipe">The recipe.</param>
    /// <param name="seed">The same seed gives the same weights.</param>
    public static void Fill(CausalLM model, Recipe recipe, long seed)
    {
        using var noGradients = torch.no_grad();
        var random = new SeededRandom(seed);
        foreach (var leaf in model.OuterLeaves)
        {
            Fill(leaf, StandardDeviation, random);
        }

        var residual = StandardDeviation / Math.Sqrt(2.0 * model.Layers.Count);
        var writers = ResidualWriters(model, recipe);
        foreach (var leaf in model.Layers.SelectMany(layer => layer.Leaves))
        {
            Fill(leaf, writers.Contains(leaf) ? residual : StandardDeviation, random);
        }
    }

    // Matrices whose outputs are as many as the residual stream is wide, and stay as many in a model whose layers have
    // twice as many of everything that is theirs: heads, MLP channels. Equal numbers alone would take q for o.
    private static HashSet<WeightLeaf> ResidualWriters(CausalLM model, Recipe recipe)
    {
        var shape = model.Shape;
        foreach (var (dimension, layer) in shape.LayerDimensions.SelectMany(_ => Enumerable.Range(0, shape.LayerCount), (dimension, layer) => (dimension, layer)))
        {
            shape = shape.With(dimension, layer, 2 * model.Shape[dimension, layer]);
        }

        using var wider = recipe.CreateModel(shape, model.Dtype, torch.META);
        var rows = wider.Layers.SelectMany(layer => layer.Leaves).Select(leaf => leaf.Leaf.size(0));
        return model.Layers.SelectMany(layer => layer.Leaves).Zip(rows)
            .Where(pair => pair.First.Leaf.dim() == 2 && pair.First.Leaf.size(0) == model.Shape.HiddenSize && pair.First.Leaf.size(0) == pair.Second)
            .Select(pair => pair.First).ToHashSet();
    }

    private static void Fill(WeightLeaf leaf, double standardDeviation, SeededRandom random)
    {
        if (leaf.Leaf.dim() == 1)
        {
            leaf.Leaf.fill_(leaf.Tensors[0].Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1 - leaf.Offset);
            return;
        }

        using var scope = torch.NewDisposeScope();
        var columns = leaf.Leaf.size(1);
        var row = new float[columns];
        for (long r = 0; r < leaf.Leaf.size(0); r++)
        {
            for (var c = 0; c < columns; c++)
            {
                row[c] = (float)(standardDeviation * random.NextNormal());
            }

            using var values = torch.tensor(row);
            using var target = leaf.Leaf.select(0, r);
            target.copy_(values);
        }
    }
}
