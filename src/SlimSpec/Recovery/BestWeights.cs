namespace SlimSpec;

/// <summary>The trained weights as they were when validation was best, in the host's memory.</summary>
/// <param name="parameters">The weights.</param>
internal sealed class BestWeights(TrainableParameters parameters) : IDisposable
{
    private IReadOnlyList<torch.Tensor> _values = [];

    /// <summary>The values that are kept, in the order of the parameters; none before <see cref="Keep"/>.</summary>
    public IReadOnlyList<torch.Tensor> Values
    {
        get => _values;
        set
        {
            Dispose();
            _values = [.. value.Select(tensor => tensor.DetachFromDisposeScope())];
        }
    }

    /// <summary>Keeps the weights as they are now.</summary>
    public void Keep()
    {
        using var noGradients = torch.no_grad();
        Values = [.. parameters.All.Select(parameter => parameter.detach().to(torch.CPU, copy: true))];
    }

    /// <summary>Puts the kept values back, if there are any.</summary>
    public void Restore()
    {
        using var noGradients = torch.no_grad();
        foreach (var (parameter, value) in parameters.All.Zip(_values))
        {
            parameter.copy_(value);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _values)
        {
            value.Dispose();
        }
    }
}
