namespace SlimSpec;

/// <summary>Cosine of a vector with the one before it, in float32.</summary>
internal sealed class CosineFollower : IDisposable
{
    private torch.Tensor? _before;
    private float _length;
    private bool _isFirst = true;

    /// <summary>Forgets the vector before.</summary>
    public void Begin() => _isFirst = true;

    /// <summary>The cosine with the vector before; 0 for the first, and where either has no length.</summary>
    /// <param name="vector">The vector, <c>[width]</c>; null: there is none, the cosine is 0, and the next one is compared with the last that was.</param>
    public float Next(torch.Tensor? vector)
    {
        if (vector is null)
        {
            return 0;
        }

        using var scope = torch.NewDisposeScope();
        var now = vector.to(torch.ScalarType.Float32);
        _before ??= torch.zeros(now.shape, dtype: torch.ScalarType.Float32, device: now.device).DetachFromDisposeScope();
        var products = torch.stack([now.dot(now), now.dot(_before)]).cpu().data<float>(); // one wait for the device
        var length = MathF.Sqrt(products[0]);
        var cosine = _isFirst || length == 0 || _length == 0 ? 0 : products[1] / (length * _length);
        _before.copy_(now);
        (_length, _isFirst) = (length, false);
        return cosine;
    }

    /// <inheritdoc/>
    public void Dispose() => _before?.Dispose();
}
