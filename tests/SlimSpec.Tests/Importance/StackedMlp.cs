using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace SlimSpec.Tests.Importance;

/// <summary>
/// A language model whose layers are a norm and a gated MLP, of any size: enough to measure memory on. It calls
/// <see cref="Observed"/> wherever a layer's or the head's activations are all alive.
/// </summary>
internal sealed class StackedMlp : CausalLM
{
    private readonly WeightLeaf _embedding;
    private readonly WeightLeaf _norm;
    private readonly Block[] _blocks;

    public StackedMlp(int layers, int hidden, int ffn, int vocab)
        : base("StackedMlp", new StackedMlpShape(layers, hidden, ffn, vocab), ScalarType.Float32, CPU)
    {
        _embedding = WeightLeaf.Matrix(hidden, Dtype, Device, ("embedding.weight", vocab));
        _norm = WeightLeaf.Vector("norm.weight", hidden, Dtype, Device);
        _blocks = [.. Enumerable.Range(0, layers).Select(layer => new Block(layer, hidden, ffn))];
        using var noGradients = no_grad();
        foreach (var leaf in Leaves)
        {
            leaf.Leaf.normal_(0, 0.05);
        }
    }

    public Action Observed { get; set; } = () => { };

    public override IReadOnlyList<DecoderLayer> Layers => _blocks;

    public override IReadOnlyList<WeightLeaf> OuterLeaves => [_embedding, _norm];

    public override IEnumerable<NamedWeight> Weights => Leaves.SelectMany(leaf => leaf.Parts);

    public override bool TiedHead => true;

    public override SequencePass Begin(Tensor inputIds, KeyValueCache? cache = null) => new(inputIds, cache);

    public override SequencePass Begin(Tensor inputIds, TokenTrees trees) => new(inputIds, cache: null, trees);

    public override Tensor Embed(Tensor inputIds, SequencePass pass) => Kernels.embedding(inputIds, _embedding.Leaf);

    public override DecoderLayer CreateLayer(ModelShape shape, int layer) => throw new NotSupportedException();

    public override Tensor Run(DecoderLayer layer, Tensor hidden, SequencePass pass)
    {
        using var scope = NewDisposeScope();
        var output = ((Block)layer).Forward(hidden);
        Observed();
        return output.MoveToOuterDisposeScope();
    }

    public override Tensor Head(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        var logits = functional.linear(Kernels.rms_norm(hidden, _norm.Leaf, 1e-6), _embedding.Leaf);
        Observed();
        return logits.MoveToOuterDisposeScope();
    }

    public override Tensor forward(Tensor inputIds) => throw new NotSupportedException();

    public override Tensor Prefill(Tensor inputIds, KeyValueCache cache) => throw new NotSupportedException();

    public override Tensor Decode(Tensor inputId, KeyValueCache cache) => throw new NotSupportedException();

    public override SequencePass Resume(long start, long tokens, KeyValueCache cache) => throw new NotSupportedException();

    public override Tensor DecodeLayer(int layer, Tensor rows, SequencePass pass, KeyValueCache cache) => throw new NotSupportedException();

    public override Tensor HeadRows(Tensor rows) => Head(rows);

    public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) => throw new NotSupportedException();

    /// <summary>The coupled structure of every layer: row of gate and up, column of down.</summary>
    public sealed class MlpPruner : StructuredPruner
    {
        public override IReadOnlyList<CoupledStructure> Structures { get; } =
            [new("mlp", "ffn", [new("gate.weight", 0, "1"), new("up.weight", 0, "1"), new("down.weight", 1, "1")])];

        public override int Units(ModelShape shape, string unit, int layer) => shape["ffn", layer];

        public override ModelShape Shrink(ModelShape shape, string unit, int layer, int kept) => throw new NotSupportedException();

        public override Tensor Score(DecoderLayer layer, string unit, LayerScores scores)
        {
            var block = (Block)layer;
            return scores.Reduce(scores.Rows(block.GateUp.Parts[0]), scores.Rows(block.GateUp.Parts[1]), scores.Columns(block.Down.Parts[0]));
        }

        public override void Slice(DecoderLayer dense, DecoderLayer slim, int layer, Selection selection) => throw new NotSupportedException();
    }

    private sealed class Block(int index, int hidden, int ffn) : DecoderLayer
    {
        private readonly WeightLeaf _norm = WeightLeaf.Vector($"layers.{index}.norm.weight", hidden, ScalarType.Float32, CPU);

        public WeightLeaf GateUp { get; } = WeightLeaf.Matrix(hidden, ScalarType.Float32, CPU, ($"layers.{index}.gate.weight", ffn), ($"layers.{index}.up.weight", ffn));

        public WeightLeaf Down { get; } = WeightLeaf.Matrix(ffn, ScalarType.Float32, CPU, ($"layers.{index}.down.weight", hidden));

        public override IReadOnlyList<WeightLeaf> Leaves => [_norm, GateUp, Down];

        public override IReadOnlyList<NamedWeight> Weights => [.. Leaves.SelectMany(leaf => leaf.Parts)];

        public override IReadOnlyList<LoraTarget> LoraTargets => [];

        public Tensor Forward(Tensor x)
        {
            var gateUp = functional.linear(Kernels.rms_norm(x, _norm.Leaf, 1e-6), GateUp.Leaf);
            var product = functional.silu(gateUp.narrow(-1, 0, ffn)) * gateUp.narrow(-1, ffn, ffn);
            return x + functional.linear(product, Down.Leaf);
        }
    }
}

internal sealed record StackedMlpShape(int LayerCountValue, int Hidden, int Ffn, int Vocab) : ModelShape
{
    public override int LayerCount => LayerCountValue;

    public override int HiddenSize => Hidden;

    public override int VocabularySize => Vocab;

    public override int MaxPositions => 1024;

    public override IReadOnlyDictionary<string, int> SharedDimensions => new Dictionary<string, int> { ["hidden"] = Hidden, ["vocab"] = Vocab };

    public override IReadOnlyList<string> LayerDimensions => ["ffn"];

    public override long Parameters => ((long)Vocab * Hidden) + Hidden + (LayerCount * ((3L * Hidden * Ffn) + Hidden));

    public override long CacheElementsPerToken => 0;

    public override int this[string name, int layer] => Ffn;

    public override ModelShape With(string name, int layer, int size) => throw new NotSupportedException();

    public override ModelShape KeepLayers(IReadOnlyList<int> layers) => throw new NotSupportedException();

    public override long MultiplyAccumulates(int tokens) => throw new NotSupportedException();

    public override LayerCost Cost(int layer, int tokens) => throw new NotSupportedException();
}
