namespace SlimSpec;

/// <summary>
/// Cosines and sines of rotary position embedding (Su et al. 2021), on the model's device and in its dtype, computed in
/// float64 and made longer when a longer sequence comes.
/// </summary>
/// <param name="dims">Channels of a head that are rotated, from its first.</param>
/// <param name="theta">Base of the frequencies: pair i turns by <c>theta^(-2i / (dims / planes))</c> radians a position.</param>
/// <param name="dtype">The model's dtype.</param>
/// <param name="device">The model's device.</param>
public sealed class RotaryTable(int dims, double theta, torch.ScalarType dtype, torch.Device device) : IDisposable
{
    private torch.Tensor? _cos;
    private torch.Tensor? _signedSin;

    /// <summary>
    /// Channels of a block; a pair is channel i of its first half and channel i of its second. All rotated channels of a plane:
    /// the half-split layout of Hugging Face's LLaMA; 2: neighbours, as the paper and GPT-J have them.
    /// </summary>
    public int Block { get => field == 0 ? PlaneDims : field; init; }

    /// <summary>Numbers that a position has: 1, or 2 for the first ChatGLM-6B, whose heads turn half by one and half by the other.</summary>
    public int Planes { get; init; } = 1;

    /// <summary>Whether the frequencies are rounded to float16, as in the first ChatGLM-6B.</summary>
    public bool HalfPrecisionFrequencies { get; init; }

    /// <summary>How the frequencies are stretched; null: not at all.</summary>
    public RotaryScaling? Scaling { get; init; }

    private int PlaneDims => dims / Planes;

    /// <summary>
    /// Rows for positions <paramref name="start"/> to <c>start + tokens - 1</c>, each <c>[tokens, dims]</c>; the sines of a block's first
    /// half are negated. For one plane.
    /// </summary>
    public (torch.Tensor Cos, torch.Tensor SignedSin) Rows(long start, long tokens)
    {
        Reach(start + tokens);
        return (_cos!.narrow(0, start, tokens), _signedSin!.narrow(0, start, tokens));
    }

    /// <summary>Rows for two planes, each <c>[batch, 1, tokens, dims]</c>.</summary>
    /// <param name="positions">Positions <c>[batch, planes, tokens]</c>, int64.</param>
    /// <param name="end">A number above all positions.</param>
    public (torch.Tensor Cos, torch.Tensor SignedSin) Rows(torch.Tensor positions, long end)
    {
        Reach(end);
        return (Pick(_cos!, positions), Pick(_signedSin!, positions));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cos?.Dispose();
        _signedSin?.Dispose();
    }

    private torch.Tensor Pick(torch.Tensor table, torch.Tensor positions)
    {
        var (batch, tokens) = (positions.size(0), positions.size(2));
        return table[torch.TensorIndex.Tensor(positions)].transpose(1, 2).reshape(batch, 1, tokens, dims); // from [batch, planes, tokens, dims / planes]
    }

    private void Reach(long positions)
    {
        if (_cos is null || _cos.size(0) < positions)
        {
            Fill(Math.Max(positions, 2 * (_cos?.size(0) ?? 128)));
        }
    }

    private void Fill(long positions)
    {
        Dispose();
        using var normal = torch.inference_mode(false); // a later pass may save the rows for its backward pass
        using var noGradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var frequencies = torch.tensor(Frequencies(), dtype: torch.ScalarType.Float64, device: device);
        var angles = torch.arange(0, positions, dtype: torch.ScalarType.Float64, device: device).unsqueeze(1) * frequencies; // [positions, dims / planes / 2]
        var (cos, sin) = (angles.cos(), angles.sin());
        _cos = Blocks(cos, cos).to(dtype).DetachFromDisposeScope();
        _signedSin = Blocks(sin.neg(), sin).to(dtype).DetachFromDisposeScope();
    }

    private double[] Frequencies()
    {
        var frequencies = new double[PlaneDims / 2];
        for (var i = 0; i < frequencies.Length; i++)
        {
            var frequency = Math.Pow(theta, -2.0 * i / PlaneDims);
            frequency = Scaling?.Apply(frequency) ?? frequency;
            frequencies[i] = HalfPrecisionFrequencies ? (double)(Half)frequency : frequency;
        }

        return frequencies;
    }

    // Both halves of every block: from one number a pair [positions, pairs] to [positions, channels of a plane].
    private torch.Tensor Blocks(torch.Tensor first, torch.Tensor second)
    {
        long[] perBlock = [first.size(0), PlaneDims / Block, Block / 2];
        return torch.cat([first.view(perBlock), second.view(perBlock)], 2).view(-1, PlaneDims);
    }
}
