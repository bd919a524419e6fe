using static TorchSharp.torch;

namespace SlimSpec.Tests.Families;

/// <summary>What every family's generated model computes, against transformers.</summary>
public class FamilyForwardTests
{
    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Logits_equal_those_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        var golden = new FamilyGolden(name);

        Tensors.LargestDifference(model.forward(golden.Ids), golden.Tensor("logits")).ShouldBeLessThan(1e-4);
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Loss_and_gradients_equal_those_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using var model = GoldenModels.Load(name);
        var golden = new FamilyGolden(name);
        model.RequireGradients(true);

        var loss = FamilyGolden.NextTokenLoss(model.forward(golden.Ids), golden.Labels);
        loss.backward();

        Math.Abs(loss.item<float>() - golden.Loss).ShouldBeLessThan(1e-5);
        var expected = golden.Gradients;
        var floor = 1e-4 * expected.Values.Max(weight => weight.Norm); // some biases' gradients are zero but for rounding
        var gradients = model.Leaves.SelectMany(leaf => leaf.Tensors.Select(tensor => (tensor.Name, Value: tensor.Pack(leaf.Leaf.grad!)))).ToList();
        gradients.Select(gradient => gradient.Name).ShouldBe(expected.Keys, ignoreOrder: true);
        foreach (var (tensor, gradient) in gradients)
        {
            var (norm, projection) = expected[tensor];
            Math.Abs(gradient.to(ScalarType.Float64).norm().item<double>() - norm).ShouldBeLessThan((1e-4 * norm) + floor, tensor);
            Math.Abs(FamilyGolden.Project(gradient) - projection).ShouldBeLessThan((1e-4 * norm) + floor, tensor);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Padded), MemberType = typeof(GoldenModels))]
    public void Padding_on_the_right_does_not_reach_the_tokens_before_it(string name)
    {
        var golden = new FamilyGolden(name);
        var padded = golden.Find("padded")!.Value;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        var labels = golden.Ids.masked_fill(Tensors.Of(padded.GetProperty("attention_mask").Rows()).eq(0), Loss.Ignored);

        var logits = model.forward(golden.Ids);

        Tensors.LargestDifference(logits[1].narrow(0, 0, 13), golden.Tensor("logits_padded_row1_valid")).ShouldBeLessThan(1e-4);
        var loss = FamilyGolden.NextTokenLoss(logits, labels).item<float>();
        Math.Abs(loss - padded.GetProperty("loss_labels_minus100_on_pad").GetDouble()).ShouldBeLessThan(1e-5);
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Layer_by_layer_equals_the_whole_and_each_layers_logit_lens_is_that_of_transformers(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var model = GoldenModels.Load(name);
        var golden = new FamilyGolden(name);
        var lens = golden.Find("logit_lens_last_token")?.EnumerateArray().ToList();

        using var pass = model.Begin(golden.Ids);
        var hidden = model.Embed(golden.Ids, pass);
        for (var layer = 0; layer < model.Layers.Count; layer++)
        {
            hidden = model.RunLayer(layer, hidden, pass);
            if (lens is not null)
            {
                var last = hidden.narrow(1, 19, 1);
                var norms = last.square().sum([2]).sqrt().flatten();
                var top = model.Head(last).argmax(2).flatten();
                for (var row = 0; row < 2; row++)
                {
                    var norm = lens[layer].GetProperty("hidden_l2_last")[row].GetDouble();
                    norms[row].item<float>().ShouldBe((float)norm, (float)(1e-5 * norm));
                    if (lens[layer].GetProperty("gap_logit")[row].GetDouble() > 1e-3)
                    {
                        top[row].item<long>().ShouldBe(lens[layer].GetProperty("top1")[row].GetInt64(), $"layer {layer}");
                    }
                }
            }
        }

        Tensors.LargestDifference(model.Head(hidden), model.forward(golden.Ids)).ShouldBeLessThan(1e-5);
    }

    [Theory]
    [MemberData(nameof(GoldenModels.Names), MemberType = typeof(GoldenModels))]
    public void Other_dtypes_agree_as_far_as_they_can(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var golden = new FamilyGolden(name);
        var reference = golden.Tensor("logits");
        var spread = reference.std().item<float>();
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float64, 1e-4), (ScalarType.BFloat16, 0.25 * spread) })
        {
            using var model = GoldenModels.Load(name, dtype);
            using var cache = model.CreateCache();

            var logits = model.forward(golden.Ids);
            var first = golden.Ids.narrow(0, 0, 1);
            model.Prefill(first.narrow(1, 0, 19), cache);
            var next = model.Decode(first.select(0, 0).narrow(0, 19, 1), cache);

            logits.dtype.ShouldBe(dtype);
            next.dtype.ShouldBe(dtype);
            Tensors.LargestDifference(logits, reference).ShouldBeLessThan(tolerance);
            Tensors.LargestDifference(next, reference[0, 19]).ShouldBeLessThan(tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(GoldenModels.OnMeta), MemberType = typeof(GoldenModels))]
    public void Every_tensor_is_made_on_the_models_device(string name)
    {
        using var scope = NewDisposeScope();
        var recipe = GoldenModels.Recipe(name);
        using var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, META);
        using var cache = model.CreateCache();
        var ids = empty([2, 9], dtype: ScalarType.Int64, device: META);
        model.RequireGradients(true);

        var logits = model.forward(ids);
        var loss = Loss.Mean(logits, ids);
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
    public void The_shape_counts_every_parameter_of_the_model(string name)
    {
        var recipe = GoldenModels.Recipe(name);
        using var model = recipe.CreateModel(recipe.Dense, ScalarType.Float32, META);

        recipe.Dense.Parameters.ShouldBe(model.Leaves.Sum(leaf => leaf.Leaf.numel()));
    }
}
