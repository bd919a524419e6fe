using SlimSpec.Tests.SampleModel;

namespace SlimSpec.Tests.Evaluation;

/// <summary>
/// Right on a GPU without having one: on the meta device an operation between it and a tensor made elsewhere is an error,
/// and a read of a value too.
/// </summary>
public class DeviceAndDtypeTests
{
    [Fact]
    public void The_meta_device_tells_tensors_made_elsewhere()
    {
        using var scope = torch.NewDisposeScope();
        var meta = torch.ones([2, 2], device: torch.META);
        Should.Throw<Exception>(() => meta * torch.ones([2, 2]));
        Should.Throw<Exception>(() => meta.sum().item<float>());
    }

    [Fact]
    public void Everything_a_forward_pass_makes_is_on_the_models_device()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Sample.Model(Sample.Shape.Dense, torch.ScalarType.Float32, torch.META);
        var ids = Tensors.Of(RandomIds.Rows(2, 16), torch.META);
        model.RequireGradients(true);
        var loss = Loss.Mean(model.forward(ids.narrow(1, 0, 15)), ids.narrow(1, 1, 15));
        loss.backward();
        loss.device_type.ShouldBe(DeviceType.META);
        model.Leaves.ShouldAllBe(leaf => leaf.Leaf.grad!.device_type == DeviceType.META);
    }

    [Fact]
    public void Everything_decoding_makes_is_on_the_models_device()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var model = new Sample.Model(Sample.Shape.Dense, torch.ScalarType.Float32, torch.META);
        using var cache = model.CreateCache(capacity: 4);
        model.Prefill(Tensors.Of(RandomIds.Rows(1, 6), torch.META), cache).device_type.ShouldBe(DeviceType.META);
        model.Prefill(Tensors.Of(RandomIds.Rows(1, 3), torch.META), cache).shape.ShouldBe([1, 256]);
        model.Decode(Tensors.Of(RandomIds.Rows(1, 1), torch.META).view(1), cache).shape.ShouldBe([256]);
        cache.Length.ShouldBe(10);
    }

    [Fact]
    public void Everything_layer_by_layer_is_on_the_models_device()
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var model = new Sample.Model(Sample.Shape.Dense, torch.ScalarType.BFloat16, torch.META);
        var hidden = model.Embed(Tensors.Of(RandomIds.Rows(2, 16), torch.META));
        for (var layer = 0; layer < 4; layer++)
        {
            hidden = model.RunLayer(layer, hidden);
        }

        var logits = model.Head(hidden);
        logits.device_type.ShouldBe(DeviceType.META);
        logits.dtype.ShouldBe(torch.ScalarType.BFloat16);
    }

    [Fact]
    public void Adapters_are_made_trained_and_merged_on_the_models_device()
    {
        using var scope = torch.NewDisposeScope();
        using var model = new Sample.Model(Sample.Shape.Dense, torch.ScalarType.Float32, torch.META);
        var tuner = LoraTuner.Attach(model, new() { Dataset = new("none"), LoraTargetModules = ["q_proj", "up_proj"], LoraDropout = 0.1 });
        var ids = Tensors.Of(RandomIds.Rows(2, 16), torch.META);
        Loss.Mean(model.forward(ids.narrow(1, 0, 15)), ids.narrow(1, 1, 15)).backward();
        tuner.Tensors.ShouldAllBe(tensor => tensor.Value.device_type == DeviceType.META && tensor.Value.grad!.device_type == DeviceType.META);
        tuner.Merge();
    }

    [Theory]
    [InlineData(torch.ScalarType.Float64, 1e-4)]
    [InlineData(torch.ScalarType.BFloat16, 0.15)]
    public void Forward_decode_and_loss_run_in_other_dtypes(torch.ScalarType dtype, double tolerance)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var reference = SampleWeights.Load();
        using var model = SampleWeights.Load(dtype);
        var ids = Tensors.Of(RandomIds.Rows(1, 16));
        var expected = reference.forward(ids);
        var logits = model.forward(ids);
        logits.dtype.ShouldBe(dtype);
        Tensors.LargestDifference(logits, expected).ShouldBeLessThan(tolerance);

        using var cache = model.CreateCache();
        model.Prefill(ids.narrow(1, 0, 15), cache);
        var decoded = model.Decode(ids.narrow(1, 15, 1).view(1), cache);
        decoded.dtype.ShouldBe(dtype);
        Tensors.LargestDifference(decoded, expected[0, 15]).ShouldBeLessThan(tolerance);

        var targets = ids.narrow(1, 1, 15);
        var loss = Loss.Mean(model.forward(ids.narrow(1, 0, 15)), targets).to(torch.ScalarType.Float64).item<double>();
        loss.ShouldBe(Loss.Mean(reference.forward(ids.narrow(1, 0, 15)), targets).item<float>(), tolerance);
        Perplexity.Measure(model, RandomIds.Rows(1, 64)[0], 16, "random").Dtype.ShouldBe(dtype.ToString().ToLowerInvariant());
    }

    [Theory]
    [InlineData(torch.ScalarType.Float64)]
    [InlineData(torch.ScalarType.BFloat16)]
    public void Adapters_train_in_other_dtypes(torch.ScalarType dtype)
    {
        using var model = SampleWeights.Load(dtype);
        var settings = new LoraRecovery { Dataset = new("none"), LoraTargetModules = ["q_proj", "down_proj"], LoraDropout = 0.1, LearningRate = 1e-2, MaxSteps = 15, MicroBatchSize = 4 };
        using var tuner = LoraTuner.Attach(model, settings);
        tuner.Tensors.ShouldAllBe(tensor => tensor.Value.element_size() >= 4); // 16 bits would swallow small steps
        var summary = tuner.Train(settings, RandomIds.Rows(4, 16));
        summary.LastLoss.ShouldBeLessThan(summary.FirstLoss - 0.2);
    }
}
