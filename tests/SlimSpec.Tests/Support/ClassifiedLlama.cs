using static TorchSharp.torch;

namespace SlimSpec.Tests;

/// <summary>A LLaMA that gives a classifier its features, whatever its recipe asks for.</summary>
internal sealed class ClassifiedLlama(CausalLM model) : CausalLM("Classified", model.Shape, model.Dtype, model.Device)
{
    public override IReadOnlyList<DecoderLayer> Layers => model.Layers;

    public override IReadOnlyList<WeightLeaf> OuterLeaves => model.OuterLeaves;

    public override IEnumerable<NamedWeight> Weights => model.Weights;

    public override ArchitectureInfo? Architecture => model.Architecture;

    public override bool TiedHead => model.TiedHead;

    public override Tensor HeadFeatures(Tensor hidden) => Kernels.rms_norm(hidden, model.OuterLeaves[1].Leaf, 1e-5);

    public override SequencePass Begin(Tensor inputIds, KeyValueCache? cache = null) => model.Begin(inputIds, cache);

    public override Tensor Embed(Tensor inputIds, SequencePass pass) => model.Embed(inputIds, pass);

    public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) => model.CreateCache(batch, capacity);

    public override DecoderLayer CreateLayer(ModelShape shape, int layer) => model.CreateLayer(shape, layer);

    public override Tensor Run(DecoderLayer layer, Tensor hidden, SequencePass pass) => model.Run(layer, hidden, pass);

    public override Tensor Head(Tensor hidden) => model.Head(hidden);

    public override Tensor forward(Tensor inputIds) => model.forward(inputIds);

    public override Tensor Prefill(Tensor inputIds, KeyValueCache cache) => model.Prefill(inputIds, cache);

    public override Tensor Decode(Tensor inputId, KeyValueCache cache) => model.Decode(inputId, cache);

    public override SequencePass Resume(long start, long tokens, KeyValueCache cache) => model.Resume(start, tokens, cache);

    public override Tensor DecodeLayer(int layer, Tensor rows, SequencePass pass, KeyValueCache cache) => model.DecodeLayer(layer, rows, pass, cache);

    public override Tensor HeadRows(Tensor rows) => model.HeadRows(rows);
}
