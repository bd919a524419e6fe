using static TorchSharp.torch;

namespace SlimSpec.Tests;

/// <summary>Weights and nothing that computes: enough to read, write, fill and adapt.</summary>
internal sealed class FakeModel(IReadOnlyList<WeightLeaf> outer, params IReadOnlyList<DecoderLayer> layers)
    : CausalLM("Fake", LlamaMha.Shape.Dense, outer.Concat(layers.SelectMany(layer => layer.Leaves)).First().Leaf.dtype, CPU)
{
    public override IReadOnlyList<DecoderLayer> Layers => layers;

    public override IReadOnlyList<WeightLeaf> OuterLeaves => outer;

    public override IEnumerable<NamedWeight> Weights => Leaves.SelectMany(leaf => leaf.Parts);

    public override bool TiedHead => true;

    /// <summary>A model as GPT-2 stores it: hidden 4, two heads of two channels, MLP 6, 8 token ids, 4 positions, one layer.</summary>
    public static FakeModel Gpt2(ScalarType dtype = ScalarType.Float32) => new(
        [
            WeightLeaf.Matrix(4, dtype, CPU, ("transformer.wte.weight", 8)),
            WeightLeaf.Matrix(4, dtype, CPU, ("transformer.wpe.weight", 4)),
            WeightLeaf.Vector("transformer.ln_f.weight", 4, dtype, CPU),
            WeightLeaf.Vector("transformer.ln_f.bias", 4, dtype, CPU),
        ],
        new FakeLayer(
            WeightLeaf.Packed("transformer.h.0.attn.c_attn.weight", new(true, 0), 4, dtype, CPU, ("q", 4), ("k", 4), ("v", 4)),
            WeightLeaf.PackedVector("transformer.h.0.attn.c_attn.bias", new(true, 0), dtype, CPU, ("q", 4), ("k", 4), ("v", 4)),
            WeightLeaf.Packed("transformer.h.0.attn.c_proj.weight", new(true, 0), 4, dtype, CPU, ("c_proj", 4)),
            WeightLeaf.Packed("transformer.h.0.mlp.c_fc.weight", new(true, 0), 4, dtype, CPU, ("c_fc", 6)),
            WeightLeaf.Packed("transformer.h.0.mlp.c_proj.weight", new(true, 0), 6, dtype, CPU, ("c_proj", 4))));

    /// <summary>Random values in every leaf.</summary>
    public FakeModel Fill(int seed = 0)
    {
        manual_seed(seed);
        foreach (var leaf in Leaves)
        {
            leaf.Leaf.normal_();
        }

        return this;
    }

    public override SequencePass Begin(Tensor inputIds, KeyValueCache? cache = null) => throw new NotSupportedException();

    public override Tensor Embed(Tensor inputIds, SequencePass pass) => throw new NotSupportedException();

    public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) => throw new NotSupportedException();

    public override Tensor RunLayer(int layer, Tensor hidden, SequencePass pass) => throw new NotSupportedException();

    public override Tensor Head(Tensor hidden) => throw new NotSupportedException();

    public override Tensor forward(Tensor inputIds) => throw new NotSupportedException();

    public override Tensor Prefill(Tensor inputIds, KeyValueCache cache) => throw new NotSupportedException();

    public override Tensor Decode(Tensor inputId, KeyValueCache cache) => throw new NotSupportedException();
}

/// <summary>A layer of given leaves; adapters go on its matrices.</summary>
internal sealed class FakeLayer(params IReadOnlyList<WeightLeaf> leaves) : DecoderLayer
{
    public override IReadOnlyList<WeightLeaf> Leaves => leaves;

    public override IReadOnlyList<NamedWeight> Weights { get; } = [.. leaves.SelectMany(leaf => leaf.Parts)];

    public override IReadOnlyList<LoraTarget> LoraTargets => [];

    public override IReadOnlyList<AlibiSlopes> Slopes => Alibi is null ? [] : [Alibi];

    public AlibiSlopes? Alibi { get; init; }
}
