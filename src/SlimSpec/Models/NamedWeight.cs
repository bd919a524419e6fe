using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>A weight that is scored, sliced and adapted: one linear's matrix, or its rows in a matrix that several share.</summary>
/// <param name="name">Its name in a Hugging Face checkpoint.</param>
/// <param name="value">The parameter.</param>
public sealed class NamedWeight(string name, Parameter value)
{
    /// <summary>
    /// Its name in a Hugging Face checkpoint, for example <c>model.layers.0.self_attn.q_proj.weight</c>; where the checkpoint
    /// stores several in one tensor, with the part behind it: <c>model.layers.0.self_attn.qkv_proj.weight[q]</c>.
    /// </summary>
    public string Name { get; } = name;

    /// <summary>
    /// The parameter <c>[out, in]</c>, or <c>[out]</c>; a view into <see cref="WeightLeaf.Leaf"/>, and another one once that has new storage.
    /// </summary>
    public Parameter Value { get; internal set; } = value;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
