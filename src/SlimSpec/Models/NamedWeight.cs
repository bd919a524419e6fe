using TorchSharp.Modules;

namespace SlimSpec;

/// <summary>A weight under the name it has in a Hugging Face checkpoint.</summary>
/// <param name="Name">For example <c>model.layers.0.self_attn.q_proj.weight</c>.</param>
/// <param name="Value">The parameter; a view into <see cref="WeightLeaf.Leaf"/>.</param>
public sealed record NamedWeight(string Name, Parameter Value);

/// <summary>
/// A tensor that autograd and optimizers see. Sibling linears that read one input (q, k, v; gate, up) are stored as one
/// matrix, so their gradient is one tensor too; <see cref="Split"/> hands it out to the named weights.
/// </summary>
/// <param name="Leaf">The stored matrix; its rows are the parts' rows in order.</param>
/// <param name="Parts">The named weights that share its storage.</param>
public sealed record WeightLeaf(Parameter Leaf, IReadOnlyList<NamedWeight> Parts)
{
    /// <summary>Cuts a tensor shaped like <see cref="Leaf"/> (its gradient, say) into one view per part.</summary>
    public IEnumerable<(NamedWeight Weight, torch.Tensor Slice)> Split(torch.Tensor whole)
    {
        long row = 0;
        foreach (var part in Parts)
        {
            var rows = part.Value.size(0);
            yield return (part, Parts.Count == 1 ? whole : whole.narrow(0, row, rows));
            row += rows;
        }
    }
}
