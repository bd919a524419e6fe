using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>What an optimizer updates: parameters with and without weight decay.</summary>
/// <param name="decayed">Matrices.</param>
/// <param name="undecayed">Norm weights and biases, which weight decay would only pull from their resting value.</param>
internal sealed class TrainableParameters(IReadOnlyList<Parameter> decayed, IReadOnlyList<Parameter> undecayed)
{
    /// <summary>Matrices.</summary>
    public IReadOnlyList<Parameter> Decayed { get; } = decayed;

    /// <summary>Norm weights and biases.</summary>
    public IReadOnlyList<Parameter> Undecayed { get; } = undecayed;

    /// <summary>All of them.</summary>
    public IReadOnlyList<Parameter> All { get; } = [.. decayed, .. undecayed];

    /// <summary>Number of elements.</summary>
    public long Count => All.Sum(parameter => parameter.numel());

    /// <summary>Weights of a model, as autograd sees them.</summary>
    /// <param name="leaves">The weights.</param>
    /// <param name="besides">Matrices that are trained too.</param>
    public static TrainableParameters Of(IEnumerable<WeightLeaf> leaves, params IEnumerable<Parameter> besides)
    {
        var parameters = leaves.Select(leaf => leaf.Leaf).ToLookup(leaf => leaf.dim() > 1);
        return new([.. parameters[true], .. besides], [.. parameters[false]]);
    }
}
