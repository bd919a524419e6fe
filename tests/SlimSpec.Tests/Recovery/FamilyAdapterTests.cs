using SlimSpec.Tests.Families;
using static TorchSharp.torch;

namespace SlimSpec.Tests.Recovery;

/// <summary>Random weights and adapters, whatever a family packs, transposes or interleaves.</summary>
public sealed class FamilyAdapterTests : IDisposable
{
    private static readonly string[] ResidualWriters = ["o_proj", "down_proj", "c_proj", "out_proj", "fc2", "fc_out", "dense", "dense_4h_to_h"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Goldens whose recipes have places for adapters.</summary>
    public static TheoryData<string> Adapted => ["llama-gqa", "gpt2", "bloom", "phi3"];

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Random_weights_follow_their_role(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var recipe = GoldenModels.Recipe(name);
        using var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, CPU);
        WeightInitializer.Fill(model, recipe, 0);
        foreach (var tensor in model.Tensors)
        {
            var writes = tensor.Name.Contains("layers.", StringComparison.Ordinal) || tensor.Name.Contains(".h.", StringComparison.Ordinal)
                ? ResidualWriters.Contains(tensor.Name.Split('.')[^2]) : false;
            var (mean, deviation) = tensor.Shape.Length == 2 ? (0, 0.02 / (writes ? Math.Sqrt(2 * model.Layers.Count) : 1))
                : tensor.Name.EndsWith(".bias", StringComparison.Ordinal) || name == "gemma" ? (0, 0)
                : (1, 0);
            var values = tensor.Value.to(ScalarType.Float64);
            values.mean().item<double>().ShouldBe(mean, 1e-12 + (0.1 * deviation), tensor.Name);
            (values - mean).square().mean().sqrt().item<double>().ShouldBe(deviation, 1e-12 + (0.1 * deviation), tensor.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Adapted))]
    public void Adapters_of_all_linears_train_save_load_and_merge(string name)
    {
        using var scope = NewDisposeScope();
        using var model = GoldenModels.Load(name);
        var targets = model.Layers[0].LoraTargets.Select(target => target.Name).Distinct().ToList();
        targets.Count.ShouldBe(model.Layers[0].Leaves.SelectMany(leaf => leaf.Tensors).Where(tensor => tensor.Shape.Length == 2).Select(tensor => tensor.Name.Split('.')[^2]).Distinct().Count());
        var settings = new LoraRecovery { Dataset = new("none"), LoraTargetModules = targets, LearningRate = 1e-2, MaxSteps = 3, MicroBatchSize = 2 };
        using (var tuner = LoraTuner.Attach(model, settings))
        {
            tuner.Train(settings, RandomIds.Rows(8, 24));
            tuner.Save(_folder["adapter"]);
        }

        using var noGradients = no_grad();
        var ids = new FamilyGolden(name).Ids;
        var plain = model.forward(ids);
        var stored = model.Tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Value.clone());
        var again = LoraTuner.Load(model, _folder["adapter"]);
        var adapted = model.forward(ids);
        Tensors.LargestDifference(adapted, plain).ShouldBeGreaterThan(1e-2);
        again.Merge();
        Tensors.LargestDifference(model.forward(ids), adapted).ShouldBeLessThan(1e-4);
        ShouldBeMergedAsPeftDoes(model, stored, settings.LoraAlpha / settings.LoraR);
    }

    // PEFT: stored weight + scale * B A, turned round where the layer stores [in, out].
    private void ShouldBeMergedAsPeftDoes(CausalLM model, Dictionary<string, Tensor> stored, double scale)
    {
        using var file = SafetensorsFile.Open(_folder["adapter/adapter_model.safetensors"]);
        foreach (var target in model.Layers.SelectMany(layer => layer.LoraTargets))
        {
            var tensor = model.Tensors.Single(each => each.Name == target.Weight.Name);
            var module = $"base_model.model.{tensor.Name[..^".weight".Length]}";
            var delta = file.Load($"{module}.lora_B.weight").mm(file.Load($"{module}.lora_A.weight")) * scale;
            Tensors.LargestDifference(tensor.Value, stored[tensor.Name] + (tensor.IsTransposed ? delta.t() : delta)).ShouldBeLessThan(1e-5, tensor.Name);
        }
    }
}
