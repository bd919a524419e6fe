namespace SlimSpec;

/// <summary>Random weights to train from, the same on every machine.</summary>
public static class WeightInitializer
{
    private const double StandardDeviation = 0.02;

    /// <summary>
    /// Fills every weight by its role: matrices from N(0, 0.02^2), those that write to the residual stream scaled by
    /// 1 / sqrt(2 layers) (Radford et al. 2019, section 2.3), norm weights one, biases zero.
    /// </summary>
    public static void Fill(CausalLM model, long seed)
    {
        using var noGradients = torch.no_grad();
        var random = new SeededRandom(seed);
        foreach (var leaf in model.OuterLeaves)
        {
            Fill(leaf, StandardDeviation, random);
        }

        var residual = StandardDeviation / Math.Sqrt(2.0 * model.Layers.Count);
        foreach (var leaf in model.Layers.SelectMany(layer => layer.Leaves))
        {
            Fill(leaf, WritesToResidual(leaf, model.Shape.HiddenSize) ? residual : StandardDeviation, random);
        }
    }

    // A layer's linear that ends on the hidden width and shares its input with no other: the last of its sublayer.
    private static bool WritesToResidual(WeightLeaf leaf, long hiddenSize) => leaf.Parts.Count == 1 && leaf.Leaf.size(0) == hiddenSize;

    private static void Fill(WeightLeaf leaf, double standardDeviation, SeededRandom random)
    {
        if (leaf.Leaf.dim() == 1)
        {
            leaf.Leaf.fill_(leaf.Parts[0].Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1);
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
