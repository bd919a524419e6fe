namespace SlimSpec;

/// <summary>
/// One uniform number in [0, 1) per unit, the same on every machine: a function of seed, layer, structure and unit number
/// alone. LLM-Pruner draws one per channel and adds up a head's; a number per unit treats heads and channels alike.
/// </summary>
/// <param name="seed">The cut's seed.</param>
/// <param name="layer">The layer.</param>
/// <param name="unit">The structure, for example <c>mlp</c>.</param>
/// <param name="numbers">
/// The dense model's number of each unit that the layer still has, ascending: a unit keeps its score through the steps of a cut.
/// </param>
public sealed class RandomScores(int seed, int layer, string unit, IReadOnlyList<int> numbers) : LayerScores
{
    /// <inheritdoc/>
    public override torch.Tensor Rows(NamedWeight weight) => torch.zeros(weight.Value.size(0));

    /// <inheritdoc/>
    public override torch.Tensor Columns(NamedWeight weight) => torch.zeros(weight.Value.size(1));

    /// <inheritdoc/>
    public override torch.Tensor Vector(NamedWeight weight) => Rows(weight);

    /// <inheritdoc/>
    public override torch.Tensor Reduce(params IReadOnlyList<torch.Tensor> members) => torch.tensor(Draw(seed, layer, unit, numbers));

    /// <summary>The numbers themselves.</summary>
    /// <inheritdoc cref="RandomScores"/>
    internal static float[] Draw(int seed, int layer, string unit, IReadOnlyList<int> numbers)
    {
        // FNV-1a tells the structures of a layer apart.
        var stream = unit.Aggregate(0xCBF29CE484222325, (hash, letter) => (hash ^ letter) * 0x100000001B3) + (ulong)layer;
        var random = new SeededRandom(seed, (long)stream);
        var all = new float[numbers[^1] + 1];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = (random.NextBits() >> 40) * (1f / (1 << 24)); // 24 bits: exact in float32, never rounded up to 1
        }

        return [.. numbers.Select(number => all[number])];
    }
}
