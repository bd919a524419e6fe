using System.Text.Json;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Recovery;

/// <summary>Adapters of weights that a checkpoint stores as one tensor, in another order than the model's or transposed.</summary>
public sealed class PackedLoraTests : IDisposable
{
    private static readonly LoraRecovery Settings = new() { Dataset = new("none"), LoraTargetModules = ["query_key_value"], LoraR = 2, LoraAlpha = 6 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    public void A_saved_adapter_merges_into_the_stored_weight_as_peft_merges_it(bool transposed, int units)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        using var model = NewModel(transposed, units);
        var tensor = model.Tensors.ShouldHaveSingleItem();
        var before = tensor.Value.clone();
        var tuner = Attach(model);
        tuner.Save(_folder["adapter"]);
        tuner.Merge();

        // PEFT: weight + scale * B A, turned round where the layer is fan_in_fan_out.
        using var file = SafetensorsFile.Open(_folder["adapter/adapter_model.safetensors"]);
        var a = file.Load("base_model.model.h.0.query_key_value.lora_A.weight");
        var b = file.Load("base_model.model.h.0.query_key_value.lora_B.weight");
        var delta = b.mm(a) * 3;
        Tensors.LargestDifference(tensor.Value, before + (transposed ? delta.t() : delta)).ShouldBeLessThan(1e-6);
        using var config = JsonDocument.Parse(File.ReadAllText(_folder["adapter/adapter_config.json"]));
        config.RootElement.GetProperty("fan_in_fan_out").GetBoolean().ShouldBe(transposed);
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    public void Saved_adapters_load_to_the_same_values(bool transposed, int units)
    {
        using var scope = NewDisposeScope();
        using var model = NewModel(transposed, units);
        var tuner = Attach(model);
        tuner.Save(_folder["adapter"]);
        var before = tuner.Tensors.Select(tensor => tensor.Value.bytes.ToArray()).ToList();
        tuner.Dispose();
        using var again = LoraTuner.Load(model, _folder["adapter"]);
        again.Tensors.Select(tensor => tensor.Value.bytes.ToArray()).ShouldBe(before);
    }

    private static FakeModel NewModel(bool transposed, int units) =>
        new FakeModel([], new FakeLayer(WeightLeaf.Packed("h.0.query_key_value.weight", new(transposed, units), 3, ScalarType.Float32, CPU, ("q", 4), ("k", 2), ("v", 2)))).Fill();

    private static LoraTuner Attach(CausalLM model)
    {
        using var noGradients = no_grad();
        var tuner = LoraTuner.Attach(model, Settings);
        foreach (var (_, value) in tuner.Tensors)
        {
            value.normal_();
        }

        return tuner;
    }
}
