using static TorchSharp.torch;

namespace SlimSpec.Tests;

/// <summary>Weights and nothing that computes: enough to read, write, fill and adapt.</summary>
internal sealed class FakeModel(ModelShape shape, IReadOnlyList<WeightLeaf> outer, params IReadOnlyList<DecoderLayer> layers)
    : CausalLM("Fake", shape, ScalarType.Float32, CPU)
{
    public FakeModel(IReadOnlyList<WeightLeaf> outer, params IReadOnlyList<DecoderLayer> layers)
        : this(LlamaMha.Shape.Dense, outer, layers)
    {
    }

    public override IReadOnlyList<DecoderLayer> Layers => layers;

    public override IReadOnlyList<WeightLeaf> OuterLeaves => outer;

    public override IEnumerable<NamedWeight> Weights => Leaves.SelectMany(leaf => leaf.Parts);

    public override bool TiedHead => true;

    public override ArchitectureInfo? Architecture => Info;

    /// <summary>What the model says its checkpoints look like.</summary>
    public ArchitectureInfo? Info { get; init; }

    /// <summary>What GPT-2's checkpoints look like.</summary>
    public static ArchitectureInfo Gpt2Info { get; } = new("gpt2", "GPT2LMHeadModel", ["gpt2"], [], [])
    {
        BasePrefix = "transformer",
        Ignore = ["attn.bias", "attn.masked_bias"],
    };

    /// <summary>A model as GPT-2 stores it: one layer, heads of two channels, 8 token ids, 4 positions.</summary>
    public static FakeModel Gpt2(int hidden = 4, int heads = 2, int ffn = 6, Device? device = null, ModelShape? shape = null)
    {
        var (dtype, place) = (ScalarType.Float32, device ?? CPU);
        var (columns, rows) = (new CheckpointLayout(true, 0), 2 * heads);
        return new(
            shape ?? LlamaMha.Shape.Dense,
            [
                WeightLeaf.Matrix(hidden, dtype, place, ("transformer.wte.weight", 8)),
                WeightLeaf.Matrix(hidden, dtype, place, ("transformer.wpe.weight", 4)),
                WeightLeaf.Vector("transformer.ln_f.weight", hidden, dtype, place),
                WeightLeaf.Vector("transformer.ln_f.bias", hidden, dtype, place),
            ],
            new FakeLayer(
                WeightLeaf.Packed("transformer.h.0.attn.c_attn.weight", columns, hidden, dtype, place, ("q", rows), ("k", rows), ("v", rows)),
                WeightLeaf.PackedVector("transformer.h.0.attn.c_attn.bias", columns, dtype, place, ("q", rows), ("k", rows), ("v", rows)),
                WeightLeaf.Packed("transformer.h.0.attn.c_proj.weight", columns, rows, dtype, place, ("", hidden)),
                WeightLeaf.Packed("transformer.h.0.mlp.c_fc.weight", columns, hidden, dtype, place, ("", ffn)),
                WeightLeaf.Packed("transformer.h.0.mlp.c_proj.weight", columns, ffn, dtype, place, ("", hidden))))
        {
            Info = Gpt2Info,
        };
    }

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

    public override SequencePass Begin(Tensor inputIds, TokenTrees trees) => throw new NotSupportedException();

    public override Tensor Embed(Tensor inputIds, SequencePass pass) => throw new NotSupportedException();

    public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) => throw new NotSupportedException();

    public override DecoderLayer CreateLayer(ModelShape shape, int layer) => throw new NotSupportedException();

    public override Tensor Run(DecoderLayer layer, Tensor hidden, SequencePass pass) => throw new NotSupportedException();

    public override Tensor Head(Tensor hidden) => throw new NotSupportedException();

    public override Tensor forward(Tensor inputIds) => throw new NotSupportedException();

    public override Tensor Prefill(Tensor inputIds, KeyValueCache cache) => throw new NotSupportedException();

    public override Tensor Decode(Tensor inputId, KeyValueCache cache) => throw new NotSupportedException();

    public override SequencePass Resume(long start, long tokens, KeyValueCache cache) => throw new NotSupportedException();

    public override torch.Tensor DecodeLayer(int layer, torch.Tensor rows, SequencePass pass, KeyValueCache cache) => throw new NotSupportedException();

    public override torch.Tensor HeadRows(torch.Tensor rows) => throw new NotSupportedException();
}

/// <summary>A layer of given leaves; adapters go on the matrices that are stored as one tensor.</summary>
internal sealed class FakeLayer(params IReadOnlyList<WeightLeaf> leaves) : DecoderLayer
{
    public override IReadOnlyList<WeightLeaf> Leaves => leaves;

    public override IReadOnlyList<NamedWeight> Weights { get; } = [.. leaves.SelectMany(leaf => leaf.Parts)];

    public override IReadOnlyList<LoraTarget> LoraTargets { get; } =
        [.. leaves.Where(leaf => leaf.Leaf.dim() == 2 && leaf.Tensors.Count == 1).Select(leaf => new LoraTarget(leaf.Whole.Name.Split('.')[^2], leaf.Whole))];

    public override IReadOnlyList<AlibiSlopes> Slopes => Alibi is null ? [] : [Alibi];

    public AlibiSlopes? Alibi { get; init; }
}
