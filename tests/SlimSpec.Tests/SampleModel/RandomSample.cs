using static TorchSharp.torch;

namespace SlimSpec.Tests.SampleModel;

/// <summary>Sample models of any layer sizes with random weights.</summary>
internal static class RandomSample
{
    /// <summary>Normal weights scaled to keep the residual stream's size; norm weights near 1.</summary>
    public static Sample.Model Make(Sample.Shape shape, ScalarType dtype, int seed = 0)
    {
        using var noGradients = no_grad();
        var model = new Sample.Model(shape, dtype, CPU);
        manual_seed(seed);
        foreach (var weight in model.Weights)
        {
            using var scope = NewDisposeScope();
            var noise = randn(weight.Value.shape, dtype: ScalarType.Float64);
            weight.Value.copy_(weight.Value.dim() == 1 ? noise * 0.1 + 1 : noise / Math.Sqrt(weight.Value.size(1)));
        }

        return model;
    }

    /// <summary>The same weights once more.</summary>
    public static Sample.Model Copy(CausalLM model)
    {
        using var noGradients = no_grad();
        var copy = new Sample.Model((Sample.Shape)model.Shape, model.Dtype, model.Device);
        foreach (var (from, to) in model.Leaves.Zip(copy.Leaves))
        {
            to.Leaf.copy_(from.Leaf);
        }

        return copy;
    }

    /// <summary>Random token ids.</summary>
    public static Tensor Ids(int rows, int tokens, int seed = 0)
    {
        var random = new SeededRandom(seed);
        return tensor(Enumerable.Range(0, rows * tokens).Select(_ => random.NextIndex(Sample.Shape.Vocab)).ToArray(), [rows, tokens]);
    }
}
