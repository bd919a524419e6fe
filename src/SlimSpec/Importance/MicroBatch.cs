namespace SlimSpec;

/// <summary>
/// How many calibration samples run together: as many as keep the activations of one layer (or the logits) below about
/// the size of one layer's weights, and one at least.
/// </summary>
internal static class MicroBatch
{
    // Elements that autograd keeps of one gated decoder layer, in widths of the residual stream: norms, queries, keys,
    // values and attention about 12, four MLP tensors of 2.7 widths and their gradients about 18.
    private const long LayerActivations = 30;

    // Logits, which become their gradient in place, and what their normaliser takes.
    private const long HeadActivations = 2;

    /// <summary>Samples of <paramref name="tokens"/> tokens that go through a layer together.</summary>
    public static long LayerRows(CausalLM model, long tokens) => Rows(model, tokens * model.Shape.HiddenSize * LayerActivations);

    /// <summary>Samples of <paramref name="tokens"/> tokens that go through the head together.</summary>
    public static long HeadRows(CausalLM model, long tokens) => Rows(model, tokens * model.Shape.VocabularySize * HeadActivations);

    /// <summary>Samples <c>[samples, tokens]</c> as the micro batches that go through a layer together, on the model's device.</summary>
    public static torch.Tensor[] Of(CausalLM model, torch.Tensor samples)
    {
        using var there = samples.to(model.Device);
        return [.. Split(samples.size(0), LayerRows(model, samples.size(1))).Select(batch => there.narrow(0, batch.Start, batch.Rows))];
    }

    /// <summary>Cuts <paramref name="rows"/> rows into as few runs of at most <paramref name="atMost"/> as possible, about equally long.</summary>
    public static (long Start, long Rows)[] Split(long rows, long atMost)
    {
        var runs = (rows + atMost - 1) / atMost;
        return [.. Enumerable.Range(0, (int)runs).Select(run => (rows * run / runs, (rows * (run + 1) / runs) - (rows * run / runs)))];
    }

    private static long Rows(CausalLM model, long elementsPerRow)
    {
        var layer = model.Layers.Max(each => each.Leaves.Sum(leaf => leaf.Leaf.numel()));
        return Math.Max(1, layer / elementsPerRow);
    }
}
