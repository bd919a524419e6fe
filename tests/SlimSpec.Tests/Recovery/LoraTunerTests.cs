namespace SlimSpec.Tests.Recovery;

public sealed class LoraTunerTests : IDisposable
{
    private static readonly LoraRecovery Settings = new()
    {
        Dataset = new("none"),
        LoraTargetModules = ["q_proj", "down_proj"],
        LoraDropout = 0.1,
        LearningRate = 1e-3,
        MaxSteps = 3,
        MicroBatchSize = 2,
        Seed = 7,
    };

    private readonly CausalLM _model = GoldenModels.Load("llama-mha");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void New_adapters_leave_the_output_as_it_is()
    {
        using var noGradients = torch.no_grad();
        using var ids = Tensors.Of(RandomIds.Rows(2, 16));
        using var before = _model.forward(ids);
        using var tuner = LoraTuner.Attach(_model, Settings);
        using var after = _model.forward(ids);
        Tensors.LargestDifference(before, after).ShouldBe(0);
        tuner.TrainableParameters.ShouldBe(4 * 8 * (64 + 64 + 172 + 64));
    }

    [Fact]
    public void A_starts_uniform_within_one_over_the_root_of_its_inputs_and_b_at_zero()
    {
        using var tuner = LoraTuner.Attach(_model, Settings);
        foreach (var (name, value) in tuner.Tensors)
        {
            using var scope = torch.NewDisposeScope();
            var largest = value.detach().abs().max().item<float>();
            var bound = 1 / Math.Sqrt(value.size(1));
            if (name.Contains("lora_B", StringComparison.Ordinal))
            {
                largest.ShouldBe(0, name);
            }
            else
            {
                ((double)largest).ShouldBeInRange(0.95 * bound, bound, name);
            }
        }
    }

