namespace SlimSpec;

/// <summary>
/// Cosines and sines of rotary position embedding (Su et al. 2021), on the model's device and in its dtype, computed in
/// float64 and made longer when a longer sequence comes.
/// </summary>
public sealed class RotaryTable(int headDim, double theta, torch.ScalarType dtype, torch.Device device) : IDisposable
{
    private torch.Tensor? _cos;
    private torch.Tensor? _signedSin;

    /// <summary>Rows for positions <paramref name="start"/> to <c>start + tokens - 1</c>, each <c>[tokens, head_dim]</c>; the first half of the sines is negated.</summary>
    public (torch.Tensor Cos, torch.Tensor SignedSin) Rows(long start, long tokens)
    {
        if (_cos is null || _cos.size(0) < start + tokens)
        {
            Fill(Math.Max(start + tokens, 2 * (_cos?.size(0) ?? 128)));
        }

        return (_cos!.narrow(0, start, tokens), _signedSin!.narrow(0, start, tokens));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cos?.Dispose();
        _signedSin?.Dispose();
    }

    private void Fill(long positions)
    {
        Dispose();
        using var normal = torch.inference_mode(false); // a later pass may save the rows for its backward pass
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var exponent = torch.arange(0, headDim, 2, dtype: torch.ScalarType.Float64, device: device) * (-Math.Log(theta) / headDim);
        var angles = torch.arange(0, positions, dtype: torch.ScalarType.Float64, device: device).unsqueeze(1) * exponent.exp(); // [positions, head_dim / 2]
        var (cos, sin) = (angles.cos(), angles.sin());
        _cos = torch.cat([cos, cos], 1).to(dtype).DetachFromDisposeScope();
        _signedSin = torch.cat([sin.neg(), sin], 1).to(dtype).DetachFromDisposeScope();
    }
}
