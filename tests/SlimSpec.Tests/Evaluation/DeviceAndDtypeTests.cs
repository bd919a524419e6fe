namespace SlimSpec.Tests.Evaluation;

/// <summary>
/// Recovery and evaluation right on a GPU without having one: on the meta device an operation between it and a tensor made
/// elsewhere is an error, and a read of a value too. The forward passes themselves are tested with the generated models.
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

    [Theory]
    [MemberData(nameof(GoldenModels.OnMeta), MemberType = typeof(GoldenModels))]
    public void Loss_and_gradients_are_made_on_the_models_device(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Meta(name, torch.ScalarType.Float32);
        model.RequireGradients(true);
        var loss = MeanLoss(model);
        loss.backward();
        loss.device_type.ShouldBe(DeviceType.META);
        model.Leaves.ShouldAllBe(leaf => leaf.Leaf.grad!.device_type == DeviceType.META);
    }

    [Theory]
    [InlineData("llama-mha")]
    [InlineData("llama-gqa")]
    public void Adapters_are_made_and_merged_on_the_models_device(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var model = Meta(name, torch.ScalarType.BFloat16);
        var tuner = LoraTuner.Attach(model, new() { Dataset = new("none"), LoraTargetModules = ["q_proj", "up_proj"], LoraDropout = 0.1 });
        MeanLoss(model).backward();
        tuner.Tensors.ShouldAllBe(tensor => tensor.Value.device_type == DeviceType.META && tensor.Value.grad!.device_type == DeviceType.META);
        tuner.Merge();
        model.Weights.ShouldAllBe(weight => weight.Value.dtype == torch.ScalarType.BFloat16);
    }

    [Fact]
    public void A_perplexity_in_float64_agrees_with_one_in_float32()
    {
        using var narrow = GoldenModels.Load("llama-gqa");
        using var wide = GoldenModels.Load("llama-gqa", torch.ScalarType.Float64);
        var ids = RandomIds.Rows(1, 256)[0];
        var expected = Perplexity.Measure(wide, ids, 32, "random");
        expected.Dtype.ShouldBe("float64");
        Perplexity.Measure(narrow, ids, 32, "random").Nll.ShouldBe(expected.Nll, 1e-6 * expected.Nll);
    }

    [Fact]
    public void A_perplexity_in_bfloat16_takes_the_softmax_in_float32()
    {
        using var narrow = GoldenModels.Load("llama-gqa");
        using var half = GoldenModels.Load("llama-gqa", torch.ScalarType.BFloat16);
        var ids = RandomIds.Rows(1, 256)[0];
        var expected = Perplexity.Measure(narrow, ids, 32, "random");
        Perplexity.Measure(half, ids, 32, "random").Nll.ShouldBe(expected.Nll, 5e-3 * expected.Nll);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float64)]
    [InlineData(torch.ScalarType.BFloat16)]
    public void Adapters_train_in_other_dtypes(torch.ScalarType dtype)
    {
        using var model = GoldenModels.Load("llama-gqa", dtype);
        var settings = new LoraRecovery { Dataset = new("none"), LoraTargetModules = ["q_proj", "down_proj"], LoraDropout = 0.1, LearningRate = 1e-2, MaxSteps = 15, MicroBatchSize = 4 };
        using var tuner = LoraTuner.Attach(model, settings);
        tuner.Tensors.ShouldAllBe(tensor => tensor.Value.element_size() >= 4); // 16 bits would swallow small steps
        var summary = tuner.Train(settings, RandomIds.Rows(4, 16));
        summary.LastLoss.ShouldBeLessThan(summary.FirstLoss - 0.2);
    }

    private static CausalLM Meta(string name, torch.ScalarType dtype)
    {
        var recipe = GoldenModels.Recipe(name);
        return recipe.CreateModel(recipe.Dense, dtype, torch.META);
    }

    private static torch.Tensor MeanLoss(CausalLM model)
    {
        var ids = Tensors.Of(RandomIds.Rows(2, 16), torch.META);
        return Loss.Mean(model.forward(ids.narrow(1, 0, 15)), ids.narrow(1, 1, 15));
    }
}
