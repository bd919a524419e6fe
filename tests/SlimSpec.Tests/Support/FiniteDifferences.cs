namespace SlimSpec.Tests;

/// <summary>Autograd's gradients against small steps of the inputs, in float64.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-5;

    /// <summary>Checks the gradient of a weighted sum of the result, at some numbers of each input (float64, contiguous, with gradients).</summary>
    public static void Check(Func<torch.Tensor> function, params torch.Tensor[] inputs)
    {
        var result = function();
        var weights = torch.randn(result.shape, dtype: torch.ScalarType.Float64);
        (result * weights).sum().backward();

        using var noGradients = torch.no_grad();
        double Value() => (function() * weights).sum().item<double>();
        foreach (var input in inputs)
        {
            var flat = input.view(-1);
            var gradient = input.grad!.reshape(-1);
            for (var i = 0L; i < flat.numel(); i += Math.Max(1, flat.numel() / 11))
            {
                var before = flat[i].item<double>();
                flat[i] = torch.tensor(before + Step);
                var above = Value();
                flat[i] = torch.tensor(before - Step);
                var below = Value();
                flat[i] = torch.tensor(before);
                gradient[i].item<double>().ShouldBe((above - below) / (2 * Step), 1e-6);
            }
        }
    }
}
