namespace SlimSpec.Tests.Models;

/// <summary>What generated models are, whatever their family; what they compute is in <see cref="Families.FamilyForwardTests"/>.</summary>
public class GeneratedModelTests
{
    [Fact]
    public void A_model_that_first_ran_in_inference_mode_still_trains()
    {
        using var scope = torch.NewDisposeScope();
        using var model = GoldenModels.Load("llama-mha");
        var ids = RandomLlama.Ids(2, 20);
        using (torch.inference_mode())
        {
            model.call(ids);
        }

        model.RequireGradients(true);
        model.call(ids).sum().backward();

        model.Leaves.ShouldAllBe(leaf => !ReferenceEquals(leaf.Leaf.grad, null));
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
}
