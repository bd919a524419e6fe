using static TorchSharp.torch;

namespace SlimSpec.Tests.Checkpoints;

/// <summary>ALiBi slopes are in a checkpoint where heads have been cut, and nowhere else.</summary>
public sealed class AlibiCheckpointTests : IDisposable
{
    private const string Slopes = "h.0.alibi_slopes";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Slopes_that_follow_the_formula_are_not_written_and_need_not_be_there()
    {
        using var model = NewModel();
        Save(model);
        Names().ShouldBe(["w.weight"]);
        ShouldReload(model);
    }

    [Fact]
    public void Slopes_of_surviving_heads_are_written_in_their_own_dtype_and_read_back()
    {
        using var model = NewModel();
        using var kept = tensor(new[] { 0.3f, 0.1f, 0.01f });
        model.Layers[0].Slopes[0].Values.copy_(kept);
        Save(model, ScalarType.BFloat16);
        Names().ShouldBe(["w.weight", Slopes]);
        ShouldReload(model);
        using var folder = HuggingFaceFolder.Open(_folder["out"]);
        folder.StoredDtype.ShouldBe(ScalarType.BFloat16);
    }

    [Fact]
    public void Slopes_of_another_number_of_heads_are_named()
    {
        using var model = NewModel(heads: 4);
        model.Layers[0].Slopes[0].Values.zero_();
        Save(model);
        using var other = NewModel();
        using var folder = HuggingFaceFolder.Open(_folder["out"]);
        Should.Throw<SlimException>(() => folder.LoadInto(other)).Message.ShouldContain($"tensor '{Slopes}' has shape [4], but the model's is [3]");
    }

    private static FakeModel NewModel(int heads = 3)
    {
        var model = new FakeModel([WeightLeaf.Matrix(2, ScalarType.Float32, CPU, ("w.weight", 2))], new FakeLayer() { Alibi = new(Slopes, heads, ScalarType.Float32, CPU) });
        model.OuterLeaves[0].Leaf.fill_(0.5);
        return model;
    }

    private void Save(CausalLM model, ScalarType? dtype = null)
    {
        using var source = HuggingFaceFolder.Open(TestFiles.Golden("llama-mha"));
        HuggingFaceFolder.Save(model, LlamaMha.Instance, source, _folder["out"], dtype);
    }

    private IReadOnlyList<string> Names()
    {
        using var file = SafetensorsFile.Open(_folder["out/model.safetensors"]);
        return file.Names;
    }

    private void ShouldReload(CausalLM model)
    {
        using var again = NewModel();
        using var folder = HuggingFaceFolder.Open(_folder["out"]);
        folder.LoadInto(again);
        Tensors.LargestDifference(again.Layers[0].Slopes[0].Values, model.Layers[0].Slopes[0].Values).ShouldBe(0);
        Tensors.LargestDifference(again.OuterLeaves[0].Leaf, model.OuterLeaves[0].Leaf).ShouldBe(0);
    }
}
