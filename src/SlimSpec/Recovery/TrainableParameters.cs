using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>What an optimizer updates: parameters with and without weight decay.</summary>
/// <param name="Decayed">Matrices.</param>
/// <param name="Undecayed">Norm weights and biases, which weight decay would only pull from their resting value.</param>
internal sealed record TrainableParameters(IReadOnlyList<Parameter> Decayed, IReadOnlyList<Parameter> Undecayed)
{
    /// <summary>All of them.</summary>
    public IReadOnlyList<Parameter> All { get; } = [.. Decayed, .. Undecayed];

    /// <summary>Number of elements.</summary>
    public long Count => All.Sum(parameter => parameter.numel());

    /// <summary>Every weight of a model, as autograd sees them.</summary>
    public static TrainableParameters Of(CausalLM model)
    {
        var leaves = model.Leaves.Select(leaf => leaf.Leaf).ToLookup(leaf => leaf.dim() > 1);
        return new([.. leaves[true]], [.. leaves[false]]);
    }
}
