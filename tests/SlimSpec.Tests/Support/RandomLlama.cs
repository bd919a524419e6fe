using static TorchSharp.torch;

namespace SlimSpec.Tests;

/// <summary>Models of the recipe LlamaMha (hidden 64, head_dim 16, 256 token ids) with layers of any size and random weights.</summary>
internal static class RandomLlama
{
    /// <summary>Normal weights scaled to keep the residual stream's size; norm weights near 1.</summary>
    public static LlamaMha.Model Make(IReadOnlyList<LlamaMha.LayerShape> layers, ScalarType dtype = ScalarType.Float32, int seed = 0)
    {
        using var noGradients = no_grad();
        var model = new LlamaMha.Model(new(layers), dtype, CPU);
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
    public static LlamaMha.Model Copy(LlamaMha.Model model)
    {
        using var noGradients = no_grad();
        var copy = new LlamaMha.Model((LlamaMha.Shape)model.Shape, model.Dtype, model.Device);
        foreach (var (from, to) in model.Leaves.Zip(copy.Leaves))
        {
            to.Leaf.copy_(from.Leaf);
        }

        return copy;
    }

    /// <summary>Random token ids <c>[rows, tokens]</c>.</summary>
    public static Tensor Ids(int rows, int tokens, int seed = 0) => Tensors.Of(RandomIds.Rows(rows, tokens, seed));
}
