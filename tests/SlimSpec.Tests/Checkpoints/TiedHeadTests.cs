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
        using var model = TiedModel();
        Load(model, ("embed.weight", embedding));
        Tensors.LargestDifference(model.OuterLeaves[0].Leaf, embedding).ShouldBe(0);
        Load(model, ("embed.weight", embedding), ("head.weight", embedding));
    }

    [Fact]
    public void A_tied_head_that_differs_is_named()
    {
        using var scope = NewDisposeScope();
        using var model = TiedModel();
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

    private static FakeModel TiedModel() => new([WeightLeaf.Matrix(64, ScalarType.Float32, CPU, ("embed.weight", 256))]);
}
