using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

public sealed class TiedHeadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_tied_head_may_be_absent_or_stored_again()
    {
        using var scope = NewDisposeScope();
        var embedding = rand([256, 64]);
        using var model = new TiedModel();
        Load(model, ("embed.weight", embedding));
        Tensors.LargestDifference(model.OuterLeaves[0].Leaf, embedding).ShouldBe(0);
        Load(model, ("embed.weight", embedding), ("head.weight", embedding));
    }

    [Fact]
    public void A_tied_head_that_differs_is_named()
    {
        using var scope = NewDisposeScope();
        using var model = new TiedModel();
        Should.Throw<SlimException>(() => Load(model, ("embed.weight", zeros([256, 64])), ("head.weight", ones([256, 64])))).Message
            .ShouldContain("tensor 'head.weight' differs from 'embed.weight', but the recipe's model ties them");
        Should.Throw<SlimException>(() => Load(model, ("embed.weight", zeros([256, 64])), ("head.bias", zeros([256])))).Message
            .ShouldContain("tensor 'head.bias' is not of this model");
    }

    private void Load(CausalLM model, params (string Name, Tensor Value)[] tensors)
    {
        _folder.Write("config.json", "{}");
        SafetensorsWriter.Write(_folder["model.safetensors"], tensors);
        using var folder = HuggingFaceFolder.Open(_folder.Path);
        folder.LoadInto(model);
    }

    // An embedding and nothing else: enough to load into.
    private sealed class TiedModel() : CausalLM("Tied", LlamaMha.Shape.Dense, ScalarType.Float32, CPU)
    {
        public override IReadOnlyList<DecoderLayer> Layers => [];

        public override IReadOnlyList<WeightLeaf> OuterLeaves { get; } = [WeightLeaf.Matrix(64, ScalarType.Float32, CPU, ("embed.weight", 256))];

        public override IEnumerable<NamedWeight> Weights => OuterLeaves[0].Parts;

        public override bool TiedHead => true;

        public override SequencePass Begin(Tensor inputIds, KeyValueCache? cache = null) => throw new NotSupportedException();

        public override Tensor Embed(Tensor inputIds, SequencePass pass) => throw new NotSupportedException();

        public override KeyValueCache CreateCache(int batch = 1, long capacity = 256) => throw new NotSupportedException();

        public override Tensor RunLayer(int layer, Tensor hidden, SequencePass pass) => throw new NotSupportedException();

        public override Tensor Head(Tensor hidden) => throw new NotSupportedException();

        public override Tensor forward(Tensor inputIds) => throw new NotSupportedException();

        public override Tensor Prefill(Tensor inputIds, KeyValueCache cache) => throw new NotSupportedException();

        public override Tensor Decode(Tensor inputId, KeyValueCache cache) => throw new NotSupportedException();
    }
}
