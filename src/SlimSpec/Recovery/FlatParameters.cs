using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>
/// Many small parameters in one buffer, and their gradients in another. An optimizer then updates one long vector
/// instead of hundreds of small matrices, with the same result.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly torch.Tensor _gradients;
    private long _taken;

    /// <summary>Makes a buffer of zeros.</summary>
    public FlatParameters(long count, torch.ScalarType dtype, torch.Device device)
    {
        using var noGradients = torch.no_grad();
        _gradients = torch.zeros([count], dtype: dtype, device: device).DetachFromDisposeScope();
        Whole = Own(torch.zeros([count], dtype: dtype, device: device), _gradients);
    }

    /// <summary>The whole buffer: what the optimizer sees.</summary>
    public Parameter Whole { get; }

    /// <summary>Cuts the next parameter <c>[rows, columns]</c> from the buffer.</summary>
    public Parameter Take(long rows, long columns)
    {
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var count = rows * columns;
        var part = Own(
            Whole.detach().narrow(0, _taken, count).view(rows, columns),
            _gradients.narrow(0, _taken, count).view(rows, columns));
        _taken += count;
        return part;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Whole.Dispose();
        _gradients.Dispose();
    }

    // Autograd adds to a gradient that exists in place, so a view of the buffer stays one.
    private static Parameter Own(torch.Tensor values, torch.Tensor gradient)
    {
        var parameter = new Parameter(values.detach(), requires_grad: true);
        parameter.DetachFromDisposeScope();
        parameter.grad = gradient;
        return parameter;
    }
}
