using System.Text.Json;
namespace SlimSpec.Tests.Recovery;

/// <summary>Against PEFT and torch.optim.AdamW: goldens/lora-llama-mha.</summary>
public sealed class LoraGoldenTests : IDisposable
{
    private static readonly JsonElement Golden = TestFiles.GoldenJson("lora-llama-mha/golden.json");
    private static readonly LoraRecovery Settings = new()
    {
        Dataset = new("golden"),
        LoraTargetModules = [],
        LearningRate = 1e-3,
        LrScheduler = LearningRateSchedule.Constant,
        MaxSteps = 5,
        MicroBatchSize = 4,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly CausalLM _model = GoldenModels.Load("llama-mha");
    private readonly LoraTuner _tuner;

    public LoraGoldenTests()
    {
        File.Copy(TestFiles.Golden("lora-llama-mha/adapter_config.json"), _folder["adapter_config.json"]);
        File.Copy(TestFiles.Golden("lora-llama-mha/adapter_start.safetensors"), _folder["adapter_model.safetensors"]);
        _tuner = LoraTuner.Load(_model, _folder.Path);
    }

    public void Dispose()
    {
        _tuner.Dispose();
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Five_steps_give_the_golden_losses_and_gradient_norms()
    {
        var metrics = Train();
        metrics.Select(metric => metric.Loss).ShouldBe(Golden.GetProperty("losses_before_each_step").Doubles(), 1e-5);
        metrics.Select(metric => metric.GradNorm).ShouldBe(Golden.GetProperty("grad_norm_before_clip").Doubles(), 1e-4);
        _tuner.TrainableParameters.ShouldBe(Golden.GetProperty("trainable_parameters").GetInt64());
    }

    [Fact]
    public void Five_steps_give_the_golden_adapter_weights()
    {
        Train();
        using var file = SafetensorsFile.Open(TestFiles.Golden("lora-llama-mha/adapter_model.safetensors"));
        var tensors = _tuner.Tensors.ToList();
        tensors.Select(tensor => tensor.Name).ShouldBe(file.Names, ignoreOrder: true);
        foreach (var (name, value) in tensors)
        {
            using var expected = file.Load(name);
            Tensors.LargestDifference(value, expected).ShouldBeLessThan(1e-4, name);
        }
    }

    [Fact]
    public void Five_steps_give_the_golden_logits_with_adapters_and_merged()
    {
        Train();
        using var noGradients = torch.no_grad();
        using var file = SafetensorsFile.Open(TestFiles.Golden("lora-llama-mha/golden.safetensors"));
        using var expected = file.Load("logits_after");
        using var ids = Tensors.Of(TestFiles.GoldenJson("llama-mha/golden.json").GetProperty("input_ids").Rows());
        using var adapted = _model.forward(ids);
        Tensors.LargestDifference(adapted, expected).ShouldBeLessThan(1e-4);

        _tuner.Merge();
        using var merged = _model.forward(ids);
        Tensors.LargestDifference(merged, adapted).ShouldBeLessThan(1e-5);
        _model.Layers.SelectMany(layer => layer.LoraTargets).ShouldAllBe(target => target.Adapter == null);
    }

    [Fact]
    public void The_gradients_of_the_first_step_are_the_golden_ones()
    {
        using var scope = torch.NewDisposeScope();
        var ids = Tensors.Of(Golden.GetProperty("ids").Rows());
        Loss.Mean(_model.forward(ids.narrow(1, 0, 31)), ids.narrow(1, 1, 31)).backward();

        foreach (var (name, value) in _tuner.Tensors)
        {
            var expected = Golden.GetProperty("grads_step0").GetProperty(name);
            var gradient = value.grad!.to(torch.ScalarType.Float64).flatten();
            var l2 = expected.GetProperty("l2").GetDouble();
            var phase = torch.arange(gradient.numel(), dtype: torch.ScalarType.Float64) * 0.1 + 0.5;
            gradient.norm().item<double>().ShouldBe(l2, 1e-4 * l2, name);
            (gradient * phase.cos()).sum().item<double>().ShouldBe(expected.GetProperty("proj").GetDouble(), 1e-4 * l2, name);
        }
    }

    [Fact]
    public void Saved_adapters_load_to_the_same_bytes()
    {
        Train();
        var saved = _folder["saved"];
        _tuner.Save(saved);
        var before = _tuner.Tensors.Select(tensor => tensor.Value.bytes.ToArray()).ToList();
        _tuner.Dispose();

        using var again = LoraTuner.Load(_model, saved);
        again.Tensors.Select(tensor => tensor.Value.bytes.ToArray()).ShouldBe(before);
        again.Configuration.Alpha.ShouldBe(16);
        again.Configuration.TargetModules.Count.ShouldBe(7);
    }

    private List<TrainingMetric> Train()
    {
        var metrics = new List<TrainingMetric>();
        _tuner.Train(Settings, Golden.GetProperty("ids").Rows(), new() { OnStep = metrics.Add });
        return metrics;
    }
}