    [Fact]
    public void Training_changes_the_adapters_alone()
    {
        var before = _model.Weights.Select(weight => weight.Value.bytes.ToArray()).ToList();
        using var tuner = LoraTuner.Attach(_model, Settings);
        tuner.Train(Settings, RandomIds.Rows(8, 24));
        _model.Weights.Select(weight => weight.Value.bytes.ToArray()).ShouldBe(before);
        foreach (var (name, value) in tuner.Tensors)
        {
            value.bytes.ToArray().ShouldContain(item => item != 0, name);
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_adapters_bit_for_bit()
    {
        var first = Trained(Settings);
        var second = Trained(Settings);
        var other = Trained(Settings with { Seed = 8 });
        second.ShouldBe(first);
        other.ShouldNotBe(first);
    }

    [Fact]
    public void Evaluations_run_without_dropout()
    {
        using var ids = Tensors.Of(RandomIds.Rows(1, 16));
        using var tuner = LoraTuner.Attach(_model, Settings);
        var differences = new List<double>();
        tuner.Train(Settings, RandomIds.Rows(8, 24), new()
        {
            EvaluateEvery = 1,
            Evaluate = () =>
            {
                using var noGradients = torch.no_grad();
                using var once = _model.forward(ids);
                using var twice = _model.forward(ids);
                differences.Add(Tensors.LargestDifference(once, twice));
                return 1;
            },
        });
        differences.ShouldBe([0, 0, 0]);
    }

    [Fact]
    public void Merged_weights_serve_decoding()
    {
        var tuner = LoraTuner.Attach(_model, Settings with { LoraTargetModules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"] });
        tuner.Train(Settings, RandomIds.Rows(8, 24));
        using var noGradients = torch.no_grad();
        using var ids = Tensors.Of(RandomIds.Rows(1, 12));
        using var adapted = _model.forward(ids);
        tuner.Merge();

        using var cache = _model.CreateCache();
        for (var t = 0; t < 12; t++)
        {
            using var scope = torch.NewDisposeScope();
            var logits = _model.Decode(ids.select(0, 0).narrow(0, t, 1), cache);
            Tensors.LargestDifference(logits, adapted.select(0, 0).select(0, t)).ShouldBeLessThan(1e-4);
        }
    }

    [Fact]
    public void Gradients_agree_with_finite_differences()
    {
        using var model = GoldenModels.Load("llama-mha", torch.ScalarType.Float64);
        using var tuner = LoraTuner.Attach(model, Settings);
        using var scope = torch.NewDisposeScope();
        var random = new SeededRandom(5);
        using (torch.no_grad())
        {
            foreach (var (_, value) in tuner.Tensors)
            {
                value.copy_(torch.tensor(Enumerable.Range(0, (int)value.numel()).Select(_ => 0.1 * random.NextNormal()).ToArray()).view(value.size(0), value.size(1)));
            }
        }

        var ids = Tensors.Of(RandomIds.Rows(2, 16));
        torch.Tensor MeanLoss() => Loss.Mean(model.forward(ids.narrow(1, 0, 15)), ids.narrow(1, 1, 15));
        MeanLoss().backward();
        foreach (var (name, value) in tuner.Tensors)
        {
            using var noGradients = torch.no_grad();
            var (row, column) = (random.NextIndex(value.size(0)), random.NextIndex(value.size(1)));
            var element = value.select(0, row).narrow(0, column, 1);
            const double step = 1e-5;
            element.add_(step);
            var up = MeanLoss().item<double>();
            element.sub_(2 * step);
            var down = MeanLoss().item<double>();
            element.add_(step);
            var gradient = value.grad!.select(0, row).narrow(0, column, 1).item<double>();
            gradient.ShouldBe((up - down) / (2 * step), 1e-8 + (1e-5 * Math.Abs(gradient)), name);
        }
    }

    [Fact]
    public void A_model_compiled_without_a_lora_step_says_so()
    {
        using var model = new Stories3M.Model(Stories3M.Shape.Dense, torch.ScalarType.Float32, torch.META);
        Should.Throw<SlimException>(() => LoraTuner.Attach(model, Settings)).Message.ShouldContain("compiled without a LoRA step");
    }

    [Fact]
    public void An_unknown_target_is_named_with_the_nearest_one()
    {
        var failure = Should.Throw<SlimException>(() => LoraTuner.Attach(_model, Settings with { LoraTargetModules = ["q_prj"] }));
        failure.Message.ShouldContain("'q_prj'");
        failure.Message.ShouldContain("did you mean 'q_proj'?");
    }

    [Fact]
    public void A_model_carries_one_set_of_adapters()
    {
        using var tuner = LoraTuner.Attach(_model, Settings);
        Should.Throw<SlimException>(() => LoraTuner.Attach(_model, Settings)).Message.ShouldContain("adapters already");
    }

    [Fact]
    public void Adapters_of_another_model_are_refused_and_leave_nothing_attached()
    {
        using var folder = new TemporaryFolder();
        var config = File.ReadAllText(TestFiles.Golden("lora-llama-mha/adapter_config.json"));
        File.WriteAllText(folder["adapter_config.json"], config.Replace("\"r\": 8", "\"r\": 4", StringComparison.Ordinal));
        File.Copy(TestFiles.Golden("lora-llama-mha/adapter_model.safetensors"), folder["adapter_model.safetensors"]);
        Should.Throw<SlimException>(() => LoraTuner.Load(_model, folder.Path)).Message.ShouldContain("[8, 64], expected [4, 64]");
        _model.Layers.SelectMany(layer => layer.LoraTargets).ShouldAllBe(target => target.Adapter == null);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"r": "8", "lora_alpha": 16, "target_modules": ["q_proj"]}""")]
    [InlineData("""{"r": 8, "lora_alpha": 16, "target_modules": ".*_proj"}""")]
    [InlineData("""{"r": 8, "lora_alpha": 16, "target_modules": ["q_proj"], "use_rslora": true}""")]
    [InlineData("{")]
    public void A_configuration_that_cannot_be_used_is_named(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["adapter_config.json"], json);
        Should.Throw<SlimException>(() => LoraTuner.Load(_model, folder.Path)).Message.ShouldStartWith(folder["adapter_config.json"]);
    }

    private byte[][] Trained(LoraRecovery settings)
    {
        using var tuner = LoraTuner.Attach(_model, settings);
        tuner.Train(settings, RandomIds.Rows(8, 24));
        return [.. tuner.Tensors.Select(tensor => tensor.Value.bytes.ToArray())];
    }
}
