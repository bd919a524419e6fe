namespace SlimSpec.Tests.Models;

/// <summary>What generated models compute, against transformers.</summary>
public class GeneratedForwardTests
{
    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Logits_equal_those_of_transformers(string golden)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var model = GoldenModels.Load(golden);
        using var expected = SafetensorsFile.Open(TestFiles.Golden($"{golden}/golden.safetensors"));

        var logits = model.call(Ids(golden));

        Tensors.LargestDifference(logits, expected.Load("logits")).ShouldBeLessThan(1e-4);
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Loss_and_gradients_equal_those_of_transformers(string golden)
    {
        using var scope = torch.NewDisposeScope();
        using var model = GoldenModels.Load(golden);
        var json = TestFiles.GoldenJson($"{golden}/golden.json");
        model.RequireGradients(true);

        var ids = Ids(golden);
        var logits = model.call(ids).narrow(1, 0, ids.size(1) - 1);
        var loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.size(-1)), ids.narrow(1, 1, ids.size(1) - 1).reshape(-1));
        loss.backward();

        loss.item<float>().ShouldBe(json.GetProperty("loss").GetSingle(), 1e-5f);
        var expected = json.GetProperty("grads");
        var largest = expected.EnumerateObject().Max(weight => weight.Value.GetProperty("l2").GetDouble());
        foreach (var (weight, gradient) in model.Leaves.SelectMany(leaf => leaf.Split(leaf.Leaf.grad!)))
        {
            var norm = gradient.to(torch.ScalarType.Float64).norm().item<double>();
            var golden64 = expected.GetProperty(weight.Name).GetProperty("l2").GetDouble();
            Math.Abs(norm - golden64).ShouldBeLessThan((1e-3 * golden64) + (1e-4 * largest), weight.Name);
            var projected = Projection(gradient);
            var goldenProjection = expected.GetProperty(weight.Name).GetProperty("proj").GetDouble();
            Math.Abs(projected - goldenProjection).ShouldBeLessThan((1e-3 * golden64) + (1e-4 * largest), weight.Name);
        }
    }

    [Fact]
    public void A_model_that_first_ran_in_inference_mode_still_trains()
    {
        using var scope = torch.NewDisposeScope();
        using var model = GoldenModels.Load("llama-mha");
        var ids = Ids("llama-mha");
        using (torch.inference_mode())
        {
            model.call(ids);
        }

        model.RequireGradients(true);
        model.call(ids).sum().backward();

        model.Leaves.ShouldAllBe(leaf => !ReferenceEquals(leaf.Leaf.grad, null));
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Cached_decode_and_layer_at_a_time_equal_the_full_forward(string golden)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var model = GoldenModels.Load(golden);
        var ids = Ids(golden).narrow(0, 0, 1);
        var full = model.call(ids);

        using var pass = model.Begin(ids);
        var hidden = model.Embed(ids, pass);
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            hidden = model.RunLayer(layer, hidden, pass);
        }

        Tensors.LargestDifference(model.Head(hidden), full).ShouldBeLessThan(1e-5);

        // A capacity below the length makes the cache grow on the way; a second prompt piece meets a filled cache.
        using var cache = model.CreateCache(capacity: 4);
        Tensors.LargestDifference(model.Prefill(ids.narrow(1, 0, 3), cache), full.select(1, 2)).ShouldBeLessThan(1e-5);
        Tensors.LargestDifference(model.Prefill(ids.narrow(1, 3, 5), cache), full.select(1, 7)).ShouldBeLessThan(1e-5);
        for (var position = 8; position < ids.size(1); position++)
        {
            var logits = model.Decode(ids.select(0, 0).narrow(0, position, 1), cache);
            Tensors.LargestDifference(logits, full[0, position]).ShouldBeLessThan(1e-5, $"position {position}");
        }

        cache.Length.ShouldBe(ids.size(1));
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Every_tensor_is_made_on_the_models_device(string golden)
    {
        using var scope = torch.NewDisposeScope();
        var recipe = GoldenModels.Recipe(golden);
        using var model = recipe.CreateModel(recipe.Dense, torch.ScalarType.Float32, torch.META);
        using var cache = model.CreateCache();
        var ids = torch.empty([2, 9], dtype: torch.ScalarType.Int64, device: torch.META);
        model.RequireGradients(true);

        var logits = model.call(ids);
        var loss = torch.nn.functional.cross_entropy(logits.reshape(-1, logits.size(-1)), ids.reshape(-1));
        model.RequireGradients(false);
        model.Prefill(ids.narrow(0, 0, 1), cache);
        var next = model.Decode(ids.select(0, 0).narrow(0, 0, 1), cache);

        logits.shape.ShouldBe([2, 9, recipe.Dense.VocabularySize]);
        logits.device_type.ShouldBe(DeviceType.META);
        loss.device_type.ShouldBe(DeviceType.META);
        next.shape.ShouldBe([recipe.Dense.VocabularySize]);
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Other_dtypes_agree_as_far_as_they_can(string golden)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var model = GoldenModels.Load(golden);
        var reference = model.call(Ids(golden));
        foreach (var (dtype, tolerance) in new[] { (torch.ScalarType.Float64, 1e-4), (torch.ScalarType.BFloat16, 0.5) })
        {
            using var other = GoldenModels.Load(golden, dtype);
            var logits = other.call(Ids(golden));
            using var cache = other.CreateCache();
            other.Prefill(Ids(golden).narrow(0, 0, 1).narrow(1, 0, 19), cache);
            var next = other.Decode(Ids(golden).select(0, 0).narrow(0, 19, 1), cache);

            logits.dtype.ShouldBe(dtype);
            next.dtype.ShouldBe(dtype);
            Tensors.LargestDifference(logits, reference).ShouldBeLessThan(tolerance);
            Tensors.LargestDifference(next, reference[0, 19]).ShouldBeLessThan(tolerance);
        }
    }

    [Fact]
    public void A_model_knows_its_parameters_and_its_cost()
    {
        var shape = (LlamaGqa.Shape)LlamaGqa.Instance.Dense;
        using var model = new LlamaGqa.Model(shape, torch.ScalarType.Float32, torch.META);

        shape.Parameters.ShouldBe(model.Weights.Sum(weight => weight.Value.numel()));
        model.parameters().Count().ShouldBe(model.Weights.Count());
        shape.CacheElementsPerToken.ShouldBe(4 * 2 * 2 * 8);
        shape.MultiplyAccumulates(1).ShouldBe(
            (4 * ((4 * 64) + (64 * 2 * (8 + 2) * 8) + (2 * (8 + 2) * 8) + (8 * ((2 * 8) + 1)) + (3 * 64 * 172) + 172)) + (2 * 64) + (64 * 256));
        shape.Cost(3, 1).ShouldBe(new(
            model.Layers[3].Weights.Sum(weight => weight.Value.numel()), (shape.MultiplyAccumulates(1) - (2 * 64) - (64 * 256)) / 4, 2 * 2 * 8));
    }

    [Fact]
    public void A_model_is_not_moved()
    {
        using var model = new LlamaGqa.Model(LlamaGqa.Shape.Dense, torch.ScalarType.Float32, torch.META);

        Should.Throw<InvalidOperationException>(() => model.to(torch.ScalarType.Float64)).Message.ShouldContain("make it on the device");
    }

    private static torch.Tensor Ids(string golden) => Tensors.Of(TestFiles.GoldenJson($"{golden}/golden.json").GetProperty("input_ids").Rows());

    // The goldens' own weighting, which sees transposes and permutations that a norm cannot see.
    private static double Projection(torch.Tensor gradient)
    {
        var flat = gradient.to(torch.ScalarType.Float64).flatten();
        return (flat * (torch.arange(flat.numel(), dtype: torch.ScalarType.Float64) * 0.1 + 0.5).cos()).sum().item<double>();
    }
}
