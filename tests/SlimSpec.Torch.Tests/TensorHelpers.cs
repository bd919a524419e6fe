namespace SlimSpec.Torch.Tests;

internal static class TensorHelpers
{
    /// <summary>The elements in order, whatever their type.</summary>
    public static double[] ToDoubles(this torch.Tensor t) => t.to(torch.ScalarType.Float64).data<double>().ToArray();
}
