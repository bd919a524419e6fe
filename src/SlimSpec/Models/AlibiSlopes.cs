using System.Numerics;

namespace SlimSpec;

/// <summary>
/// A layer's ALiBi slopes (Press et al. 2022): what each head's score falls by for each position back. Whoever made the model computed them from
/// the number of heads; once heads are cut, those that stay keep theirs, and the slopes are data.
/// </summary>
public sealed class AlibiSlopes : IDisposable
{
    /// <summary>Makes the slopes of uncut heads, by <see cref="Formula"/>.</summary>
    /// <param name="name">The name under which a checkpoint holds them once they no longer follow the formula.</param>
    /// <param name="heads">Query heads of the layer.</param>
    /// <param name="dtype">The model's dtype; for 16-bit models the slopes are float32.</param>
    /// <param name="device">The model's device.</param>
    public AlibiSlopes(string name, int heads, torch.ScalarType dtype, torch.Device device)
    {
        Name = name;
        var stored = dtype == torch.ScalarType.Float64 ? dtype : torch.ScalarType.Float32;
        Values = torch.tensor(Formula(heads), dtype: stored, device: device).DetachFromDisposeScope();
    }

    /// <summary>For example <c>transformer.h.0.self_attention.alibi_slopes</c>.</summary>
    public string Name { get; }

    /// <summary>The slopes, <c>[heads]</c>, to be filled in place.</summary>
    public torch.Tensor Values { get; }

    /// <summary>Whether the slopes are those that the number of heads gives, so that a checkpoint need not hold them.</summary>
    public bool FollowsFormula
    {
        get
        {
            using var scope = torch.NewDisposeScope();
            var expected = torch.tensor(Formula((int)Values.size(0)), dtype: Values.dtype);
            return Values.cpu().eq(expected).all().item<bool>();
        }
    }

    /// <summary>
    /// The published slopes of BLOOM and Baichuan: <c>2^(-8 i / heads)</c> for head i = 1, 2, ..; where <paramref name="heads"/> is no power of two, those
    /// of the next smaller power, and then every second one of twice that power.
    /// </summary>
    public static double[] Formula(int heads)
    {
        var power = 1 << BitOperations.Log2((uint)heads);
        return [.. Enumerable.Range(0, heads).Select(head => head < power
            ? Math.Pow(2, -8.0 * (head + 1) / power)
            : Math.Pow(2, -4.0 * ((2 * (head - power)) + 1) / power))];
    }

    /// <inheritdoc/>
    public void Dispose() => Values.Dispose();
}
